/**
 * CPU of requests that are translated to Anthropic's language and back. The floor carries the same bytes, parsed and
 * written again but not translated.
 */
import { renderAnthropicReply, renderAnthropicStream } from '../harness/anthropic-wire.ts'
import type { Bench, BenchCase, Row } from '../harness/bench.ts'
import { skipped } from '../harness/bench.ts'
import type { CpuComparison } from '../harness/cpu.ts'
import { compareCpu, roundsOf } from '../harness/cpu.ts'
import { runPlain } from '../harness/load.ts'
import { startGateway } from '../harness/subject.ts'
import { renderRequest } from '../harness/wire.ts'
import { loadStreams } from './stream.ts'

const prompt = 'Which of our offices stays open the longest during the winter holidays, and who keeps the keys? '
const concurrency = 64
const reply = renderAnthropicReply()
const bytes = renderAnthropicStream(100)

export const translatedPlain = translated({
  name: 'CPU, translated to Anthropic',
  budget: 1.7,
  warmUp: 20_000,
  count: 6_000,
  load:
    ({ upstream }) =>
    (subject, count) => {
      const request = renderRequest({ model: 'gpt-4o-mini', prompt, stream: false, headers: subject.headers })
      return runPlain(upstream, { port: subject.port, request, reply, count, concurrency })
    },
})

export const translatedStream = translated({
  name: 'CPU, translated stream of 100',
  budget: 1.3,
  warmUp: 1_000,
  count: 256,
  load:
    ({ upstream }) =>
    (subject, count) =>
      loadStreams(upstream, subject, { count, stream: bytes }),
})

interface TranslatedCase {
  readonly name: string
  readonly budget: number
  readonly warmUp: number
  readonly count: number
  readonly load: (bench: Bench) => CpuComparison['load']
}

function translated({ name, budget, warmUp, count, load }: TranslatedCase): BenchCase {
  return {
    name,
    async run(bench: Bench): Promise<Row[]> {
      const { floor, upstream, directory } = bench
      const { serve } = bench.builds
      if (serve === null) return [skipped(name, `≤ ${budget} ×`, 'there is no gateway yet')]
      const gateway = await startGateway({ serve, upstreamPort: upstream.port, directory, speaks: 'anthropic' })
      try {
        const rounds = roundsOf(bench)
        return [
          await compareCpu({ case: name, a: floor, b: gateway, budget, warmUp, count, rounds, load: load(bench) }),
        ]
      } finally {
        await gateway.process.stop()
      }
    },
  }
}
