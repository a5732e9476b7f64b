/**
 * What a gateway says about itself beyond `InstanceReport`: for people and dashboards, never for a decision. It lies in
 * the same document, and whoever reads it takes what is there and well formed, since a gateway of another version may
 * say more or less. Names are spelled as in every document of ours.
 */
import type { Revision } from './instance.ts'

export interface InstanceDetails {
  readonly version: string
  /** ISO 8601. */
  readonly started_at: string
  readonly missing_secrets: readonly MissingSecret[]
  /** The one that serves, those that drain, and the last few that are gone, newest first. */
  readonly generations: readonly GenerationReport[]
  /** How the last manifest that came was taken; null before the first. */
  readonly last_reload: ReloadReport | null
  readonly source: SourceReport | null
  /** Targets that have been tried, those in trouble first. */
  readonly targets: readonly TargetReport[]
  /** How many have been tried; `targets` may be cut short. */
  readonly targets_known: number
  /** Since the process started. */
  readonly requests: RequestTotals
  /** null: this gateway keeps no audit trail. */
  readonly spool: SpoolReport | null
}

export interface MissingSecret {
  /** The connection whose targets are skipped. */
  readonly connection: string
  /** `env:NAME` or `file:PATH`; null when the manifest names none. */
  readonly reads: string | null
}

export interface GenerationReport {
  readonly generation: number
  readonly revision: Revision
  readonly state: 'serving' | 'draining' | 'closed'
  /** Requests under way on it. */
  readonly requests: number
  /** Requests that came to their own end, whatever that was. */
  readonly finished: number
  /** Of those, the ones that ended after another generation had taken over. */
  readonly finished_after: number
  /** Requests that this gateway broke off. */
  readonly cut: number
  /** Revision of the generation that took over; null while it serves. */
  readonly superseded_by: Revision | null
}

export interface ReloadReport {
  /** ISO 8601. */
  readonly at: string
  readonly accepted: boolean
  /** What was said against it; null when it was accepted. */
  readonly problem: string | null
}

export interface SourceReport {
  readonly kind: 'file' | 'store'
  readonly name: string
  /** `damaged`: it holds something newer that cannot be read. */
  readonly state: 'ok' | 'empty' | 'lost' | 'damaged'
  /** ISO 8601: since when it is in this state. */
  readonly since: string
  readonly problem: string | null
  /** The newest revision that was seen there; null in file mode. */
  readonly head: number | null
}

export interface TargetReport {
  readonly target: string
  readonly breaker: string
  /** Why it would be skipped now; null: it would not. */
  readonly held_back_by: string | null
  /** ISO 8601: until when; null when that is not known. */
  readonly until: string | null
  readonly latency_ms: number | null
}

export interface RequestTotals {
  readonly served: number
  readonly failed: number
  readonly broken: number
  readonly abandoned: number
  readonly cut: number
  readonly refused: number
}

export interface SpoolReport {
  /** Of the newest line; null before the first. */
  readonly last_seq: number | null
  /** By this process. */
  readonly written_bytes: number
  readonly segments: number
  /** Accepted, and not yet written. */
  readonly waiting_bytes: number
  /** Written, and perhaps not yet on the disk. */
  readonly unsynced_bytes: number
  readonly failing: boolean
  /** How often it began to fail. */
  readonly failures: number
  /** What becomes of requests while it fails: they are refused, or served and not recorded. */
  readonly on_failure: 'refuse' | 'drop'
  /** Requests that were served without a record. */
  readonly dropped_requests: number
  /** Requests that were not taken because of it. */
  readonly refusals: number
}

/** How many targets a report through a store names: it is written every few seconds. */
export const mostTargetsReported = 100

type Check<Value> = (value: unknown) => Value | undefined

const text: Check<string> = (value) => (typeof value === 'string' ? value : undefined)
const number: Check<number> = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined)
const flag: Check<boolean> = (value) => (typeof value === 'boolean' ? value : undefined)
const revision: Check<Revision> = (value) => text(value) ?? number(value)

function oneOf<Word extends string>(...words: readonly Word[]): Check<Word> {
  return (value) => words.find((word) => word === value)
}

function orNull<Value>(check: Check<Value>): Check<Value | null> {
  return (value) => (value === null ? null : check(value))
}

/** Keeps the items that are well formed. */
function listOf<Value>(check: Check<Value>): Check<readonly Value[]> {
  return (value) => (Array.isArray(value) ? value.map(check).filter((item) => item !== undefined) : undefined)
}

type Shape<Value> = { readonly [Key in keyof Value]-?: Check<Value[Key]> }

/** The fields that are well formed. */
function partOf<Value extends object>(shape: Shape<Value>, value: unknown): Partial<Value> {
  const part: Partial<Value> = {}
  if (typeof value !== 'object' || value === null) return part
  const given: Readonly<Record<string, unknown>> = { ...value }
  for (const key in shape) {
    const field = shape[key](given[key])
    if (field !== undefined) part[key] = field
  }
  return part
}

/** All fields, or nothing. */
function whole<Value extends object>(shape: Shape<Value>): Check<Value> {
  return (value) => {
    const part = partOf(shape, value)
    return isWhole(shape, part) ? part : undefined
  }
}

function isWhole<Value extends object>(shape: Shape<Value>, part: Partial<Value>): part is Value {
  for (const key in shape) if (part[key] === undefined) return false
  return true
}

const details: Shape<InstanceDetails> = {
  version: text,
  started_at: text,
  missing_secrets: listOf(whole<MissingSecret>({ connection: text, reads: orNull(text) })),
  generations: listOf(
    whole<GenerationReport>({
      generation: number,
      revision,
      state: oneOf('serving', 'draining', 'closed'),
      requests: number,
      finished: number,
      finished_after: number,
      cut: number,
      superseded_by: orNull(revision),
    }),
  ),
  last_reload: orNull(whole<ReloadReport>({ at: text, accepted: flag, problem: orNull(text) })),
  source: orNull(
    whole<SourceReport>({
      kind: oneOf('file', 'store'),
      name: text,
      state: oneOf('ok', 'empty', 'lost', 'damaged'),
      since: text,
      problem: orNull(text),
      head: orNull(number),
    }),
  ),
  targets: listOf(
    whole<TargetReport>({
      target: text,
      breaker: text,
      held_back_by: orNull(text),
      until: orNull(text),
      latency_ms: orNull(number),
    }),
  ),
  targets_known: number,
  requests: whole<RequestTotals>({
    served: number,
    failed: number,
    broken: number,
    abandoned: number,
    cut: number,
    refused: number,
  }),
  spool: orNull(
    whole<SpoolReport>({
      last_seq: orNull(number),
      written_bytes: number,
      segments: number,
      waiting_bytes: number,
      unsynced_bytes: number,
      failing: flag,
      failures: number,
      on_failure: oneOf('refuse', 'drop'),
      dropped_requests: number,
      refusals: number,
    }),
  ),
}

/** What is readable of the details in a report, or in what `/status` answered. Never throws. */
export function detailsOf(report: unknown): Partial<InstanceDetails> {
  return partOf(details, report)
}
