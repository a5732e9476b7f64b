/** Resident memory over many streams: an hour of fifty a second, run at full speed. */
import type { BenchCase } from '../harness/bench.ts'
import { skipped } from '../harness/bench.ts'
import { median } from '../harness/statistics.ts'
import type { Subject } from '../harness/subject.ts'
import type { Upstream } from '../harness/upstream.ts'
import { loadStreams } from './stream.ts'

const name = 'memory over streams'
/** Growth between the first and the last third, once warm. A leak of 100 bytes a stream would be 18 MB in the full run. */
const budget = 0.05

const mebibyte = 1024 * 1024

export const memory: BenchCase = {
  name,
  async run({ gateway, floor, upstream, quick }) {
    if (gateway === null) return [skipped(name, '≤ 5 % growth', 'there is no gateway yet')]
    const batches = quick ? 12 : 90
    const streams = quick ? 500 : 2_000
    const byFloor = quick ? null : await watch(upstream, floor, { warmUp: longWarmUp, batches: 12, streams: 500 })
    const watched = await watch(upstream, gateway, { warmUp: quick ? 2_000 : longWarmUp, batches, streams })
    return [
      {
        case: `${name} (${batches * streams})`,
        unit: 'MB',
        floor: byFloor === null ? null : byFloor.last,
        gateway: watched.last,
        ratio: null,
        budget: '≤ 5 % growth',
        // A short run sees the heap find its size, and nothing else.
        holds: quick ? null : watched.last / watched.first - 1 <= budget,
        note: `${quick ? 'too short to judge; ' : ''}from ${watched.first.toFixed(1)} to ${watched.last.toFixed(1)} MB`,
      },
    ]
  },
}

/** The floor's heap was seen to grow for 25,000 streams before it stayed as it was. */
const longWarmUp = 30_000

interface Watch {
  readonly warmUp: number
  readonly batches: number
  readonly streams: number
}

/** Medians of the first and last third of the samples; a median does not see the moment before a collection. */
async function watch(
  upstream: Upstream,
  subject: Subject,
  { warmUp, batches, streams }: Watch,
): Promise<{ first: number; last: number }> {
  const samples: number[] = []
  await loadStreams(upstream, subject, { count: warmUp })
  for (let batch = 0; batch < batches; batch += 1) {
    await loadStreams(upstream, subject, { count: streams })
    samples.push(subject.process.rssBytes() / mebibyte)
  }
  const third = Math.ceil(samples.length / 3)
  return { first: median(samples.slice(0, third)), last: median(samples.slice(-third)) }
}
