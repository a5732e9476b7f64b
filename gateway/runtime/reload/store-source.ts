/**
 * Serves what a store publishes: follows its head, answers candidates before they are published, and reports under a
 * lease what this process serves. A store that is gone changes nothing about what is served.
 */
import type { InstanceReport, CandidateAnswer } from '../../release/instance.ts'
import type { Candidate as ReleaseCandidate, ReleaseStore } from '../../release/store.ts'
import { readManifestValue } from '../../core/manifest/read.ts'
import type { LastGood } from './last-good.ts'
import type { Candidate, Loader } from './loader.ts'

const reportEveryMs = 3000

export interface StoreSourceOptions {
  readonly store: ReleaseStore
  readonly loader: Loader
  readonly lastGood: LastGood
  /** What this process says about itself, but for its answer to a candidate. */
  readonly describe: () => Omit<InstanceReport, 'candidate'>
}

export class StoreSource {
  private readonly options: StoreSourceOptions
  private stopWatching: (() => void) | null = null
  private readonly timer: NodeJS.Timeout
  private answer: CandidateAnswer | null = null
  private loadedRevision: number | null = null
  private chain: Promise<void> = Promise.resolve()

  constructor(options: StoreSourceOptions) {
    this.options = options
    this.timer = setInterval(() => void this.report(), reportEveryMs)
    this.timer.unref()
  }

  /** Loads what is there now (or, with the store gone, the last good release), then follows the store. */
  async start(): Promise<void> {
    await this.look()
    if (this.loadedRevision === null) this.startOnLastGood()
    await this.report()
    this.stopWatching = this.options.store.watch(() => {
      this.chain = this.chain.then(() => this.look()).catch(() => {})
    })
  }

  /** Says that this process is going, so that nobody waits for it. */
  async stop(process: string): Promise<void> {
    clearInterval(this.timer)
    this.stopWatching?.()
    await this.options.store.withdraw(process).catch(() => {})
  }

  /** Renews the lease. A store that cannot be written is not this gateway's problem to die of. */
  async report(): Promise<void> {
    const { store, describe } = this.options
    if (store.readOnly) return
    await store.report({ ...describe(), candidate: this.answer }).catch(() => {})
  }

  private async look(): Promise<void> {
    const { store, loader } = this.options
    try {
      const head = await store.head()
      if (head === null) {
        const what = this.loadedRevision === null ? 'is empty: publish with "aigw apply"' : 'has lost its releases'
        loader.refuse(`the store ${store.url} ${what}`)
      } else if (head.revision === this.loadedRevision) {
        // The store may have been gone in between.
        loader.clear()
      } else await this.load(head.revision)
      await this.answerCandidate(await store.candidate())
    } catch (error) {
      loader.refuse(`the store ${store.url}: ${error instanceof Error ? error.message : 'cannot be read'}`)
    }
  }

  private async load(revision: number): Promise<void> {
    const { store, loader, lastGood } = this.options
    const release = await store.read(revision)
    const candidate = asCandidate(String(release.revision), release.hash, release.resolved)
    const problem = typeof candidate === 'string' ? loader.refuse(candidate) : loader.load(candidate)
    if (problem === null && typeof candidate !== 'string') {
      this.loadedRevision = revision
      lastGood.keep(candidate)
    }
    await this.report()
  }

  private startOnLastGood(): void {
    const { lastGood, loader } = this.options
    const candidate = lastGood.read()
    if (candidate === null) return
    const why = loader.problem()
    const problem = loader.load(candidate)
    if (problem === null && why !== null) loader.refuse(why)
  }

  private async answerCandidate(candidate: ReleaseCandidate | null): Promise<void> {
    if (candidate === null || candidate.id === this.answer?.id) return
    const read = asCandidate(candidate.id, candidate.draft.hash, candidate.draft.resolved)
    const problems = typeof read === 'string' ? [read] : this.options.loader.refusals(read)
    this.answer = { id: candidate.id, accepted: problems.length === 0, problems }
    await this.report()
  }
}

/** A release of any author, read as carefully as a file: an older tool may have published what this one cannot use. */
function asCandidate(revision: string, hash: string, resolved: unknown): Candidate | string {
  const { manifest, diagnostics } = readManifestValue(resolved)
  const problem = diagnostics.find((one) => one.severity === 'error')
  if (manifest !== null && problem === undefined) return { revision, hash, manifest }
  const what = problem === undefined ? '' : `: ${problem.path}: ${problem.message}`
  return `revision ${revision} is not a manifest this version can serve${what}`
}
