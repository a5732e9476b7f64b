/** CPU time of the measured process a request, at saturation. */
import type { Bench, Row } from './bench.ts'
import type { Measurement } from './interleave.ts'
import { interleave } from './interleave.ts'
import { isDisturbed, watchMachine } from './machine.ts'
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

/** Above this share of idle time the subject waited for work, and its cost holds wake-ups from idle. */
const idleShare = 0.1

/** A row with both costs in microseconds, and a remark on what got in the way. */
export async function compareCpu(comparison: CpuComparison): Promise<Row> {
  const { a, b, budget, warmUp, count, rounds, load } = comparison
  let mostIdle = 0
  const cost = async (subject: Subject): Promise<Measurement> => {
    const used = watchMachine(subject.process)
    await load(subject, count)
    const use = used()
    mostIdle = Math.max(mostIdle, use.idle)
    return { value: use.cpuUs / count, disturbed: isDisturbed(use) }
  }
  for (const subject of [a, b]) await load(subject, warmUp)
  const measured = await interleave(
    rounds,
    () => cost(a),
    () => cost(b),
  )
  const remarks: string[] = []
  if (mostIdle > idleShare) remarks.push(`a round left its core ${Math.round(mostIdle * 100)} % idle`)
  if (measured.clean < rounds) remarks.push(`only ${measured.clean} of ${measured.measured} pairs undisturbed`)
  return {
    case: comparison.case,
    unit: 'µs',
    floor: measured.a,
    gateway: measured.b,
    ratio: measured.ratio,
    budget: `≤ ${budget} ×`,
    holds: measured.ratio.median <= budget,
    ...(remarks.length === 0 ? {} : { note: remarks.join('; ') }),
  }
}

/** Rounds of a comparison: many short ones rather than few long, because neighbours come and go. */
export function roundsOf({ quick }: Bench): number {
  return quick ? 12 : 40
}
