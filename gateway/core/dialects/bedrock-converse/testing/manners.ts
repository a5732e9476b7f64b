/** Any answer of this language, and any manner of sending it. The events are written here by hand. */
import fc from 'fast-check'
import { eventLines } from '../../../framing/testing/event-messages.ts'

// ---- answers ----

export type Block =
  | { readonly text: string }
  | {
      readonly citationsContent: {
        readonly content: readonly { text: string }[]
        readonly citations: readonly object[]
      }
    }
  | { readonly reasoningContent: { readonly reasoningText: { readonly text: string; readonly signature?: string } } }
  | { readonly reasoningContent: { readonly redactedContent: string } }
  | { readonly toolUse: ToolUse }

export interface ToolUse {
  readonly toolUseId: string
  readonly name: string
  readonly input: Record<string, unknown>
  readonly type?: string
}

export interface Answer {
  readonly content: readonly Block[]
  readonly stopReason: string
  readonly usage: Readonly<Record<string, number>>
}

const words = fc.array(fc.constantFrom('a', 'é', '日本', '🌍', '"', '\\', '\n', ' ', '{', 'data:'), { maxLength: 6 })
const text = words.map((some) => some.join(''))
const citation = fc.constantFrom<object[]>(
  { title: 't', location: { web: { url: 'https://example.test/é' } } },
  { source: 'nowhere' },
)
const block: fc.Arbitrary<Block> = fc.oneof(
  text.map((some) => ({ text: some })),
  fc
    .tuple(text, fc.array(citation, { minLength: 1, maxLength: 2 }))
    .map(([some, citations]) => ({ citationsContent: { content: [{ text: some }], citations } })),
  text.map((some) => ({ reasoningContent: { reasoningText: { text: some } } })),
  text.map((some) => ({ reasoningContent: { reasoningText: { text: some, signature: 'sig==' } } })),
  fc.constant({ reasoningContent: { redactedContent: 'ZGF0YQ==' } }),
  fc.record({
    toolUse: fc.record({
      toolUseId: fc.constant(''),
      name: fc.constantFrom('look', 'answer'),
      input: fc.dictionary(fc.constantFrom('x', 'y'), fc.oneof(text, fc.integer())),
    }),
  }),
  fc.constant({ toolUse: { toolUseId: 's', name: 'search', input: { q: 1 }, type: 'server_tool_use' } }),
)

/** Ids of calls are what they are numbered by. */
const content = fc
  .array(block, { maxLength: 6 })
  .map((blocks) =>
    blocks.map((one, index) =>
      'toolUse' in one && one.toolUse.type === undefined
        ? { toolUse: { ...one.toolUse, toolUseId: `tooluse_${index}` } }
        : one,
    ),
  )

export const answers: fc.Arbitrary<Answer> = fc.record({
  content,
  stopReason: fc.constantFrom('end_turn', 'max_tokens', 'tool_use', 'guardrail_intervened', 'word_of_tomorrow'),
  usage: fc.record({ inputTokens: fc.nat(99), cacheReadInputTokens: fc.nat(99), outputTokens: fc.nat(99) }),
})

export function wholeReply({ content: blocks, stopReason, usage }: Answer): string {
  return JSON.stringify({ output: { message: { role: 'assistant', content: blocks } }, stopReason, usage })
}

// ---- manners ----

export const manners = fc.record({
  closesBlocks: fc.boolean(),
  usageFirst: fc.boolean(),
  start: fc.boolean(),
  unknown: fc.boolean(),
})
export type Manner = ReturnType<typeof manners.generate>['value']

/** Code points apart, as tokens come; never inside a surrogate pair, since each event is JSON of its own. */
function codePoints(value: string): string[] {
  return Array.from(value)
}

function deltasOf(one: Block): object[] {
  if ('text' in one) return codePoints(one.text).map((piece) => ({ text: piece }))
  if ('citationsContent' in one) {
    const { content: pieces, citations } = one.citationsContent
    const said = pieces.map((piece) => piece.text).join('')
    return [...codePoints(said).map((piece) => ({ text: piece })), ...citations.map((cited) => ({ citation: cited }))]
  }
  if ('toolUse' in one) return codePoints(JSON.stringify(one.toolUse.input)).map((input) => ({ toolUse: { input } }))
  if ('redactedContent' in one.reasoningContent) return [{ reasoningContent: one.reasoningContent }]
  const { text: thought, signature } = one.reasoningContent.reasoningText
  const pieces = codePoints(thought).map((piece) => ({ reasoningContent: { text: piece } }))
  return signature === undefined ? pieces : [...pieces, { reasoningContent: { signature } }]
}

export function linesOf({ content: blocks, stopReason, usage }: Answer, manner: Manner): string[] {
  const lines: string[] = []
  const write = (name: string, payload: object) => lines.push(`${name} ${JSON.stringify({ ...payload, p: 'abc' })}`)
  if (manner.start) write('messageStart', { role: 'assistant' })
  for (const [contentBlockIndex, one] of blocks.entries()) {
    if ('toolUse' in one) {
      const { input: _input, ...start } = one.toolUse
      write('contentBlockStart', { contentBlockIndex, start: { toolUse: start } })
    }
    for (const delta of deltasOf(one)) write('contentBlockDelta', { contentBlockIndex, delta })
    if (manner.unknown) write('eventOfTomorrow', { contentBlockIndex })
    if (manner.closesBlocks || contentBlockIndex < blocks.length - 1) write('contentBlockStop', { contentBlockIndex })
  }
  const metadata = { usage, metrics: { latencyMs: 1 } }
  if (manner.usageFirst) write('metadata', metadata)
  write('messageStop', { stopReason })
  if (!manner.usageFirst) write('metadata', metadata)
  return lines
}

export function bytesOf(drawn: Answer, manner: Manner): Uint8Array {
  return eventLines(linesOf(drawn, manner))
}
