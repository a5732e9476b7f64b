/** The one slot for a release on trial: a file made exclusively, and a lease. */
import { readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createExclusive, isErrorCode, linkExclusive, removeIfThere } from './atomic-files.ts'
import type { FolderClock } from './folder-clock.ts'
import { ageOf, unavailable } from './folder.ts'
import { parseCandidate, renderDocument } from './release.ts'
import { type Candidate, type SeenCandidate, candidateLeaseMs } from './store.ts'

export class CandidateFile {
  readonly path: string
  readonly #clock: FolderClock

  constructor(path: string, clock: FolderClock) {
    this.path = path
    this.#clock = clock
  }

  async read(): Promise<SeenCandidate | null> {
    if (await this.#isStale(this.path)) return null
    try {
      return parseCandidate(await readFile(this.path, 'utf8'))
    } catch (error) {
      if (isErrorCode(error, 'ENOENT')) return null
      throw unavailable(this.path, error)
    }
  }

  /** False when another one holds the slot. The folder must be there. */
  async take(candidate: Candidate): Promise<boolean> {
    await this.#removeStale()
    return await writeNew(this.path, renderDocument(candidate))
  }

  async clear(id: string): Promise<void> {
    if ((await this.read())?.id === id) await removeIfThere(this.path)
  }

  /** A file that is not there is not stale. */
  async #isStale(path: string): Promise<boolean> {
    const ageMs = await ageOf(path, await this.#clock.now())
    return ageMs !== null && ageMs > candidateLeaseMs
  }

  /**
   * Moves a stale candidate out of the way. Two processes may both find it stale; renaming lets only one have it, and
   * one that got hold of the other's fresh candidate instead puts it back.
   */
  async #removeStale(): Promise<void> {
    if (!(await this.#isStale(this.path))) return
    const aside = join(dirname(this.path), `.stale-${process.pid}-${Date.now()}.json`)
    try {
      await rename(this.path, aside)
      if (!(await this.#isStale(aside))) await writeNew(this.path, await readFile(aside, 'utf8'))
      await removeIfThere(aside)
    } catch (error) {
      if (!isErrorCode(error, 'ENOENT')) throw unavailable(this.path, error)
    }
  }
}

async function writeNew(path: string, text: string): Promise<boolean> {
  const outcome = await linkExclusive(path, text)
  return outcome === 'no_links' ? await createExclusive(path, text) : outcome === 'written'
}
