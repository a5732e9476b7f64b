/** CPU of a plain request at saturation, with a short prompt and with one of 50 kB. */
import type { BenchCase } from '../harness/bench.ts'
import { skipped } from '../harness/bench.ts'
import { compareCpu, roundsOf } from '../harness/cpu.ts'
import { runPlain } from '../harness/load.ts'
import { renderPlainReply, renderRequest } from '../harness/wire.ts'

interface PlainCase {
  readonly name: string
  readonly prompt: string
  readonly warmUp: number
  readonly count: number
}

const sentence = 'Which of our offices stays open the longest during the winter holidays, and who keeps the keys? '
const budget = 1.5
/** At 64 the measured core was seen to be busy for 99 % of the time, the other for half of it. */
const concurrency = 64

export const plainSmall = plainCase({ name: 'CPU, plain request', prompt: sentence, warmUp: 20_000, count: 6_000 })

export const plainLarge = plainCase({
  name: 'CPU, 50 kB prompt',
  prompt: sentence.repeat(Math.ceil(50_000 / sentence.length)),
  warmUp: 4_000,
  count: 1_500,
})

function plainCase({ name, prompt, warmUp, count }: PlainCase): BenchCase {
  const reply = renderPlainReply()
  return {
    name,
    async run(bench) {
      const { gateway, floor, upstream } = bench
      if (gateway === null) return [skipped(name, `≤ ${budget} ×`, 'there is no gateway yet')]
      const row = await compareCpu({
        case: name,
        a: floor,
        b: gateway,
        budget,
        warmUp,
        count,
        rounds: roundsOf(bench),
        load: (subject, sent) => {
          const request = renderRequest({ model: 'gpt-4o-mini', prompt, stream: false, headers: subject.headers })
          return runPlain(upstream, { port: subject.port, request, reply, count: sent, concurrency })
        },
      })
      return [row]
    },
  }
}
