/** Any answer, and any manner of sending it, as values to draw. The wire is written here by hand. */
import fc from 'fast-check'

interface Call {
  readonly name: string
  readonly input: Record<string, unknown>
}

export interface Answer {
  readonly thinking: string
  readonly text: string
  readonly calls: readonly Call[]
  readonly reason: string
  readonly counts: Readonly<Record<string, number>>
}

const words = fc.array(fc.constantFrom('a', 'é', '日本', '🌍', '"', '\\', '\n', '\r\n', ' ', '{', '\u2028'), {
  maxLength: 6,
})
const text = words.map((some) => some.join(''))

export const answers: fc.Arbitrary<Answer> = fc.record({
  thinking: fc.oneof(fc.constant(''), text),
  text,
  calls: fc.array(
    fc.record({
      name: fc.constantFrom('f', 'get_weather'),
      input: fc.dictionary(fc.constantFrom('x', 'y'), fc.oneof(text, fc.integer(), fc.constant(null))),
    }),
    { maxLength: 3 },
  ),
  reason: fc.constantFrom('stop', 'length'),
  counts: fc.constantFrom<Readonly<Record<string, number>>[]>(
    {},
    { eval_count: 5 },
    { prompt_eval_count: 9, eval_count: 5 },
    { prompt_eval_count: 9, prompt_eval_cached_count: 4, eval_count: 5 },
  ),
})

export const manners = fc.record({
  callsTogether: fc.boolean(),
  callIndex: fc.boolean(),
  endsWithLast: fc.boolean(),
  emptyLines: fc.boolean(),
  lineEnd: fc.constantFrom('\n', '\r\n', '\n\n'),
  lastLineEnds: fc.boolean(),
})
export type Manner = ReturnType<typeof manners.generate>['value']

type Fields = Readonly<Record<string, unknown>>

const head = { model: 'm-1', created_at: '2026-03-02T10:00:00.5Z' }

function callsOf({ calls }: Answer, { callIndex }: Manner): Fields[] {
  return calls.map(({ name, input }, index) => ({
    function: { ...(callIndex && index > 0 && { index }), name, arguments: input },
  }))
}

export function wholeReply(answer: Answer, manner: Manner): string {
  const { thinking, text: content, reason, counts } = answer
  const calls = callsOf(answer, manner)
  const message = {
    role: 'assistant',
    content,
    ...(thinking !== '' && { thinking }),
    ...(calls.length > 0 && { tool_calls: calls }),
  }
  return JSON.stringify({ ...head, message, done: true, done_reason: reason, total_duration: 7, ...counts })
}

function piecesOf(answer: Answer, manner: Manner): Fields[] {
  const { thinking, text: content } = answer
  const calls = callsOf(answer, manner)
  const pieces: Fields[] = [
    // Code points apart, as tokens come; never inside a surrogate pair, since each line is JSON of its own.
    ...Array.from(thinking, (piece) => ({ content: '', thinking: piece })),
    ...Array.from(content, (piece) => ({ content: piece })),
  ]
  if (manner.callsTogether && calls.length > 0) pieces.push({ content: '', tool_calls: calls })
  else for (const call of calls) pieces.push({ content: '', tool_calls: [call] })
  return pieces
}

export function bytesOf(answer: Answer, manner: Manner): Uint8Array {
  const pieces = piecesOf(answer, manner)
  if (!manner.endsWithLast || pieces.length === 0) pieces.push({ content: '' })
  const lines = pieces.map((piece, index) => {
    const message = { role: 'assistant', ...piece }
    if (index < pieces.length - 1) return JSON.stringify({ ...head, message, done: false })
    return JSON.stringify({ ...head, message, done: true, done_reason: answer.reason, ...answer.counts })
  })
  const between = manner.lineEnd + (manner.emptyLines ? ` ${manner.lineEnd}` : '')
  return new TextEncoder().encode(lines.join(between) + (manner.lastLineEnds ? manner.lineEnd : ''))
}
