/** What the soak has shown: the callers' ledger against the spool, the spool against the engine, and memory over time. */
import { replayRecorded } from '../../cli/replay/index.ts'
import { verifySpool } from '../../gateway/spool/verify.ts'
import type { RequestRecord } from '../../schemas/index.ts'
import { spoolLines } from '../support/gateway.ts'
import { quantile } from '../../bench/harness/statistics.ts'
import type { Ending, Heard } from './callers.ts'
import type { Run, Sample } from './keeper.ts'

export interface Judged {
  readonly spool: string
  readonly heard: readonly Heard[]
  readonly runs: readonly Run[]
  /** Of the last run. */
  readonly exitCode: number | null
  readonly reloads: number
  readonly warmUpMs: number
}

export interface SoakReport {
  readonly requests: number
  readonly endings: Readonly<Record<Ending, number>>
  readonly reloads: number
  readonly kills: number
  readonly exitCode: number | null
  readonly records: number
  readonly outcomes: Readonly<Record<string, number>>
  readonly failovers: number
  readonly generations: number
  /** Ids of answers that came whole and have no record. */
  readonly lost: readonly string[]
  /** Ids that have more than one. */
  readonly doubled: readonly string[]
  /** Answers that broke off while the gateway ran. */
  readonly cut: readonly Heard[]
  /** The same by its own count. */
  readonly cutByItsOwnCount: number
  /** Answers that broke off, or were not heard, because it was killed. */
  readonly byKill: number
  /** Streams that `verify` names as begun and not recorded. */
  readonly unfinished: number
  /** Everything else that it finds. */
  readonly faults: readonly string[]
  readonly repaired: number
  readonly replay: { readonly equal: number; readonly different: number; readonly undecidable: number }
  /** Of the last run, once warm: the median of the last third by that of the first. */
  readonly growth: { readonly rss: number; readonly descriptors: number }
  readonly rssMegabytes: readonly number[]
}

export async function judge({ spool, heard, runs, exitCode, reloads, warmUpMs }: Judged): Promise<SoakReport> {
  const lines = await spoolLines(spool)
  const records = lines.flatMap((line): RequestRecord[] => (line.kind === 'record' ? [line.record] : []))
  const known = new Set(records.map(({ id }) => id))
  const { faults } = await verifySpool(spool)
  const { equal, different, undecidable } = await replayRecorded(spool)
  const broken = heard.filter(({ ending }) => ending === 'broken' || ending === 'not heard')
  const last = runs.at(-1)?.samples.filter(({ ms }) => ms >= warmUpMs) ?? []
  return {
    requests: heard.length,
    endings: count(heard.map(({ ending }) => ending)),
    reloads,
    kills: runs.length - 1,
    exitCode,
    records: records.length,
    outcomes: count(records.map(({ finish }) => finish.outcome)),
    failovers: records.filter(({ attempts }) => attempts.length > 1).length,
    generations: lines.filter(({ record }) => 'event' in record && record.event === 'generation').length,
    lost: heard.filter((one) => wasAcknowledged(one) && !known.has(one.id ?? '')).map(({ id }) => String(id)),
    doubled: doubledOf(records.map(({ id }) => id)),
    cut: broken.filter((one) => !wasKilled(one, runs)),
    cutByItsOwnCount: runs.reduce((sum, { cut }) => sum + cut, 0),
    byKill: broken.filter((one) => wasKilled(one, runs)).length,
    unfinished: faults.filter(({ kind }) => kind === 'unfinished').length,
    faults: faults.filter(({ kind }) => kind !== 'unfinished').map(({ message }) => message),
    repaired: lines.filter(({ record }) => 'event' in record && record.event === 'spool_repaired').length,
    replay: { equal, different, undecidable },
    growth: { rss: growthOf(last, 'rssBytes'), descriptors: growthOf(last, 'descriptors') },
    rssMegabytes: thirdsOf(last).map((third) => Math.round(medianOf(third, 'rssBytes') / 1e6)),
  }
}

/** Refused before any route was looked for: an event in the spool, or one of many that were counted, and no record. */
const withoutRecord: ReadonlySet<string | null> = new Set(['not_ready', 'overloaded', 'too_many_connections'])

/** The last byte came, and it was an answer of a request that was begun. */
function wasAcknowledged({ ending, code, status }: Heard): boolean {
  return ending === 'whole' && !(status === 503 && withoutRecord.has(code))
}

/** A process that starts, and callers whose connections are being opened to it, take a moment. */
const momentMs = 250

function wasKilled({ fromMs, toMs }: Heard, runs: readonly Run[]): boolean {
  return runs.some(({ downMs }, index) => {
    const next = runs[index + 1]
    return downMs !== null && next !== undefined && toMs >= downMs && fromMs <= next.upMs + momentMs
  })
}

function doubledOf(ids: readonly string[]): string[] {
  const seen = new Set<string>()
  return ids.filter((id) => seen.has(id) || !seen.add(id))
}

function count<Name extends string>(names: readonly Name[]): Record<Name, number> {
  const counts: Partial<Record<Name, number>> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts as Record<Name, number>
}

function thirdsOf(samples: readonly Sample[]): (readonly Sample[])[] {
  const third = Math.ceil(samples.length / 3)
  return [samples.slice(0, third), samples.slice(third, -third), samples.slice(-third)]
}

function medianOf(samples: readonly Sample[], what: 'rssBytes' | 'descriptors'): number {
  return quantile(
    samples.map((sample) => sample[what]),
    0.5,
  )
}

function growthOf(samples: readonly Sample[], what: 'rssBytes' | 'descriptors'): number {
  const [first = [], , last = []] = thirdsOf(samples)
  return medianOf(last, what) / medianOf(first, what)
}

export interface Tolerance {
  /** Growth of memory and of open files that is still flat. */
  readonly rss: number
  readonly descriptors: number
}

/** What is wrong, a sentence each; empty when nothing is. */
export function complaintsOf(report: SoakReport, tolerance: Tolerance): string[] {
  const { lost, doubled, cut, cutByItsOwnCount, faults, replay, growth, endings, exitCode } = report
  const told: [boolean, string][] = [
    [endings.whole > report.requests / 2, `most requests are answered: ${JSON.stringify(endings)}`],
    [lost.length === 0, `no acknowledged request is lost: ${lost.join(' ')}`],
    [doubled.length === 0, `none is recorded twice: ${doubled.join(' ')}`],
    [cut.length === 0, `none is cut but by a kill: ${JSON.stringify(cut.slice(0, 5))}`],
    [cutByItsOwnCount === 0, `none is cut by the gateway's own count: ${cutByItsOwnCount}`],
    [faults.length === 0, `the spool is whole: ${faults.slice(0, 5).join('; ')}`],
    [replay.different === 0, `replay decides as the gateway did: ${replay.different} otherwise`],
    [replay.undecidable <= report.kills * 50, `and only a kill leaves it in doubt: ${replay.undecidable}`],
    [growth.rss <= tolerance.rss, `memory is flat: × ${growth.rss.toFixed(2)}`],
    [growth.descriptors <= tolerance.descriptors, `open files are flat: × ${growth.descriptors.toFixed(2)}`],
    [exitCode === 0, `it ends well: exit code ${exitCode}`],
  ]
  return told.filter(([holds]) => !holds).map(([, sentence]) => `does not hold: ${sentence}`)
}
