/** What a route costs lint when there are many: 10,000 routes to 1,000, in each of the ways manifests grow. */
import type { BenchCase, Row } from '../harness/bench.ts'
import { skipped } from '../harness/bench.ts'
import { interleave } from '../harness/interleave.ts'
import { shapes } from '../harness/lint-rules.ts'
import { failureLine, runCommand } from '../harness/run-command.ts'

const few = 1_000
const many = 10_000
/** Flat; a thousand routes are over before the code is warm, so that most ratios are well below one. */
const budget = 1.25

export const lint: BenchCase = {
  name: 'lint',
  async run({ quick }) {
    const rows: Row[] = []
    for (const shape of shapes) rows.push(await compare(shape, quick ? 3 : 9))
    return rows
  },
}

async function compare(shape: string, rounds: number): Promise<Row> {
  const name = `lint a route, ${many} (${shape})`
  const script = new URL('../harness/lint-rules.ts', import.meta.url).pathname
  const run = (routes: number) => runCommand([process.execPath, script, shape, String(routes)])
  const first = await run(few)
  if (first.exitCode !== 0) return skipped(name, `≤ ${budget} ×`, failureLine(first))
  const measure = async (routes: number) => ({
    value: (Number((await run(routes)).stdout) * 1_000) / routes,
    disturbed: false,
  })
  const measured = await interleave(
    rounds,
    () => measure(few),
    () => measure(many),
  )
  return {
    case: name,
    unit: 'µs',
    floor: measured.a,
    gateway: measured.b,
    ratio: measured.ratio,
    budget: `≤ ${budget} ×`,
    holds: measured.ratio.median <= budget,
    note: `floor: ${few} routes; rules only, cold`,
  }
}
