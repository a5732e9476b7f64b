/** What the suites of the conformance test stand on. */
import type { ReleaseStore } from '../../store.ts'
import { draftNamed } from '../drafts.ts'

export type Aging = { readonly instance: string } | { readonly revision: number } | 'candidate'

export interface StoreUnderTest {
  /** Every call opens the same store anew. `clockSkewMs`: by a process whose clock is so much ahead. */
  readonly open: (options?: { readonly clockSkewMs?: number }) => Promise<ReleaseStore>
  /** The same store, as a process sees it that may not write to it. */
  readonly openReadOnly: () => Promise<ReleaseStore>
  /** What another process opens it by. */
  readonly url: string
  /** Puts a text where the release of that revision would lie. */
  readonly plant: (revision: number, text: string) => Promise<void>
  /** Takes the store away, as an outage would; what it gives brings the store back, with all that was in it. */
  readonly vanish: () => Promise<() => Promise<void>>
  /** Makes a report, a release or the candidate older. */
  readonly age: (what: Aging, ageMs: number) => Promise<void>
  /** A writer that is killed may leave half a release, because the medium cannot do better. */
  readonly leavesHalves?: boolean
  readonly close: () => Promise<void>
}

/** A fresh store for each test. */
export class Stage {
  /** Called after the test. */
  readonly stops: (() => void)[] = []
  private opened: { readonly subject: StoreUnderTest; readonly store: ReleaseStore } | null = null

  get subject(): StoreUnderTest {
    return this.current().subject
  }

  /** `subject`, opened once. */
  get store(): ReleaseStore {
    return this.current().store
  }

  async open(start: () => Promise<StoreUnderTest>): Promise<void> {
    const subject = await start()
    this.opened = { subject, store: await subject.open() }
  }

  async close(): Promise<void> {
    for (const stop of this.stops.splice(0)) stop()
    await this.opened?.subject.close()
    this.opened = null
  }

  private current() {
    if (this.opened === null) throw new Error('there is a store during a test only')
    return this.opened
  }
}

export const patienceMs = 5_000

export async function publish(store: ReleaseStore, name: string, expectedHead: number | null) {
  const publication = await store.publish(draftNamed(name), expectedHead)
  if (!publication.ok) throw new Error(`${name} was not published: the head is ${publication.head?.revision}`)
  return publication.release
}

/** False when it has not come true within our patience. */
export async function until(condition: () => boolean): Promise<boolean> {
  const end = Date.now() + patienceMs
  while (!condition()) {
    if (Date.now() > end) return false
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return true
}
