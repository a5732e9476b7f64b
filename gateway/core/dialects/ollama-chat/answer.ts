/** What whole replies and lines of a stream have in common: a line is a piece of the same shape. */
import type { Logprobs, TokenLogprob, TopLogprob } from '../../../../schemas/index.ts'
import type { AnswerHead } from '../../chat/emit-head.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord, textOf } from '../../chat/loose.ts'

/** Answers have no id, and say when in text: RFC 3339 with up to nine digits of a second. */
export function readHead(source: LooseRecord): AnswerHead {
  const said = textOf(source['created_at'])
  // Reads the text, not the clock.
  const createdMs = said === null ? Number.NaN : Date.parse(said)
  return {
    id: null,
    createdSeconds: createdMs >= 1000 ? Math.floor(createdMs / 1000) : null,
    model: textOf(source['model']),
    systemFingerprint: null,
    serviceTier: null,
  }
}

// ---- tools ----

export interface ReadCall {
  /** Empty from servers that give none. */
  readonly id: string
  readonly name: string
  /** JSON. */
  readonly arguments: string
}

/** Calls come whole, in streams too, their arguments parsed; null for one without a name. */
export function readCalls(message: LooseRecord): (ReadCall | null)[] {
  const { tool_calls: calls } = message
  if (!Array.isArray(calls)) return []
  return calls.map((call) => {
    const called: unknown = isRecord(call) ? call['function'] : null
    if (!isRecord(call) || !isRecord(called)) return null
    const name = textOf(called['name'])
    const id = textOf(call['id']) ?? ''
    return name === null ? null : { id, name, arguments: argumentsOf(called['arguments']) }
  })
}

function argumentsOf(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '{}' : value
  return value === undefined || value === null ? '{}' : JSON.stringify(value)
}

// ---- log probabilities ----

/** Those of reasoning are among them, and are not marked. Null for none. */
export function readLogprobs(source: LooseRecord): Logprobs | null {
  const { logprobs } = source
  if (!Array.isArray(logprobs) || logprobs.length === 0) return null
  const content: TokenLogprob[] = []
  for (const one of logprobs) {
    const token = readToken(one)
    if (token === null) return null
    const others: unknown = isRecord(one) ? one['top_logprobs'] : null
    const alternatives = Array.isArray(others) ? others.map(readToken).filter((other) => other !== null) : []
    content.push({ ...token, top_logprobs: alternatives })
  }
  return { content, refusal: null }
}

function readToken(value: unknown): TopLogprob | null {
  if (!isRecord(value)) return null
  const { token, logprob, bytes } = value
  if (typeof token !== 'string' || typeof logprob !== 'number') return null
  return { token, logprob, bytes: isBytes(bytes) ? bytes : null }
}

function isBytes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((byte) => Number.isSafeInteger(byte))
}
