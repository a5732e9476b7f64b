/**
 * Any answer of this language, and any manner of sending it. The wire is written here by hand, not by anything that is
 * under test.
 */
import fc from 'fast-check'

// ---- answers ----

export type Piece =
  | { readonly text: string; readonly thought?: true; readonly thoughtSignature?: string }
  | {
      readonly functionCall: { readonly id?: string; readonly name: string; readonly args?: Record<string, unknown> }
      readonly thoughtSignature?: string
    }

export interface Candidate {
  readonly parts: readonly Piece[]
  readonly finishReason: string
  readonly sources: readonly string[]
}

export interface Answer {
  readonly candidates: readonly Candidate[]
  readonly usage: Readonly<Record<string, number>>
}

const words = fc.array(fc.constantFrom('a', 'é', '日本', '🌍', '"', '\\', '\n', ' ', '{', 'data:'), { maxLength: 6 })
const text = words.map((some) => some.join(''))
const signature = fc.option(fc.constantFrom('c2ln', 'c2lnMg=='), { nil: undefined })

function signed<Part extends object>(part: fc.Arbitrary<Part>): fc.Arbitrary<Part & { thoughtSignature?: string }> {
  return fc.tuple(part, signature).map(([one, mark]) => (mark === undefined ? one : { ...one, thoughtSignature: mark }))
}

const call = fc.record(
  {
    id: fc.constantFrom('a', 'b', 'c'),
    name: fc.constantFrom('look', 'now'),
    args: fc.dictionary(fc.constantFrom('x', 'y'), fc.oneof(text, fc.integer())),
  },
  { requiredKeys: ['name'] },
)
const piece: fc.Arbitrary<Piece> = fc.oneof(
  { weight: 3, arbitrary: signed(text.map((some) => ({ text: some }))) },
  { weight: 1, arbitrary: text.map((some) => ({ text: some, thought: true as const })) },
  { weight: 2, arbitrary: signed(call.map((one) => ({ functionCall: one }))) },
)
const candidate = fc.record({
  parts: fc.array(piece, { maxLength: 6 }),
  finishReason: fc.constantFrom('STOP', 'MAX_TOKENS', 'SAFETY', 'WORD_OF_TOMORROW'),
  sources: fc.uniqueArray(fc.constantFrom('https://example.test/a', 'https://example.test/é'), { maxLength: 2 }),
})

export const answers: fc.Arbitrary<Answer> = fc.record({
  candidates: fc.array(candidate, { minLength: 1, maxLength: 2 }),
  usage: fc.record({ promptTokenCount: fc.nat(99), candidatesTokenCount: fc.nat(99), thoughtsTokenCount: fc.nat(99) }),
})

// ---- manners ----

export const manners = fc.record({
  /** Usage stands on every event, growing, or on the last alone. */
  usageEverywhere: fc.boolean(),
  /** The finish reason stands on every event of a candidate. */
  finishEverywhere: fc.boolean(),
  /** The finish reason comes in an event of its own. */
  finishAlone: fc.boolean(),
  /** Vertex AI counts from 0 without saying so. */
  hidesIndex: fc.boolean(),
  lineEnd: fc.constantFrom('\r\n', '\n', '\r'),
})
export type Manner = ReturnType<typeof manners.generate>['value']

const head = { modelVersion: 'm-1', responseId: 'r-law' }

function metadataOf({ sources }: Candidate): object {
  return sources.length === 0 ? {} : { citationMetadata: { citations: sources.map((uri) => ({ uri })) } }
}

function placeOf(index: number, { hidesIndex }: Manner): object {
  return hidesIndex && index === 0 ? {} : { index }
}

export function wholeReply({ candidates, usage }: Answer, manner: Manner): string {
  const all = candidates.map((one, index) => ({
    content: { role: 'model', parts: one.parts },
    finishReason: one.finishReason,
    ...placeOf(index, manner),
    ...metadataOf(one),
  }))
  return JSON.stringify({ candidates: all, usageMetadata: usage, ...head })
}

/** Text in code points, as tokens come; calls whole. The signature of a text comes with its last piece. */
function piecesOf(part: Piece): Piece[] {
  if ('functionCall' in part) return [part]
  const { text: whole, thoughtSignature: mark, ...rest } = part
  const pieces: Piece[] = Array.from(whole, (letter) => ({ text: letter, ...rest }))
  return mark === undefined ? pieces : [...pieces, { text: '', ...rest, thoughtSignature: mark }]
}

function eventsOf({ candidates, usage }: Answer, manner: Manner): object[] {
  const events: object[] = []
  for (const [index, one] of candidates.entries()) {
    const place = placeOf(index, manner)
    const pieces = one.parts.flatMap(piecesOf)
    const finish = { finishReason: one.finishReason, ...metadataOf(one) }
    for (const [at, part] of pieces.entries()) {
      const isLast = at === pieces.length - 1 && !manner.finishAlone
      const early = manner.finishEverywhere ? { finishReason: one.finishReason } : {}
      events.push({
        candidates: [{ content: { role: 'model', parts: [part] }, ...place, ...early, ...(isLast && finish) }],
      })
    }
    if (pieces.length === 0 || manner.finishAlone)
      events.push({ candidates: [{ content: { role: 'model' }, ...place, ...finish }] })
  }
  return events.map((event, at) => {
    const isLast = at === events.length - 1
    const partial = manner.usageEverywhere ? { usageMetadata: { promptTokenCount: usage['promptTokenCount'] } } : {}
    return { ...event, ...head, ...(isLast ? { usageMetadata: usage } : partial) }
  })
}

export function bytesOf(drawn: Answer, manner: Manner): Uint8Array {
  const { lineEnd } = manner
  const lines = eventsOf(drawn, manner).map((event) => `data: ${JSON.stringify(event)}${lineEnd}${lineEnd}`)
  return new TextEncoder().encode(lines.join(''))
}
