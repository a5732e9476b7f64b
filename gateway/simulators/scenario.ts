/**
 * A failure drill on real simulators: which of a scenario's faults are on at a moment, as a behaviour. Pure; the
 * clock is the caller's.
 */
import type { Fault as ScenarioFault, Scenario } from '../../schemas/index.ts'
import type { Behaviour, Fault } from './behaviour.ts'
import type { FailureFaults } from './wire.ts'

export interface DrillTarget {
  readonly name: string
  readonly deployment: 'cloud' | 'self_hosted'
  /** What a class of failure looks like on its wire. */
  readonly failures: FailureFaults
}

export type DrillBehaviour = Pick<Behaviour, 'faults' | 'refuseConnections'>

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `1h30m` in milliseconds. */
export function durationMs(text: string): number {
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * (units[unit ?? ''] ?? 0)
  }
  return total
}

interface Span {
  /** Milliseconds since the start of the drill; negative when it began before. */
  readonly fromMs: number
  readonly untilMs: number
}

/** `from` is a time since the start or a moment on the clock; without `for` a fault lasts to the end. */
function spanOf(fault: ScenarioFault, startedAtMs: number): Span {
  const from = fault.from ?? '0'
  const fromMs = /^\d{4}-/.test(from) ? Date.parse(from) - startedAtMs : durationMs(from)
  return { fromMs, untilMs: fault.for === undefined ? Number.POSITIVE_INFINITY : fromMs + durationMs(fault.for) }
}

/** The moments, in milliseconds since the start and in order, at which something begins or ends. */
export function turningPoints(scenario: Scenario, startedAtMs: number): readonly number[] {
  const moments = (scenario.faults ?? []).flatMap((fault) => {
    const { fromMs, untilMs } = spanOf(fault, startedAtMs)
    return [fromMs, untilMs]
  })
  const later = moments.filter((moment) => Number.isFinite(moment) && moment > 0)
  return [...new Set([0, ...later])].toSorted((a, b) => a - b)
}

/** How a provider behaves `sinceMs` after the start. */
export function behaviourAt(
  scenario: Scenario,
  target: DrillTarget,
  time: { readonly startedAtMs: number; readonly sinceMs: number },
): DrillBehaviour {
  const active = (scenario.faults ?? []).filter((fault) => {
    const { fromMs, untilMs } = spanOf(fault, time.startedAtMs)
    return fromMs <= time.sinceMs && time.sinceMs < untilMs && hits(fault.target, target)
  })
  const refuseConnections = active.some(
    (fault) => fault.outage === true && (fault.share ?? 1) === 1 && modelOf(fault.target) === undefined,
  )
  return { faults: refuseConnections ? [] : active.map((fault) => toFault(fault, target.failures)), refuseConnections }
}

/** Names in the scenario that no simulated provider answers to; a drill that hits nothing proves nothing. */
export function unknownTargets(scenario: Scenario, targets: readonly DrillTarget[]): readonly string[] {
  const wanted = (scenario.faults ?? []).map((fault) => fault.target)
  return [...new Set(wanted)].filter((name) => !targets.some((target) => hits(name, target)))
}

function hits(wanted: string, target: DrillTarget): boolean {
  if (wanted === '*' || wanted === target.deployment) return true
  const slash = wanted.indexOf('/')
  return (slash < 0 ? wanted : wanted.slice(0, slash)) === target.name
}

function modelOf(wanted: string): string | undefined {
  const slash = wanted.indexOf('/')
  return slash < 0 ? undefined : wanted.slice(slash + 1)
}

function toFault(fault: ScenarioFault, failures: FailureFaults): Fault {
  const model = modelOf(fault.target)
  const where = {
    ...(fault.share === undefined ? {} : { share: fault.share }),
    ...(model === undefined ? {} : { model }),
  }
  if (fault.status !== undefined) return { kind: 'status', status: fault.status, ...where }
  if (fault.class !== undefined) return { ...failures[fault.class], ...where }
  if (fault.latency_multiplier !== undefined) return { kind: 'slow', factor: fault.latency_multiplier, ...where }
  if (fault.latency_ms !== undefined) return { kind: 'slow', extraMs: fault.latency_ms, ...where }
  if (fault.rate_limited !== undefined) {
    const asked = fault.rate_limited.retry_after_ms
    const retry = asked === undefined ? {} : { retryAfterSeconds: Math.ceil(asked / 1000) }
    return { kind: 'status', status: 429, ...retry, ...where }
  }
  if (fault.cut_after_chunks !== undefined) return { kind: 'cut', after: fault.cut_after_chunks, ...where }
  // What is left is an outage of a share of the calls or of one model: the port stays open, the connection breaks.
  return { kind: 'reset', ...where }
}
