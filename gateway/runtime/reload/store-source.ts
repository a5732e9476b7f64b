/**
 * Serves what a store publishes: follows its head, answers candidates before they are published, and reports under a
 * lease what this process serves. A store that is gone changes nothing about what is served.
 */
import type { InstanceReport, CandidateAnswer } from '../../release/instance.ts'
import type { Head, ReleaseStore, SeenCandidate } from '../../release/store.ts'
import { StoreError } from '../../release/store.ts'
import { readManifestValue } from '../../core/manifest/read.ts'
import type { Log } from '../log.ts'
import type { LastGood } from './last-good.ts'
import type { Candidate, Loader } from './loader.ts'
import type { SourceState } from './source-state.ts'

const reportEveryMs = 3000

/** Who waits until the old revision has drained should not wait for the next report as well. */
const drainLookEveryMs = 100

const withdrawWithinMs = 1000

/** Problems of one release, not of the store that holds it. */
const isAboutRelease: ReadonlySet<StoreError['problem']> = new Set(['damaged', 'newer_schema', 'not_found'])

export interface StoreSourceOptions {
  readonly store: ReleaseStore
  readonly loader: Loader
  readonly lastGood: LastGood
  readonly state: SourceState
  readonly log: Log
  /** What this process says about itself, but for its answer to a candidate. */
  readonly describe: () => Omit<InstanceReport, 'candidate'>
}

export class StoreSource {
  private readonly options: StoreSourceOptions
  private stopWatching: (() => void) | null = null
  private readonly timer: NodeJS.Timeout
  private readonly drainTimer: NodeJS.Timeout
  /** How many older generations had requests when that was last reported. */
  private reportedDraining = 0
  private answer: CandidateAnswer | null = null
  /** By hash too: in a store that was begun anew the numbers count from 1 again. */
  private loaded: Head | null = null
  private chain: Promise<void> = Promise.resolve()
  private lastReport: Promise<void> = Promise.resolve()
  /** Waits for the last one; null when none waits. */
  private nextReport: Promise<void> | null = null
  private stopped = false
  /** Reports in a row that could not be written. */
  private unreported = 0

  constructor(options: StoreSourceOptions) {
    this.options = options
    this.timer = setInterval(() => {
      void this.report()
      // What was met and put right between two looks of the watch is no change to it, and would be held against the
      // store for ever.
      if (options.state.is() !== 'ok') this.lookNext()
    }, reportEveryMs)
    this.timer.unref()
    this.drainTimer = setInterval(() => this.lookForDrained(), drainLookEveryMs)
    this.drainTimer.unref()
  }

  /**
   * Loads what is there now, then follows the store. Where that cannot be had (the store gone, its head refused) the
   * last good release serves; a store that is there and empty is believed, and nothing is served until something is
   * published.
   */
  async start(): Promise<void> {
    await this.look()
    if (this.loaded === null && this.options.state.is() !== 'empty') this.startOnLastGood()
    await this.report()
    this.stopWatching = this.options.store.watch(() => this.lookNext())
  }

  private lookNext(): void {
    this.chain = this.chain.then(() => this.look()).catch(() => {})
  }

  /** Says that this process is going, so that nobody waits for it. */
  async stop(process: string): Promise<void> {
    clearInterval(this.timer)
    clearInterval(this.drainTimer)
    this.stopWatching?.()
    this.stopped = true
    // One that is under way would outlive the withdrawal. A store that is silent, a network file system that hangs for
    // one, must not keep us from draining: the lease runs out by itself.
    const withdrawal = this.lastReport.then(async () => await this.options.store.withdraw(process)).catch(() => {})
    await within(withdrawWithinMs, withdrawal)
  }

  /** Renews the lease, with what is so by then: one report at a time, so that none overtakes a newer one. */
  async report(): Promise<void> {
    if (this.stopped) return
    if (this.nextReport === null) {
      this.nextReport = this.lastReport.then(async () => {
        this.nextReport = null
        await this.writeReport()
      })
      this.lastReport = this.nextReport
    }
    await this.nextReport
  }

  /** A store that cannot be written is not this gateway's problem to die of. */
  private async writeReport(): Promise<void> {
    const { store, describe } = this.options
    if (store.readOnly) return
    const instance = { ...describe(), candidate: this.answer }
    this.reportedDraining = instance.draining.length
    try {
      await store.report(instance)
      this.tellReported()
    } catch (error) {
      this.tellUnreported(error)
    }
  }

  private lookForDrained(): void {
    if (this.reportedDraining > 0 && this.options.describe().draining.length < this.reportedDraining) void this.report()
  }

  private tellReported(): void {
    if (this.unreported >= 2) {
      this.options.log({ level: 'info', event: 'report_back', message: 'this gateway reports to its store again' })
    }
    this.unreported = 0
  }

  /** Once is a hiccup, and a store that is lost has been told of. */
  private tellUnreported(error: unknown): void {
    const { state, log } = this.options
    if (state.is() === 'lost') return
    this.unreported += 1
    if (this.unreported !== 2) return
    const why = error instanceof Error ? error.message : String(error)
    const message = `this gateway cannot report to its store, so that "aigw apply" will not wait for it: ${why}`
    log({ level: 'warn', event: 'report_failed', message })
  }

  private async look(): Promise<void> {
    const { store, loader, state } = this.options
    try {
      const head = await store.head()
      await this.judge(head)
      if (head !== null && head.revision === this.loaded?.revision && head.hash === this.loaded.hash) {
        // What was said against a release that is gone again holds no longer.
        loader.clear()
      } else if (head !== null) await this.load(head.revision)
      await this.answerCandidate(await store.candidate())
    } catch (error) {
      // A store that holds what we cannot read is no lost store: the release is refused, by its own words.
      if (error instanceof StoreError && isAboutRelease.has(error.problem)) loader.refuse(error.message)
      else state.bad('lost', `the store ${state.name}: ${error instanceof Error ? error.message : 'cannot be read'}`)
    }
  }

  /** Is the store as it should be? What is above the head in it cannot be read, or it would be the head. */
  private async judge(head: Head | null): Promise<void> {
    const { store, state } = this.options
    const [newest] = await store.list({ above: head?.revision ?? 0, limit: 1 })
    const problem = newest?.problem ?? null
    if (problem !== null) state.bad('damaged', `the store ${state.name} holds something that is no release: ${problem}`)
    else if (head !== null) state.good(head.revision)
    else if (this.loaded !== null) state.bad('empty', `the store ${state.name} has lost its releases`)
    else state.bad('empty', `the store ${state.name} is empty: publish with "aigw apply"`)
  }

  private async load(revision: number): Promise<void> {
    const { store, loader, lastGood } = this.options
    const release = await store.read(revision)
    const candidate = asCandidate(String(release.revision), release.hash, release.resolved)
    const problem = typeof candidate === 'string' ? loader.refuse(candidate) : loader.load(candidate)
    if (problem === null && typeof candidate !== 'string') {
      this.loaded = { revision, hash: release.hash }
      lastGood.keep(candidate)
    }
    await this.report()
  }

  private startOnLastGood(): void {
    const { lastGood, loader, log, state } = this.options
    const candidate = lastGood.read()
    if (candidate === null || loader.standIn(candidate) !== null) return
    const { revision } = candidate
    const message = `revision ${revision} serves, because it was the last good one of ${state.name}`
    log({ level: 'warn', event: 'last_good', message, fields: { revision } })
  }

  private async answerCandidate(candidate: SeenCandidate | null): Promise<void> {
    if (candidate === null || candidate.id === this.answer?.id) return
    const problems = this.problemsOf(candidate)
    this.answer = { id: candidate.id, accepted: problems.length === 0, problems }
    await this.report()
  }

  private problemsOf({ id, draft, problem }: SeenCandidate): readonly string[] {
    if (draft === null) return [problem ?? 'this version cannot read the candidate']
    const read = asCandidate(id, draft.hash, draft.resolved)
    return typeof read === 'string' ? [read] : this.options.loader.refusals(read)
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

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))
  await Promise.race([work, over])
  clearTimeout(timer)
}
