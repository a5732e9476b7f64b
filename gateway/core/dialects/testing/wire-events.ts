/**
 * Events of each wire language in any order, whole and spoilt: what a broken server, a proxy in between or an enemy might
 * send. Nothing here is like an answer; what is drawn is what a decoder must survive.
 */
import fc from 'fast-check'
import type { DialectId } from '../../providers/provider.ts'
import { spoilt } from './spoilt.ts'

const text = fc.constantFrom('a', 'b c', '', '{"x":', '1}', '🌍', ' ')
function mostlyWhole(event: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return event.chain((whole) =>
    fc.oneof({ weight: 6, arbitrary: fc.constant(whole) }, { weight: 1, arbitrary: spoilt(whole) }),
  )
}

function record(type: string, fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  return fc.record({ type: fc.constant(type), ...fields })
}

// ---- anthropic-messages ----

const index = fc.constantFrom(0, 0, 1, 2)
const blocks = fc.constantFrom<object[]>(
  { type: 'text', text: 'whole' },
  { type: 'text', text: '' },
  { type: 'thinking', thinking: '', signature: '' },
  { type: 'redacted_thinking', data: 'd' },
  { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
  { type: 'tool_use', id: 'toolu_1', name: 'g', input: { a: 1 } },
  { type: 'tool_use', id: '', name: 'answer', input: {} },
  { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
)
const deltas = fc.oneof(
  text.map((some) => ({ type: 'text_delta', text: some })),
  text.map((some) => ({ type: 'thinking_delta', thinking: some })),
  text.map((some) => ({ type: 'input_json_delta', partial_json: some })),
  fc.constant({ type: 'signature_delta', signature: 'sig' }),
  fc.constant({ type: 'citations_delta', citation: { url: 'https://example.test/' } }),
)
const anthropicEvent = fc.oneof(
  record('message_start', {
    message: fc.constantFrom('msg_1', 'msg_1', 'msg_2').map((id) => ({ id, model: 'm', usage: { input_tokens: 5 } })),
  }),
  record('content_block_start', { index, content_block: blocks }),
  record('content_block_delta', { index, delta: deltas }),
  record('content_block_stop', { index }),
  record('message_delta', {
    delta: fc.constantFrom('end_turn', 'tool_use', 'max_tokens', 'refusal', null).map((why) => ({ stop_reason: why })),
    usage: fc.constantFrom({ output_tokens: 9 }, { input_tokens: 7, output_tokens: 9 }),
  }),
  fc.constant({ type: 'message_stop' }),
  fc.constant({ type: 'ping' }),
  fc.constant({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
)

// ---- bedrock-converse ----

/** By name, since the framing tells it beside the payload. */
function named(name: string, payload: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return mostlyWhole(payload).map((whole) => [name, whole])
}

const converseDelta = fc.oneof(
  text.map((some) => ({ text: some })),
  text.map((some) => ({ reasoningContent: { text: some } })),
  text.map((some) => ({ toolUse: { input: some } })),
  fc.constantFrom<object[]>(
    { reasoningContent: { signature: 'sig' } },
    { reasoningContent: { redactedContent: 'ZA==' } },
    { citation: { title: 't', location: { web: { url: 'https://example.test/' } } } },
  ),
)
const converseStart = fc.constantFrom<object[]>(
  { toolUse: { toolUseId: 'tooluse_1', name: 'f' } },
  { toolUse: { toolUseId: 'tooluse_1', name: 'g' } },
  { toolUse: { toolUseId: '', name: 'answer' } },
  { toolUse: { toolUseId: 's', name: 'nova_grounding', type: 'server_tool_use' } },
  { image: { format: 'png' } },
)
const stopReason = fc.constantFrom('end_turn', 'tool_use', 'max_tokens', 'guardrail_intervened', 'malformed_tool_use')
const converseEvent = fc.oneof(
  named('messageStart', fc.constant({ role: 'assistant' })),
  named('contentBlockStart', fc.record({ contentBlockIndex: index, start: converseStart })),
  { weight: 4, arbitrary: named('contentBlockDelta', fc.record({ contentBlockIndex: index, delta: converseDelta })) },
  named('contentBlockStop', fc.record({ contentBlockIndex: index })),
  { weight: 2, arbitrary: named('messageStop', fc.record({ stopReason })) },
  named('metadata', fc.constant({ usage: { inputTokens: 5, outputTokens: 6, cacheReadInputTokens: 2 } })),
  named('exception:throttlingException', fc.constant({ message: 'Slow down.' })),
  named('event_of_tomorrow', fc.constant({})),
)

// ---- cohere-chat ----

const coherePart = fc.oneof(
  text.map((some) => ({ text: some })),
  text.map((some) => ({ thinking: some })),
)
const cohereCall = fc.constantFrom<object[]>(
  { id: 'f_1', type: 'function', function: { name: 'f', arguments: '' } },
  { id: 'f_1', type: 'function', function: { name: 'a__dash__b', arguments: '{}' } },
  { id: '', function: { name: '' } },
)
const said = (message: fc.Arbitrary<unknown>) => ({ index, delta: fc.record({ message }) })
const cohereEvent = fc.oneof(
  fc.constant({ id: 'c1', type: 'message-start', delta: { message: { role: 'assistant', content: [] } } }),
  record('content-start', said(fc.record({ content: coherePart }))),
  { weight: 3, arbitrary: record('content-delta', said(fc.record({ content: coherePart }))) },
  record('content-end', { index }),
  record('tool-plan-delta', said(fc.record({ tool_plan: text }))),
  record('tool-call-start', said(fc.record({ tool_calls: cohereCall }))),
  record(
    'tool-call-delta',
    said(
      fc
        .constantFrom('{"a"', ':1}', 'nul', 'l', '')
        .map((piece) => ({ tool_calls: { function: { arguments: piece } } })),
    ),
  ),
  record('tool-call-end', { index }),
  record('citation-start', said(fc.constant({ citations: { start: 0, end: 1, text: 'a', sources: [] } }))),
  {
    weight: 2,
    arbitrary: record('message-end', {
      delta: fc.constantFrom<object[]>(
        { finish_reason: 'COMPLETE', usage: { tokens: { input_tokens: 5, output_tokens: 2 } } },
        { finish_reason: 'TOOL_CALL' },
        { finish_reason: 'MAX_TOKENS', usage: {} },
        { finish_reason: 'ERROR', error: 'boom' },
      ),
    }),
  },
  fc.constant({ message: 'too many requests' }),
)

// ---- ollama-chat ----

const ollamaCalls = fc.constantFrom<object[][]>(
  [{ function: { name: 'f', arguments: {} } }],
  [
    { id: 'c1', function: { name: 'f', arguments: { a: 1 } } },
    { id: 'c1', function: { name: 'g', arguments: '' } },
  ],
  [{ function: { name: '' } }],
)
const ollamaEvent = fc.record(
  {
    model: fc.constant('m'),
    message: fc.record({ content: text, thinking: text, tool_calls: ollamaCalls }, { requiredKeys: ['content'] }),
    done: fc.constantFrom(false, false, false, true),
    done_reason: fc.constantFrom('stop', 'length', 'load'),
    prompt_eval_count: fc.constantFrom(5, 0),
    eval_count: fc.constant(3),
    error: fc.constantFrom('boom', ''),
  },
  { requiredKeys: ['model', 'message', 'done'] },
)

// ---- gemini-generate-content ----

const geminiPart = fc.oneof(
  text.map((some) => ({ text: some })),
  text.map((some) => ({ text: some, thought: true, thoughtSignature: 'sig' })),
  fc.constantFrom<object[]>(
    { functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 'sig' },
    { functionCall: { id: 'a', name: 'g' } },
    { functionCall: { id: 'a', name: 'f', willContinue: true } },
    {
      functionCall: {
        partialArgs: [{ jsonPath: '$.__proto__[0].b', stringValue: 'x', willContinue: true }],
        willContinue: true,
      },
    },
    { functionCall: { partialArgs: [{ jsonPath: "$['a']", numberValue: 1 }] } },
    { functionCall: {} },
    { inlineData: { mimeType: 'image/png', data: 'AA==' } },
    { executableCode: { code: 'x' } },
  ),
)
const geminiCandidate = fc.record(
  {
    index: fc.constantFrom<unknown[]>(0, 0, 0, 1, null, -1),
    content: fc.record({ parts: fc.array(geminiPart, { maxLength: 2 }), role: fc.constant('model') }),
    finishReason: fc.constantFrom('STOP', 'STOP', 'MAX_TOKENS', 'SAFETY', 'MALFORMED_FUNCTION_CALL', 'constructor'),
    groundingMetadata: fc.constant({
      groundingChunks: [{ web: { uri: 'https://example.test/é', title: 't' } }],
      groundingSupports: [{ segment: { startIndex: 1, endIndex: 99 }, groundingChunkIndices: [0, 7] }],
    }),
    logprobsResult: fc.constant({ chosenCandidates: [{ token: 'a', logProbability: -1 }], topCandidates: [] }),
  },
  { requiredKeys: ['index', 'content'] },
)
const geminiEvent = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record(
      {
        candidates: fc.array(geminiCandidate, { minLength: 1, maxLength: 2 }),
        usageMetadata: fc.constantFrom<unknown[]>({}, { promptTokenCount: 5, candidatesTokenCount: 3 }),
        modelVersion: fc.constant('m'),
        responseId: fc.constantFrom('r', ''),
      },
      { requiredKeys: ['candidates'] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown[]>(
      { promptFeedback: { blockReason: 'SAFETY' } },
      { error: { code: 503, message: 'bad', status: 'UNAVAILABLE' } },
      [{ error: { code: 429, message: 'bad' } }],
      { usageMetadata: { promptTokenCount: 5 } },
    ),
  },
)

// ---- openai-chat ----

const piece = fc.record(
  {
    index: fc.constantFrom<unknown[]>(0, 1, null, 5),
    id: fc.constantFrom<unknown[]>('a', 'b', '', null),
    function: fc.record(
      { name: fc.constantFrom('f', '', 'g'), arguments: fc.oneof(text, fc.constantFrom<unknown[]>(null, { a: 1 })) },
      { requiredKeys: [] },
    ),
    custom: fc.constant({ name: 'c', input: 'x' }),
  },
  { requiredKeys: ['function'] },
)
const openaiDelta = fc.record(
  {
    role: fc.constant('assistant'),
    content: fc.oneof(text, fc.constantFrom<unknown[]>(null, [{ type: 'text', text: 'p' }])),
    reasoning_content: text,
    refusal: fc.constant('no'),
    tool_calls: fc.array(piece, { maxLength: 2 }),
    function_call: fc.constantFrom<object[]>({ name: 'f', arguments: '' }, { arguments: '{}' }, { name: '' }, {}),
    reasoning_details: fc.constant([{ type: 'reasoning.text', text: 'x', index: 0 }]),
    audio: fc.constant({ id: 'a', data: 'AA' }),
  },
  { requiredKeys: [] },
)
const choice = fc.record(
  {
    index: fc.constantFrom<unknown[]>(0, 0, 0, 1, null, -1),
    delta: openaiDelta,
    finish_reason: fc.constantFrom<unknown[]>(null, null, null, 'stop', 'tool_calls', 'constructor', 'error'),
  },
  { requiredKeys: ['index', 'delta'] },
)
const openaiEvent = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record(
      {
        id: fc.constantFrom('c', ''),
        created: fc.constantFrom<unknown[]>(5, 0, '5'),
        choices: fc.array(choice, { maxLength: 2 }),
        usage: fc.constantFrom<unknown[]>(null, {}, { prompt_tokens: 3, completion_tokens: 4 }),
        error: fc.constantFrom<unknown[]>(null, '', { message: 'bad', code: 429 }),
      },
      { requiredKeys: ['choices'] },
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('[DONE]', '', 'oops', '[1]', 'null', '"text"', '{') },
)

export const wireEvents: Readonly<Partial<Record<DialectId, fc.Arbitrary<unknown>>>> = {
  'anthropic-messages': mostlyWhole(anthropicEvent),
  'bedrock-converse': converseEvent,
  'gemini-generate-content': mostlyWhole(geminiEvent),
  'cohere-chat': mostlyWhole(cohereEvent),
  'ollama-chat': mostlyWhole(ollamaEvent),
  'openai-chat': mostlyWhole(openaiEvent),
}
