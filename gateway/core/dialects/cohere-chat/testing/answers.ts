/** Answers of any kind, and the manners in which the API sends them, for laws about decoding. */
import fc from 'fast-check'

const text = fc.constantFrom('', 'a', 'Hello there.', 'ünïcode 🌍', '{"a":1}', ' \n')

export type Answer = ReturnType<typeof answers.generate>['value']

export const answers = fc.record({
  thinking: text,
  plan: text,
  text,
  calls: fc.array(
    fc.record({
      name: fc.constantFrom('f', 'get_weather', 'get__dash__time'),
      given: fc.constantFrom('', 'null', '{}', '{"x":"ü"}', ' {"y": [1]}'),
    }),
    { maxLength: 3 },
  ),
  citations: fc.array(fc.constant({ start: 0, end: 1, text: 'a', sources: [] }), { maxLength: 2 }),
  reason: fc.constantFrom('COMPLETE', 'STOP_SEQUENCE', 'MAX_TOKENS', 'TOOL_CALL'),
  usage: fc.constantFrom<object[]>(
    {},
    { billed_units: { input_tokens: 3, output_tokens: 4 } },
    { tokens: { input_tokens: 9, output_tokens: 5, image_tokens: 2, reasoning_tokens: 3 }, cached_tokens: 4 },
  ),
})

export type Manner = ReturnType<typeof manners.generate>['value']

export const manners = fc.record({
  /** Content may stand in the event that opens its part already. */
  startsFull: fc.boolean(),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  names: fc.boolean(),
  done: fc.boolean(),
  comments: fc.boolean(),
})

const id = '41ef7910-e6c8-4d90-af17-17242f2a8fc6'

export function wholeReply({ thinking, plan, text: said, calls, citations, reason, usage }: Answer): string {
  const message = {
    role: 'assistant',
    content: [
      { type: 'thinking', thinking },
      { type: 'text', text: said },
    ],
    tool_plan: plan,
    tool_calls: calls.map(({ name, given }, index) => ({
      id: `${name}_${index}`,
      type: 'function',
      function: { name, arguments: given },
    })),
    citations,
  }
  return JSON.stringify({ id, message, finish_reason: reason, usage })
}

type Event = Readonly<Record<string, unknown>> & { readonly type: string }

/** Code points apart, as tokens come; never inside a surrogate pair, since each event is JSON of its own. */
function partEvents(kind: 'thinking' | 'text', whole: string, index: number, startsFull: boolean): Event[] {
  const pieces = Array.from(whole)
  const first = startsFull ? (pieces.shift() ?? '') : ''
  const content = (piece: string, more: object = {}) => ({ message: { content: { ...more, [kind]: piece } } })
  return [
    { type: 'content-start', index, delta: content(first, { type: kind }) },
    ...pieces.map((piece) => ({ type: 'content-delta', index, delta: content(piece) })),
    { type: 'content-end', index },
  ]
}

function callEvents({ name, given }: Answer['calls'][number], index: number, startsFull: boolean): Event[] {
  const pieces = Array.from(given)
  const first = startsFull ? (pieces.shift() ?? '') : ''
  const call = { id: `${name}_${index}`, type: 'function', function: { name, arguments: first } }
  const piece = (some: string) => ({ message: { tool_calls: { function: { arguments: some } } } })
  return [
    { type: 'tool-call-start', index, delta: { message: { tool_calls: call } } },
    ...pieces.map((some) => ({ type: 'tool-call-delta', index, delta: piece(some) })),
    { type: 'tool-call-end', index },
  ]
}

export function bytesOf(answer: Answer, { startsFull, lineEnd, names, done, comments }: Manner): Uint8Array {
  const { thinking, plan, text: said, calls, citations, reason, usage } = answer
  const events: Event[] = [
    { id, type: 'message-start', delta: { message: { role: 'assistant', content: [] } } },
    ...partEvents('thinking', thinking, 0, startsFull),
    ...Array.from(plan, (piece): Event => ({ type: 'tool-plan-delta', delta: { message: { tool_plan: piece } } })),
    ...partEvents('text', said, 1, startsFull),
    ...citations.map((one, index): Event => ({
      type: 'citation-start',
      index,
      delta: { message: { citations: one } },
    })),
    ...calls.flatMap((call, index) => callEvents(call, index, startsFull)),
    { type: 'message-end', delta: { finish_reason: reason, usage } },
  ]
  const frames = events.map((event) => [
    ...(comments ? [': ping', ''] : []),
    ...(names ? [`event: ${event.type}`] : []),
    `data: ${JSON.stringify(event)}`,
    '',
  ])
  const lines = [...frames.flat(), ...(done ? ['data: [DONE]', ''] : []), '']
  return new TextEncoder().encode(lines.join(lineEnd))
}
