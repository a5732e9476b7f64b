/** What the admin listener's `/status`, the reports through a store and `/metrics` say about this process, now. */
import { hostname } from 'node:os'
import {
  type InstanceDetails,
  type SpoolReport,
  type TargetReport,
  mostTargetsReported,
} from '../release/instance-details.ts'
import type { InstanceReport } from '../release/instance.ts'
import type { TargetHealth } from '../core/routing/health.ts'
import { revisionOf } from './reload/generations.ts'
import type { Loader } from './reload/loader.ts'
import type { SourceState } from './reload/source-state.ts'
import type { Runtime } from './runtime.ts'

export interface StatusParts {
  readonly runtime: Runtime
  readonly loader: Loader
  /** null until the gateway has begun to follow one. */
  readonly source: SourceState | null
  readonly version: string
  readonly url: string
  readonly ready: boolean
}

/** What every gateway of every version says. */
export type Description = Omit<InstanceReport, 'candidate'>

export function describeInstance({ runtime, loader, source, url, ready }: StatusParts): Description {
  const { generations } = runtime
  const current = generations.current()
  return {
    process: runtime.process.id,
    pid: process.pid,
    host: hostname(),
    url,
    revision: current === null ? null : revisionOf(current.revision),
    hash: current?.hash ?? null,
    generation: current?.number ?? 0,
    ready,
    problem: loader.problem() ?? source?.problem() ?? null,
    inFlight: generations.inFlight(),
    draining: generations.draining().map(({ revision, requests }) => ({ revision: revisionOf(revision), requests })),
    at: Date.now(),
  }
}

/** What people and dashboards want to know besides. `mostTargets`: how many targets are named. */
export function describeDetails(
  { runtime, loader, source, version }: StatusParts,
  mostTargets = Number.POSITIVE_INFINITY,
): InstanceDetails {
  const { process, generations } = runtime
  const targets = targetsOf(runtime)
  return {
    version,
    started_at: process.wallClock(process.startedUs),
    missing_secrets: generations.current()?.missing ?? [],
    generations: generations.report(),
    last_reload: loader.reloads().last,
    source: source?.report() ?? null,
    targets: targets.slice(0, mostTargets),
    targets_known: targets.length,
    requests: process.counts.totals(),
    spool: spoolOf(runtime),
  }
}

/** What goes to the store every few seconds. */
export function reportOf(parts: StatusParts): Description & InstanceDetails {
  return { ...describeInstance(parts), ...describeDetails(parts, mostTargetsReported) }
}

/** Targets of the manifest in charge that have been tried, those in trouble first. */
export function targetsOf({ process, generations }: Runtime): TargetReport[] {
  const current = generations.current()
  if (current === null) return []
  const nowUs = process.nowUs()
  const wallClock = (atUs: number) => process.wallClock(atUs)
  return process.shared
    .knownTargets()
    .filter(({ target }) => current.hasTarget(target))
    .map((health) => targetOf(health, nowUs, wallClock))
    .sort(inTroubleFirst)
}

function targetOf(health: TargetHealth, nowUs: number, wallClock: (atUs: number) => string): TargetReport {
  const verdict = health.verdict(nowUs)
  const untilUs = verdict !== null && 'untilUs' in verdict ? verdict.untilUs : null
  const latencyUs = health.latencyUs()
  return {
    target: health.target,
    breaker: health.state(nowUs),
    held_back_by: verdict?.verdict ?? null,
    until: untilUs === null ? null : wallClock(untilUs),
    latency_ms: latencyUs === null ? null : Math.round(latencyUs / 1000),
  }
}

function inTroubleFirst(left: TargetReport, right: TargetReport): number {
  const troubles = Number(isInTrouble(right)) - Number(isInTrouble(left))
  return troubles !== 0 ? troubles : left.target < right.target ? -1 : 1
}

function isInTrouble({ breaker, held_back_by }: TargetReport): boolean {
  return breaker !== 'closed' || held_back_by !== null
}

function spoolOf({ process, spool }: Runtime): SpoolReport | null {
  if (spool === null) return null
  const { lines, writtenBytes, segments, waitingBytes, unsyncedBytes, failing, failures, onFailure, dropped } =
    spool.status()
  return {
    last_seq: lines === 0 ? null : lines - 1,
    written_bytes: writtenBytes,
    segments,
    waiting_bytes: waitingBytes,
    unsynced_bytes: unsyncedBytes,
    failing,
    failures,
    on_failure: onFailure,
    dropped_requests: dropped.records,
    refusals: process.counts.spoolRefusals,
  }
}
