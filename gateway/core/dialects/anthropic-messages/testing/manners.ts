/**
 * Any answer of this language, and any manner of sending it. The wire is written here by hand, not by anything that is
 * under test.
 */
import fc from 'fast-check'

// ---- answers ----

export type Block =
  | { readonly type: 'text'; readonly text: string; readonly citations: readonly object[] }
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: Record<string, unknown> }
  | { readonly type: 'server_tool_use'; readonly id: string; readonly name: string; readonly input: object }

export interface Answer {
  readonly content: readonly Block[]
  readonly stop_reason: string
  readonly usage: Readonly<Record<string, number>>
}

const words = fc.array(fc.constantFrom('a', 'é', '日本', '🌍', '"', '\\', '\n', ' ', '{', 'data:'), { maxLength: 6 })
const text = words.map((some) => some.join(''))
const citation = fc.record({
  type: fc.constant('web_search_result_location'),
  url: fc.constantFrom('https://example.test/é', 'nowhere'),
  title: fc.oneof(fc.constant(null), text),
})
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ type: fc.constant('text'), text, citations: fc.array(citation, { maxLength: 2 }) }),
  fc.record({ type: fc.constant('thinking'), thinking: text, signature: fc.constantFrom('', 'sig==') }),
  fc.record({ type: fc.constant('redacted_thinking'), data: fc.constant('data==') }),
  fc.record({
    type: fc.constant('tool_use'),
    id: fc.constant('toolu_'),
    name: fc.constantFrom('look', 'answer'),
    input: fc.dictionary(fc.constantFrom('x', 'y'), fc.oneof(text, fc.integer())),
  }),
  fc.record({ type: fc.constant('server_tool_use'), id: fc.constant('s'), name: text, input: fc.constant({ q: 1 }) }),
)

/** Ids of calls are what they are numbered by. */
const content = fc
  .array(block, { maxLength: 6 })
  .map((blocks) => blocks.map((one, index) => (one.type === 'tool_use' ? { ...one, id: `toolu_${index}` } : one)))

export const answers: fc.Arbitrary<Answer> = fc.record({
  content,
  stop_reason: fc.constantFrom('end_turn', 'max_tokens', 'tool_use', 'refusal', 'word_of_tomorrow'),
  usage: fc.record({ input_tokens: fc.nat(99), cache_read_input_tokens: fc.nat(99), output_tokens: fc.nat(99) }),
})

// ---- manners ----

export const manners = fc.record({
  names: fc.boolean(),
  pings: fc.boolean(),
  /** Blocks begin with all they hold. */
  wholeBlocks: fc.boolean(),
  /** All blocks open before any is filled. */
  interleaved: fc.boolean(),
  /** The last block, if it is a call, is closed. */
  closesBlocks: fc.boolean(),
  inputInFirstUsage: fc.boolean(),
  lastEvent: fc.boolean(),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
})
export type Manner = ReturnType<typeof manners.generate>['value']

const head = { id: 'msg_law', type: 'message', role: 'assistant', model: 'm-1' }

export function wholeReply({ content: blocks, stop_reason, usage }: Answer): string {
  return JSON.stringify({ ...head, content: blocks, stop_reason, usage })
}

/** Code points apart, as tokens come; never inside a surrogate pair, since each event is JSON of its own. */
function codePoints(value: string): string[] {
  return Array.from(value)
}

function begin(one: Block, whole: boolean): object {
  if (whole || one.type === 'redacted_thinking' || one.type === 'server_tool_use') return one
  if (one.type === 'text') return { type: 'text', text: '', citations: [] }
  if (one.type === 'thinking') return { type: 'thinking', thinking: '', signature: '' }
  return { ...one, input: {} }
}

function deltasOf(one: Block): object[] {
  switch (one.type) {
    case 'text':
      return [
        ...one.citations.map((cited) => ({ type: 'citations_delta', citation: cited })),
        ...codePoints(one.text).map((piece) => ({ type: 'text_delta', text: piece })),
      ]
    case 'thinking':
      return [
        ...codePoints(one.thinking).map((piece) => ({ type: 'thinking_delta', thinking: piece })),
        ...(one.signature === '' ? [] : [{ type: 'signature_delta', signature: one.signature }]),
      ]
    case 'tool_use':
      return codePoints(JSON.stringify(one.input)).map((piece) => ({ type: 'input_json_delta', partial_json: piece }))
    default:
      return []
  }
}

/** Only calls may be filled beside each other: text and thoughts have an order. */
function blockEvents(blocks: readonly Block[], manner: Manner): object[] {
  const opened: object[] = []
  const filled: object[] = []
  for (const [index, one] of blocks.entries()) {
    const whole = manner.wholeBlocks && one.type !== 'text'
    const start = { type: 'content_block_start', index, content_block: begin(one, whole) }
    const deltas = whole ? [] : deltasOf(one).map((delta) => ({ type: 'content_block_delta', index, delta }))
    const mayStayOpen = one.type === 'tool_use' && index === blocks.length - 1
    const close = manner.closesBlocks || !mayStayOpen ? [{ type: 'content_block_stop', index }] : []
    if (manner.interleaved && blocks.every(({ type }) => type === 'tool_use')) {
      opened.push(start)
      for (const [position, event] of [...deltas, ...close].entries()) filled.splice(position * (index + 1), 0, event)
    } else opened.push(start, ...deltas, ...close)
  }
  return [...opened, ...filled]
}

function eventsOf({ content: blocks, stop_reason, usage }: Answer, manner: Manner): object[] {
  const first = manner.inputInFirstUsage ? { ...usage, output_tokens: 1 } : { input_tokens: 0, output_tokens: 0 }
  const last = manner.inputInFirstUsage ? { output_tokens: usage['output_tokens'] } : usage
  const events: object[] = [
    { type: 'message_start', message: { ...head, content: [], stop_reason: null, usage: first } },
    ...blockEvents(blocks, manner),
    { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: last },
  ]
  if (manner.lastEvent) events.push({ type: 'message_stop' })
  return manner.pings ? events.flatMap((event) => [{ type: 'ping' }, event]) : events
}

export function bytesOf(drawn: Answer, manner: Manner): Uint8Array {
  const { lineEnd, names } = manner
  const lines = eventsOf(drawn, manner).map((event) => {
    const name = 'type' in event && names ? `event: ${String(event.type)}${lineEnd}` : ''
    return `${name}data: ${JSON.stringify(event)}${lineEnd}${lineEnd}`
  })
  return new TextEncoder().encode(lines.join(''))
}
