/** CPU of a stream of 100 chunks at saturation, every chunk a network read of its own. */
import type { BenchCase } from '../harness/bench.ts'
import { skipped } from '../harness/bench.ts'
import { compareCpu, roundsOf } from '../harness/cpu.ts'
import { runStreams, streamPrompt } from '../harness/load.ts'
import type { Subject } from '../harness/subject.ts'
import type { Upstream } from '../harness/upstream.ts'
import type { StreamBytes } from '../harness/wire.ts'
import { renderRequest, renderStream } from '../harness/wire.ts'

const name = 'CPU, stream of 100 chunks'
const budget = 1.2
/** As for plain requests: enough to keep the measured core busy. */
const concurrency = 64
const bytes = renderStream(100)

export const stream: BenchCase = {
  name,
  async run(bench) {
    const { gateway, floor, upstream } = bench
    if (gateway === null) return [skipped(name, `≤ ${budget} ×`, 'there is no gateway yet')]
    const row = await compareCpu({
      case: name,
      a: floor,
      b: gateway,
      budget,
      warmUp: 1_000,
      count: 256,
      rounds: roundsOf(bench),
      load: (subject, count) => loadStreams(upstream, subject, { count }),
    })
    return [row]
  },
}

export interface StreamLoad {
  readonly count: number
  /** What the provider sends; default: OpenAI's language. */
  readonly stream?: StreamBytes
}

export function loadStreams(
  upstream: Upstream,
  subject: Subject,
  { count, stream: sent = bytes }: StreamLoad,
): Promise<void> {
  const requests = Array.from({ length: concurrency }, (_, number) =>
    renderRequest({ model: 'gpt-4o-mini', prompt: streamPrompt(number), stream: true, headers: subject.headers }),
  )
  return runStreams(upstream, { port: subject.port, requests, stream: sent, count, concurrency })
}
