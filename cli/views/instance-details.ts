/** What a gateway says about itself beyond what it serves. It may be of another version, so nothing need be there. */
import {
  type GenerationReport,
  type MissingSecret,
  type RequestTotals,
  type SpoolReport,
  type TargetReport,
  detailsOf,
} from '../../gateway/release/instance-details.ts'
import { count, list } from '../wording.ts'

/** What somebody should do something about; one line each, none when all is well. */
export function tellTroubles(report: unknown): string[] {
  const { missing_secrets = [], spool, last_reload, source } = detailsOf(report)
  const problem = isReport(report) ? report.problem : null
  const others = [last_reload?.problem ?? null, source?.problem ?? null]
  return [
    ...others.filter((other) => other !== null && other !== problem).map(String),
    ...tellMissing(missing_secrets),
    ...(spool === undefined || spool === null ? [] : tellSpoolTroubles(spool)),
  ]
}

function tellSpoolTroubles({ failing, on_failure, dropped_requests }: SpoolReport): string[] {
  const consequence = on_failure === 'refuse' ? 'no request is taken' : 'requests are served without a record'
  return [
    ...(failing ? [`the audit trail cannot be written, so ${consequence}`] : []),
    ...(dropped_requests > 0 ? [`${count(dropped_requests, 'request')} served without a record since the start`] : []),
  ]
}

function isReport(report: unknown): report is { readonly problem: unknown } {
  return typeof report === 'object' && report !== null && 'problem' in report
}

/** `key missing for openai (OPENAI_API_KEY): its targets are skipped`. */
function tellMissing(missing: readonly MissingSecret[]): string[] {
  const byConnection = Map.groupBy(missing, ({ connection }) => connection)
  return [...byConnection].map(([connection, secrets]) => {
    const reads = secrets.flatMap((secret) => (secret.reads === null ? [] : [secret.reads.replace(/^\w+:/, '')]))
    return `key missing for ${connection}${reads.length === 0 ? '' : ` (${list(reads)})`}: its targets are skipped`
  })
}

/** How it is doing, as name and value. `rate`: requests a second, where that is known. */
export function tellDetails(report: unknown, rate: number | null = null): (readonly [name: string, value: string])[] {
  const { generations, requests, targets, targets_known, spool, version, started_at } = detailsOf(report)
  const rows: (readonly [string, string])[] = []
  if (version !== undefined && started_at !== undefined) rows.push(['version', `${version}, since ${started_at}`])
  if (generations !== undefined) rows.push(...tellGenerations(generations))
  if (requests !== undefined) rows.push(['requests', tellRequests(requests, rate)])
  if (targets !== undefined) rows.push(...tellTargets(targets, targets_known ?? targets.length))
  if (spool !== undefined && spool !== null) rows.push(['audit', tellSpool(spool)])
  return rows
}

function tellGenerations(generations: readonly GenerationReport[]): (readonly [string, string])[] {
  const alive = generations.filter(({ state }) => state !== 'closed')
  const cut = generations.reduce((sum, generation) => sum + generation.cut, 0)
  const told = alive.map(({ generation, revision, state, requests }) => {
    const what = state === 'serving' ? '' : ', draining'
    return `${generation} (revision ${revision}${what}) ${count(requests, 'request')}`
  })
  if (told.length === 0) return []
  return [['generation', `${told.join('; ')}${cut === 0 ? '' : `; ${cut} cut`}`]]
}

/** All of them, and those that did not end well by name. */
export function tellRequests(totals: RequestTotals, rate: number | null): string {
  const total = totalOf(totals)
  const { served: _, ...others } = totals
  const told = Object.entries(others)
    .filter(([, amount]) => amount > 0)
    .map(([outcome, amount]) => `${grouped(amount)} ${outcome}`)
  const pace = rate === null ? '' : ` (${rate.toFixed(1)}/s)`
  return `${grouped(total)}${pace}${told.length === 0 ? '' : `: ${told.join(', ')}`}`
}

export function totalOf(totals: RequestTotals): number {
  const { served, failed, broken, abandoned, cut, refused } = totals
  return served + failed + broken + abandoned + cut + refused
}

/** Those in trouble one by one; the others by their number. */
function tellTargets(targets: readonly TargetReport[], known: number): (readonly [string, string])[] {
  const troubled = targets.filter(({ breaker, held_back_by }) => breaker !== 'closed' || held_back_by !== null)
  const well = known - troubled.length
  const rows = troubled.map(({ target, breaker, held_back_by, until }) => {
    const why = held_back_by === null || held_back_by === 'breaker_open' ? '' : `, ${held_back_by.replaceAll('_', ' ')}`
    const state = breaker === 'closed' ? '' : `, breaker ${breaker.replaceAll('_', ' ')}`
    return ['target', `${target}${state}${why}${until === null ? '' : ` until ${until}`}`] as const
  })
  return [...rows, ...(well > 0 ? [['targets', `${count(well, 'target')} well`] as const] : [])]
}

function tellSpool({
  last_seq,
  written_bytes,
  segments,
  waiting_bytes,
  unsynced_bytes,
  refusals,
}: SpoolReport): string {
  const parts = [
    last_seq === null ? 'no line yet' : `line ${grouped(last_seq)}`,
    `${tellBytes(written_bytes)} in ${count(segments, 'file')}`,
    ...(waiting_bytes > 0 ? [`${tellBytes(waiting_bytes)} not written yet`] : []),
    ...(unsynced_bytes > 0 ? [`${tellBytes(unsynced_bytes)} not synced yet`] : []),
    ...(refusals > 0 ? [`${count(refusals, 'request')} refused because of it`] : []),
  ]
  return parts.join(', ')
}

function tellBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}

/** 1234567 as `1,234,567`. */
function grouped(amount: number): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** What of a report is news when it changes: conditions, not numbers that always move. */
export function conditionOf(report: unknown): object {
  const { missing_secrets, targets, generations, spool, source, last_reload } = detailsOf(report)
  return {
    missing_secrets,
    targets: targets?.map(({ target, breaker, held_back_by }) => [target, breaker, held_back_by]),
    generations: generations
      ?.filter(({ state }) => state !== 'closed')
      .map(({ generation, state }) => [generation, state]),
    cut: generations?.map(({ generation, cut }) => [generation, cut]),
    failing: spool?.failing,
    dropped: (spool?.dropped_requests ?? 0) > 0,
    source: source === undefined || source === null ? null : [source.state, source.head],
    reload: last_reload,
  }
}
