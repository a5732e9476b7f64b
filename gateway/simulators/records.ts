/** What a simulated provider saw: the requests it was sent, and how each of them ended. */
import type { FaultKind } from './behaviour.ts'

export interface RecordedRequest {
  /** Counts from 0 within the simulator. */
  readonly number: number
  /** Unix milliseconds, with fractions. */
  readonly at: number
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The parsed body; its text where it is not JSON; undefined until it has been read. */
  readonly body: unknown
  /** Status that was sent; null before anything was, and for good when nothing was. */
  readonly status: number | null
  readonly faults: readonly FaultKind[]
  /** When the first content was written; null: not (yet). */
  readonly firstContentAt: number | null
  /** When the last byte was written, or the simulator itself broke the connection. */
  readonly endedAt: number | null
  /** Set when the caller hung up first: when, and how many content chunks had been sent. */
  readonly aborted: { readonly at: number; readonly chunksSent: number } | null
}

/** The simulator's own view of a record, which it fills in as things happen. */
export type OpenRecord = { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] }

export interface SimulatorStats {
  readonly received: number
  readonly answered: number
  readonly aborted: number
  /** Being answered (or left hanging) right now. */
  readonly open: number
  readonly connections: number
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>
}

export interface Recorder {
  open(request: Pick<RecordedRequest, 'method' | 'path' | 'headers'>): OpenRecord
  fault(record: OpenRecord, kinds: readonly FaultKind[]): void
  ended(record: OpenRecord): void
  /** The socket closed before the answer was whole. */
  aborted(record: OpenRecord, chunksSent: number): void
  /** While the provider itself is gone, sockets that close are no caller's doing. */
  setGone(gone: boolean): void
  requests(): readonly RecordedRequest[]
  clear(): void
  stats(connections: number): SimulatorStats
}

/** Wall-clock milliseconds that never go back, so that two stamps can be subtracted. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}

/** Keeps the last `keep` requests, so that a simulator that runs for days stays small. */
export function createRecorder(keep: number): Recorder {
  let kept: OpenRecord[] = []
  let received = 0
  let answered = 0
  let aborted = 0
  let providerGone = false
  const faults: Partial<Record<FaultKind, number>> = {}
  const ended = (record: OpenRecord): void => {
    record.endedAt = now()
    answered += 1
  }
  return {
    open(request) {
      const record: OpenRecord = {
        number: received,
        at: now(),
        ...request,
        body: undefined,
        status: null,
        faults: [],
        firstContentAt: null,
        endedAt: null,
        aborted: null,
      }
      received += 1
      kept.push(record)
      // Trimmed in batches: shifting one off the front per request would cost more than the request.
      if (kept.length > 2 * keep) kept = kept.slice(-keep)
      return record
    },
    fault(record, kinds) {
      record.faults = kinds
      for (const kind of kinds) faults[kind] = (faults[kind] ?? 0) + 1
    },
    ended,
    setGone(gone) {
      providerGone = gone
    },
    aborted(record, chunksSent) {
      if (providerGone) return ended(record)
      record.aborted = { at: now(), chunksSent }
      aborted += 1
    },
    requests: () => kept.slice(-keep),
    clear() {
      kept = []
    },
    stats: (connections) => ({
      received,
      answered,
      aborted,
      open: received - answered - aborted,
      connections,
      faults: { ...faults },
    }),
  }
}
