/**
 * Publishing where there are no hard links: the name is taken first and the content written after, so for a moment the
 * name holds half a release. That half must neither be stepped over by another writer, who would publish beside it,
 * nor block for ever when its writer has died. So a young half is waited for, and whoever has written looks again:
 * of two who both wrote at least one takes its release back.
 */
import type { Release } from '../../schemas/index.ts'
import { createExclusive, removeIfThere } from './atomic-files.ts'
import { ageOf } from './folder.ts'

export interface InPlacePublication {
  readonly revision: number
  readonly expectedHead: number | null
  readonly text: string
  readonly pathOf: (revision: number) => string
  /** Every number in use, newest first. */
  readonly revisions: () => Promise<readonly number[]>
  /** null: not there, or nothing that anybody can read. */
  readonly readable: (revision: number) => Promise<Release | null>
  /** The folder's clock. */
  readonly now: () => Promise<number>
}

/** A half that is older than this has no writer any more. */
const writingMs = 10_000
const pollMs = 20

/** False: somebody else was first. Nothing of ours is left then. */
export async function createInPlace(publication: InPlacePublication): Promise<boolean> {
  const { revision, text, pathOf } = publication
  if (await isOvertaken(publication)) return false
  if (!(await createExclusive(pathOf(revision), text))) return false
  if (!(await isRivalled(publication))) return true
  await removeIfThere(pathOf(revision))
  return false
}

/** Waits for every half between the head and us; true when one of them became a release. */
async function isOvertaken(publication: InPlacePublication): Promise<boolean> {
  for (const other of await between(publication)) {
    while ((await publication.readable(other)) === null) {
      const ageMs = await ageOf(publication.pathOf(other), await publication.now())
      if (ageMs === null || ageMs > writingMs) break
      await new Promise((resolve) => setTimeout(resolve, pollMs))
    }
    if ((await publication.readable(other)) !== null) return true
  }
  return false
}

/** Has anybody published over the same head: below us, after all, or above us, because we took so long? */
async function isRivalled(publication: InPlacePublication): Promise<boolean> {
  const { revision, expectedHead, revisions, readable } = publication
  for (const other of await revisions()) {
    if (other === revision || other <= (expectedHead ?? 0)) continue
    const release = await readable(other)
    // One above us that was published over ours is no rival.
    if (release !== null && (other < revision || release.parent === expectedHead)) return true
  }
  return false
}

async function between({ revision, expectedHead, revisions }: InPlacePublication): Promise<readonly number[]> {
  return (await revisions()).filter((other) => other > (expectedHead ?? 0) && other < revision)
}
