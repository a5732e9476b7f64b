/** What a route costs when there are many: CPU of a request to the last one, and memory a route. */
import type { Bench, BenchCase, Row } from '../harness/bench.ts'
import { skipped } from '../harness/bench.ts'
import { compareCpu, roundsOf } from '../harness/cpu.ts'
import { runPlain } from '../harness/load.ts'
import type { GatewayOptions, Subject } from '../harness/subject.ts'
import { modelOfRoute, startGateway } from '../harness/subject.ts'
import { renderPlainReply, renderRequest } from '../harness/wire.ts'

const cpuName = 'CPU, 10,000 routes to 10'
const memoryName = 'memory a route, 10,000'
const few = 10
const some = 2_000
const many = 10_000
/** "Flat", with room for the noise of two processes. */
const cpuBudget = 1.1
const memoryBudget = 1.25
const settleMs = 1_000
const memoryStarts = 3

export const routes: BenchCase = {
  name: 'routes',
  async run(bench) {
    const { serve } = bench.builds
    if (serve === null) {
      return [
        skipped(cpuName, `≤ ${cpuBudget} ×`, 'there is no gateway yet'),
        skipped(memoryName, `≤ ${memoryBudget} ×`, 'there is no gateway yet'),
      ]
    }
    const options = { serve, upstreamPort: bench.upstream.port, directory: bench.directory }
    // Before any load: afterwards, what a heap holds is a matter of when it was last collected.
    const memory = memoryRow(
      await leastMemory(options, few),
      await leastMemory(options, some),
      await leastMemory(options, many),
    )
    const started: Subject[] = []
    try {
      for (const count of [few, many]) started.push(await startGateway({ ...options, routes: count }))
      const [small, large] = started
      if (small === undefined || large === undefined) throw new Error('two gateways were started')
      return [await cpuRow(bench, small, large), memory]
    } finally {
      await Promise.all(started.map((subject) => subject.process.stop()))
    }
  },
}

/** Kilobytes of a gateway that has just read so many routes; the least of a few, which is the one with least garbage. */
async function leastMemory(options: Omit<GatewayOptions, 'routes'>, count: number): Promise<number> {
  const samples: number[] = []
  for (let start = 0; start < memoryStarts; start += 1) {
    const subject = await startGateway({ ...options, routes: count })
    try {
      await new Promise((resolve) => setTimeout(resolve, settleMs))
      samples.push(subject.process.rssBytes() / 1024)
    } finally {
      await subject.process.stop()
    }
  }
  return Math.min(...samples)
}

async function cpuRow(bench: Bench, small: Subject, large: Subject): Promise<Row> {
  const reply = renderPlainReply()
  const row = await compareCpu({
    case: cpuName,
    a: small,
    b: large,
    budget: cpuBudget,
    warmUp: 20_000,
    count: 5_000,
    rounds: roundsOf(bench),
    load: (subject, count) => {
      const model = modelOfRoute(subject === small ? few - 1 : many - 1)
      const request = renderRequest({ model, prompt: 'Hello.', stream: false, headers: subject.headers })
      return runPlain(bench.upstream, { port: subject.port, request, reply, count, concurrency: 64 })
    },
  })
  return { ...row, note: [`floor: ${few} routes`, row.note ?? ''].filter(Boolean).join('; ') }
}

/** Flat means that the ten-thousandth route takes no more than the thousandth did. */
function memoryRow(atFew: number, atSome: number, atMany: number): Row {
  const earlier = (atSome - atFew) / (some - few)
  const later = (atMany - atSome) / (many - some)
  const ratio = later / earlier
  return {
    case: memoryName,
    unit: 'kB',
    floor: earlier,
    gateway: later,
    ratio: { median: ratio, low: ratio, high: ratio },
    budget: `≤ ${memoryBudget} ×`,
    holds: ratio <= memoryBudget,
    note: `floor: the first ${some} routes; all of it ${(atMany / 1024).toFixed(0)} MB, with ${few} routes ${(atFew / 1024).toFixed(0)} MB`,
  }
}
