/** CPU time of the measured process a request, at saturation. */
import type { Bench, Row } from './bench.ts'
import { interleave } from './interleave.ts'
import type { Subject } from './subject.ts'

export interface CpuComparison {
  readonly case: string
  readonly a: Subject
  readonly b: Subject
  readonly budget: number
  readonly warmUp: number
  /** Requests a round, and rounds. */
  readonly count: number
  readonly rounds: number
  readonly load: (subject: Subject, count: number) => Promise<void>
}

/** Below this share of the core the subject waited for work, and its cost holds wake-ups from idle. */
const saturated = 0.9

/** A row with both costs in microseconds, and a remark when the load was too weak to saturate. */
export async function compareCpu(comparison: CpuComparison): Promise<Row> {
  const { a, b, budget, warmUp, count, rounds, load } = comparison
  let leastBusy = 1
  const cost = async (subject: Subject): Promise<number> => {
    const cpuBefore = subject.process.cpuUs()
    const startedAt = performance.now()
    await load(subject, count)
    const cpu = subject.process.cpuUs() - cpuBefore
    leastBusy = Math.min(leastBusy, cpu / ((performance.now() - startedAt) * 1000))
    return cpu / count
  }
  for (const subject of [a, b]) await load(subject, warmUp)
  const measured = await interleave(
    rounds,
    () => cost(a),
    () => cost(b),
  )
  const row = {
    case: comparison.case,
    unit: 'µs',
    floor: measured.a,
    gateway: measured.b,
    ratio: measured.ratio,
    budget: `≤ ${budget} ×`,
    holds: measured.ratio.median <= budget,
  }
  return leastBusy >= saturated
    ? row
    : { ...row, note: `a round had its core only ${Math.round(leastBusy * 100)} % busy` }
}

/** Rounds of a comparison: many short ones rather than few long, because neighbours come and go. */
export function roundsOf({ quick }: Bench): number {
  return quick ? 12 : 40
}
