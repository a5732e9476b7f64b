/**
 * Lines that a spool never got: its disk was full for longer than memory could stand in for it. How many they were, and
 * since when, is a line of its own once there is room, so that the trail tells of its gap itself.
 */
import type { ProcessEvent } from '../../schemas/index.ts'
import type { SpoolKind } from './line.ts'

/** Lines by kind. */
export interface DroppedLines {
  /** Of requests: each is one without a record. */
  readonly records: number
  /** Of streams that began. */
  readonly begins: number
  /** Of what happened outside requests. */
  readonly events: number
}

export interface SpoolGap extends DroppedLines {
  /** ISO 8601: when the first line of the gap was dropped. */
  readonly since: string
}

const places = { record: 'records', begin: 'begins', event: 'events' } as const

/** Counts what is dropped, since the process started and in the gap that is open. */
export class DroppedCount {
  private readonly total = { records: 0, begins: 0, events: 0 }
  private open: { since: string; records: number; begins: number; events: number } | null = null

  note(kind: SpoolKind): void {
    this.total[places[kind]] += 1
    this.open ??= { since: new Date().toISOString(), records: 0, begins: 0, events: 0 }
    this.open[places[kind]] += 1
  }

  totals(): DroppedLines {
    return { ...this.total }
  }

  /** The gap so far; null where nothing was dropped. */
  gap(): SpoolGap | null {
    return this.open
  }

  /** The gap is over: gives it, and begins anew. */
  close(): SpoolGap | null {
    const { open } = this
    this.open = null
    return open
  }
}

/** The gap that a line of the spool tells of; null: it tells of something else. */
export function gapIn({ event, since, dropped }: ProcessEvent): SpoolGap | null {
  return event !== 'gap' || since === undefined || dropped === undefined ? null : { since, ...dropped }
}

/** As a sentence; `until`: ISO 8601. */
export function describeGap(gap: SpoolGap, until: string): string {
  return `${describeDropped(gap)} missing from ${gap.since} to ${until}, when the spool could not be written`
}

/** `3 requests and 1 event`; what there was none of is not named. */
export function describeDropped({ records, begins, events }: DroppedLines): string {
  const parts = [countOf(records, 'request'), countOf(begins, 'start of a stream', 'starts of streams')]
  const named = [...parts, countOf(events, 'event')].filter((part) => part !== '')
  const last = named.pop() ?? 'nothing'
  return named.length === 0 ? last : `${named.join(', ')} and ${last}`
}

function countOf(amount: number, one: string, many = `${one}s`): string {
  return amount === 0 ? '' : `${amount} ${amount === 1 ? one : many}`
}
