/** `logprobsResult`: the tokens that were chosen, and beside each the likeliest. */
import type { Logprobs, TopLogprob } from '../../../../schemas/index.ts'
import { isRecord } from '../../chat/loose.ts'

/** Null for none. */
export function readLogprobs(result: unknown): Logprobs | null {
  if (!isRecord(result) || !Array.isArray(result['chosenCandidates'])) return null
  const { chosenCandidates: chosen, topCandidates: top } = result
  const content = chosen.flatMap((one: unknown, step) => {
    const token = readToken(one)
    const beside: unknown = Array.isArray(top) ? top[step] : null
    const others: unknown = isRecord(beside) ? beside['candidates'] : null
    const alternatives = Array.isArray(others) ? others.map(readToken).filter((other) => other !== null) : []
    return token === null ? [] : [{ ...token, top_logprobs: alternatives }]
  })
  return content.length === 0 ? null : { content, refusal: null }
}

function readToken(value: unknown): TopLogprob | null {
  if (!isRecord(value)) return null
  // Certainty is 0, which is not sent.
  const { token, logProbability: logprob = 0 } = value
  if (typeof token !== 'string' || typeof logprob !== 'number' || !Number.isFinite(logprob)) return null
  return { token, logprob, bytes: [...new TextEncoder().encode(token)] }
}
