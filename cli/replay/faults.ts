/** A scenario's faults and assumptions, read once and asked per attempt: what breaks at this time, for this target? */
import type { Assumption, Fault, Scenario } from '../../schemas/index.ts'
import type { FailureClass } from '../../gateway/core/chat/failure.ts'
import type { AttemptEnd } from '../../gateway/core/engine/events.ts'
import type { CompiledTarget } from '../../gateway/core/routing/table.ts'
import type { Observation } from './evidence.ts'

/** How soon a simulated failure shows, where nothing was recorded. Microseconds. */
const refusalUs = 5_000
const errorReplyUs = 50_000

export interface ActiveFault {
  readonly fault: Fault
  readonly number: number
  readonly fromUs: number
  readonly untilUs: number
}

export class ScenarioError extends Error {}

/** Times count from the first arrival; `startUs` is that arrival since the Unix epoch, for faults that name a moment. */
export function compileFaults(scenario: Scenario | null, startUs: number): readonly ActiveFault[] {
  return (scenario?.faults ?? []).map((fault, number) => {
    const fromUs = fault.from === undefined ? 0 : parseMoment(fault.from, startUs)
    const untilUs = fault.for === undefined ? Number.POSITIVE_INFINITY : fromUs + parseDuration(fault.for)
    return { fault, number, fromUs, untilUs }
  })
}

export function faultHits({ fault, fromUs, untilUs }: ActiveFault, target: CompiledTarget, atUs: number): boolean {
  return atUs >= fromUs && atUs < untilUs && namesTarget(fault.target, target)
}

/** `*`, `cloud`, `self_hosted`, a connection, or `connection/model`. */
export function namesTarget(name: string, target: CompiledTarget): boolean {
  const { connection, id } = target
  return name === '*' || name === connection.deployment || name === connection.name || name === id
}

/** The assumption that speaks for a target: the most exact name wins. */
export function assumptionFor(assume: Scenario['assume'], target: CompiledTarget): Assumption | null {
  if (assume === undefined) return null
  const { connection, id } = target
  return assume[id] ?? assume[connection.name] ?? assume[connection.deployment] ?? assume['*'] ?? null
}

/** Would this fault decide the outcome alone, whatever the target would have done? Then no evidence is needed. */
export function outcomeOf(fault: Fault): Observation | 'hangs' | null {
  if (fault.outage === true) return failedAfter('connection', refusalUs, 0)
  if (fault.rate_limited !== undefined) {
    const failed = failedAfter('rate_limited', errorReplyUs, 429)
    return { ...failed, end: { ...failed.end, retryAfterMs: fault.rate_limited.retry_after_ms ?? null } }
  }
  if (fault.status !== undefined) return failedAfter(classOfStatus(fault.status), errorReplyUs, fault.status)
  if (fault.class === undefined) return null
  if (fault.class === 'timeout' || fault.class === 'latency') return 'hangs'
  return failedAfter(fault.class, errorReplyUs, 0)
}

/** What remains of an outcome under a fault that only slows it down or cuts it off. */
export function applyFault(observation: Observation, fault: Fault): Observation {
  if (fault.cut_after_chunks !== undefined && observation.firstContentUs !== null) {
    const end: AttemptEnd = { class: 'connection', usage: null, status: 0, retryAfterMs: null }
    return { ...observation, totalUs: Math.ceil((observation.firstContentUs + observation.totalUs) / 2), end }
  }
  const slower = (us: number) => Math.round(us * (fault.latency_multiplier ?? 1) + (fault.latency_ms ?? 0) * 1000)
  return {
    ...observation,
    firstContentUs: observation.firstContentUs === null ? null : slower(observation.firstContentUs),
    totalUs: slower(observation.totalUs),
  }
}

function failedAfter(failure: FailureClass, afterUs: number, status: number): Observation {
  const end: AttemptEnd = { class: failure, usage: null, status, retryAfterMs: null }
  return { firstContentUs: null, totalUs: afterUs, censored: false, end }
}

function classOfStatus(status: number): FailureClass {
  if (status === 429) return 'rate_limited'
  if (status === 402) return 'quota'
  if (status === 401 || status === 403 || status === 404) return 'misconfigured'
  return status >= 500 ? 'server_error' : 'invalid_request'
}

const units: Readonly<Record<string, number>> = {
  ms: 1000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
}

/** `250ms`, `10s`, `15m`, `1h30m`. Microseconds. */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)]
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text.trim()) {
    throw new ScenarioError(`"${text}" is not a duration: write it as 250ms, 10s, 15m or 1h30m`)
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ''] ?? 0), 0)
}

function parseMoment(text: string, startUs: number): number {
  if (/^[\d.]+(ms|s|m|h|d)/.test(text)) return parseDuration(text)
  const atMs = Date.parse(text)
  if (Number.isNaN(atMs)) throw new ScenarioError(`"${text}" is neither a duration since the start nor an ISO time`)
  return atMs * 1000 - startUs
}
