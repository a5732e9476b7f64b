/** Three times as much as the gateway can do: how long those wait who are served, and those who are turned away. */
import type { BenchCase, Row } from '../harness/bench.ts'
import { skipped } from '../harness/bench.ts'
import { type Answer, openLoop } from '../harness/open-loop.ts'
import { quantile } from '../harness/statistics.ts'
import type { Subject } from '../harness/subject.ts'
import { renderShortStream } from '../harness/wire.ts'

const name = 'served at 3 × capacity, p90'
const budget = 4
/** What a model takes until its answer comes. */
const thinkingMs = 300
/** So much work that one process of load can send three times as many as the gateway can do. */
const chunks = 400
const atOnce = 48
/** Of its core; a load that has more to do measures its own lateness. */
const mostLoad = 0.85

export const overload: BenchCase = {
  name,
  async run({ gateway, quick, upstream }) {
    if (gateway === null) return [skipped(name, `≤ ${budget} ×`, 'there is no gateway yet')]
    const reply = renderShortStream(chunks)
    const answerIn = (ms: number) => {
      upstream.handle = ({ socket }) => void setTimeout(() => socket.write(reply), ms)
    }
    answerIn(0)
    await measureCapacity(gateway, 2000)
    const capacity = await measureCapacity(gateway, quick ? 2000 : 5000)
    answerIn(thinkingMs)
    const unloaded = quantile(timesOf(await load(gateway, 20, 3000), 200), 0.5)
    const forMs = quick ? 5000 : 20_000
    const idle = performance.eventLoopUtilization()
    const answers = await load(gateway, 3 * capacity, forMs)
    const { utilization } = performance.eventLoopUtilization(idle)
    const served = timesOf(answers, 200)
    const goodput = served.length / (forMs / 1000) / capacity
    const ratio = quantile(served, 0.9) / unloaded
    const row = (more: Pick<Row, 'case' | 'unit' | 'gateway'>): Row => {
      return { floor: null, ratio: null, budget: '', holds: null, ...more }
    }
    return [
      {
        ...row({ case: name, unit: '× unloaded', gateway: ratio }),
        budget: `≤ ${budget} ×`,
        // Answers that wait for the load to read them say nothing about the gateway.
        holds: utilization > mostLoad ? null : ratio <= budget,
        note: `${utilization > mostLoad ? 'the load could not keep up; ' : ''}capacity ${capacity.toFixed(0)} streams of ${chunks} chunks a second; unloaded ${unloaded.toFixed(0)} ms`,
      },
      row({ case: 'the same, p50', unit: '× unloaded', gateway: quantile(served, 0.5) / unloaded }),
      row({ case: 'the same, p99', unit: '× unloaded', gateway: quantile(served, 0.99) / unloaded }),
      row({ case: 'turned away, p50', unit: 'ms', gateway: quantile(timesOf(answers, 503), 0.5) }),
      row({ case: 'turned away, p90', unit: 'ms', gateway: quantile(timesOf(answers, 503), 0.9) }),
      row({ case: 'served, of its capacity', unit: '%', gateway: goodput * 100 }),
      row({ case: 'neither', unit: 'requests', gateway: answers.filter(({ status }) => status === 0).length }),
    ]
  },
}

function timesOf(answers: readonly Answer[], wanted: number): number[] {
  return answers.filter(({ status }) => status === wanted).map(({ ms }) => ms)
}

function load({ port, headers }: Subject, perSecond: number, forMs: number): Promise<readonly Answer[]> {
  return openLoop({ url: `http://127.0.0.1:${port}`, perSecond, forMs, body, headers: asObject(headers) })
}

const body = JSON.stringify({ model: 'gpt-4o-mini', stream: true, messages: [{ role: 'user', content: 'Hello.' }] })

/** Streams a second, when it is never out of work. */
async function measureCapacity({ port, headers }: Subject, forMs: number): Promise<number> {
  const endAt = performance.now() + forMs
  let finished = 0
  const caller = async (): Promise<void> => {
    while (performance.now() < endAt) {
      const url = `http://127.0.0.1:${port}/v1/chat/completions`
      const reply = await fetch(url, { method: 'POST', body, headers: asObject(headers) })
      await reply.text()
      finished += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, caller))
  return finished / (forMs / 1000)
}

function asObject(headers: Subject['headers']): Record<string, string> {
  return Object.fromEntries(headers.map((line) => line.split(/: (.*)/s).slice(0, 2)) as [string, string][])
}
