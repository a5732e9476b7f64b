/** What a case is given and what it gives back. */
import type { Builds, Subject } from './subject.ts'
import type { Upstream } from './upstream.ts'

export interface Bench {
  readonly quick: boolean
  readonly upstream: Upstream
  readonly floor: Subject
  /** The gateway, or in a run of the floor against itself a second floor. null: there is none yet. */
  readonly gateway: Subject | null
  readonly builds: Builds
  /** A temporary folder of this run. */
  readonly directory: string
  /** Talk, on stderr. */
  say(message: string): void
}

export interface Row {
  readonly case: string
  readonly unit: string
  readonly floor: number | null
  readonly gateway: number | null
  /** Of interleaved pairs: the median and its quartiles. */
  readonly ratio: { readonly median: number; readonly low: number; readonly high: number } | null
  readonly budget: string
  /** null: not measured, or no budget. */
  readonly holds: boolean | null
  readonly note?: string
}

export interface BenchCase {
  readonly name: string
  run(bench: Bench): Promise<readonly Row[]>
}

/** A row for what could not be measured, with the reason. */
export function skipped(name: string, budget: string, reason: string): Row {
  return {
    case: name,
    unit: '',
    floor: null,
    gateway: null,
    ratio: null,
    budget,
    holds: null,
    note: `skipped: ${reason}`,
  }
}
