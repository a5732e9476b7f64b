/**
 * For every part of a request: one that makes use of it, and the same one without. What a dialect makes of the two must
 * differ where its loss table says that the part is carried, and be the same where it says that it is dropped.
 */
import type { ChatCompletionRequest, RequestContentPart, RequestMessage } from '../../../../schemas/index.ts'
import type { RequestField } from '../../chat/request-fields.ts'

export interface RequestPair {
  readonly using: ChatCompletionRequest
  readonly without: ChatCompletionRequest
}

type Fields = Partial<ChatCompletionRequest>

const question: RequestMessage = { role: 'user', content: 'What ticks?' }

function request(fields: Fields): ChatCompletionRequest {
  return { model: 'asked-model', messages: [question], ...fields }
}

function pair(using: Fields, without: Fields = {}): RequestPair {
  return { using: request(using), without: request(without) }
}

// ---- messages ----

function messages(...some: RequestMessage[]): Fields {
  return { messages: [question, ...some] }
}

const answer: RequestMessage = { role: 'assistant', content: 'A clock.' }

/** A field of an answer in the history. */
function ofAnswer(fields: Partial<RequestMessage>): RequestPair {
  return pair(messages({ ...answer, ...fields }, question), messages(answer, question))
}

function ofContent(part: RequestContentPart, role = 'user'): RequestPair {
  const text = { type: 'text', text: 'Look.' }
  return pair(messages({ role, content: [text, part] }, question), messages({ role, content: [text] }, question))
}

const call = { id: 'call_1', type: 'function', function: { name: 'now', arguments: '{"zone":"UTC"}' } }
const customCall = { id: 'call_2', type: 'custom', custom: { name: 'shell', input: 'date' } }
const result: RequestMessage = { role: 'tool', tool_call_id: 'call_1', content: '10:00' }

// ---- tools ----

const now = { name: 'now', description: 'The time.', parameters: { type: 'object', properties: {} } }
const clock = { type: 'function', function: now }
const tools = [clock, { type: 'function', function: { name: 'get_weather' } }]

function choosing(choice: NonNullable<ChatCompletionRequest['tool_choice']>): RequestPair {
  return pair({ tools, tool_choice: choice }, { tools })
}

const allowed = { mode: 'required', tools: [{ type: 'function', function: { name: 'now' } }] }
const schema = { type: 'object', properties: { name: { type: 'string' } } }

export const requestPairs: Readonly<Record<RequestField, RequestPair>> = {
  'messages[system]': pair({ messages: [{ role: 'system', content: 'Be brief.' }, question] }),
  'messages[developer]': pair({ messages: [{ role: 'developer', content: 'Be brief.' }, question] }),
  'messages[tool]': pair(
    messages({ ...answer, tool_calls: [call] }, result),
    messages({ ...answer, tool_calls: [call] }),
  ),
  'messages[function]': pair(
    messages({ ...answer, function_call: call.function }, { role: 'function', name: 'now', content: '10:00' }),
    messages({ ...answer, function_call: call.function }),
  ),
  'messages[].name': pair({ messages: [{ ...question, name: 'ada' }] }),
  'messages[].refusal': ofAnswer({ refusal: 'I will not say.' }),
  'messages[].reasoning_content': ofAnswer({ reasoning_content: 'What ticks?' }),
  'messages[].reasoning_details': ofAnswer({ reasoning_details: [{ type: 'reasoning.text', text: 'x' }] }),
  'messages[].annotations': ofAnswer({ annotations: [{ type: 'url_citation' }] }),
  'messages[].citations': ofAnswer({ citations: ['https://example.test'] }),
  'messages[].audio': ofAnswer({ audio: { id: 'audio_1' } }),
  'messages[].tool_calls': ofAnswer({ tool_calls: [call] }),
  'messages[].tool_calls[custom]': pair(
    messages({ ...answer, tool_calls: [call, customCall] }, result),
    messages({ ...answer, tool_calls: [call] }, result),
  ),
  'messages[].function_call': ofAnswer({ function_call: call.function }),
  'messages[].other': ofAnswer({ prefix: true }),
  'messages[].content[image_url].data': ofContent({
    type: 'image_url',
    image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' },
  }),
  'messages[].content[image_url].url': ofContent({
    type: 'image_url',
    image_url: { url: 'https://example.test/a.png' },
  }),
  'messages[].content[image_url].detail': pair(
    messages({ role: 'user', content: [imageOf('high')] }),
    messages({ role: 'user', content: [imageOf()] }),
  ),
  'messages[].content[input_audio]': ofContent({ type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } }),
  'messages[].content[file].file_data': ofContent({
    type: 'file',
    file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' },
  }),
  'messages[].content[file].file_id': ofContent({ type: 'file', file: { file_id: 'file-1' } }),
  'messages[].content[refusal]': ofContent({ type: 'refusal', refusal: 'I will not say.' }, 'assistant'),
  'messages[].content[other]': ofContent({ type: 'video_url', video_url: { url: 'https://example.test/a.mp4' } }),
  cache_control: ofContentMark(),
  tools: pair({ tools }),
  'tools[].strict': pair({ tools: [{ type: 'function', function: { ...now, strict: true } }] }, { tools: [clock] }),
  'tools[custom]': pair({ tools: [...tools, { type: 'custom', custom: { name: 'shell' } }] }, { tools }),
  'tools[other]': pair({ tools: [...tools, { type: 'web_search' }] }, { tools }),
  'tool_choice[none]': choosing('none'),
  'tool_choice[required]': choosing('required'),
  'tool_choice[function]': choosing({ type: 'function', function: { name: 'now' } }),
  'tool_choice[allowed_tools]': choosing({ type: 'allowed_tools', allowed_tools: allowed }),
  'tool_choice[custom]': choosing({ type: 'custom', custom: { name: 'shell' } }),
  parallel_tool_calls: pair({ tools, parallel_tool_calls: false }, { tools }),
  functions: pair({ functions: [now] }),
  function_call: pair({ functions: [now], function_call: 'none' }, { functions: [now] }),
  'response_format[json_object]': pair({ response_format: { type: 'json_object' } }),
  'response_format[json_schema]': pair({
    response_format: { type: 'json_schema', json_schema: { name: 'thing', schema } },
  }),
  stream: pair({ stream: true }),
  stream_options: pair({ stream: true, stream_options: { include_usage: true } }, { stream: true }),
  max_tokens: pair({ max_tokens: 50 }),
  max_completion_tokens: pair({ max_completion_tokens: 50 }),
  n: pair({ n: 2 }),
  stop: pair({ stop: ['END'] }),
  temperature: pair({ temperature: 0.5 }),
  top_p: pair({ top_p: 0.5 }),
  top_k: pair({ top_k: 5 }),
  frequency_penalty: pair({ frequency_penalty: 0.5 }),
  presence_penalty: pair({ presence_penalty: 0.5 }),
  seed: pair({ seed: 7 }),
  logit_bias: pair({ logit_bias: { 50256: -100 } }),
  logprobs: pair({ logprobs: true }),
  top_logprobs: pair({ logprobs: true, top_logprobs: 2 }, { logprobs: true }),
  reasoning_effort: pair({ reasoning_effort: 'low' }),
  verbosity: pair({ verbosity: 'low' }),
  modalities: pair({ modalities: ['text', 'audio'] }),
  audio: pair({ audio: { voice: 'alloy', format: 'wav' } }),
  prediction: pair({ prediction: { type: 'content', content: 'A clock.' } }),
  moderation: pair({ moderation: { model: 'omni-moderation-latest' } }),
  web_search_options: pair({ web_search_options: { search_context_size: 'low' } }),
  service_tier: pair({ service_tier: 'flex' }),
  store: pair({ store: true }),
  metadata: pair({ metadata: { run: '7' } }),
  user: pair({ user: 'u-17' }),
  safety_identifier: pair({ safety_identifier: 's-17' }),
  prompt_cache_key: pair({ prompt_cache_key: 'k' }),
  prompt_cache_retention: pair({ prompt_cache_retention: '24h' }),
  prompt_cache_options: pair({ prompt_cache_options: { mode: 'explicit' } }),
}

function imageOf(detail?: string): RequestContentPart {
  const url = 'data:image/png;base64,iVBORw0KGgo='
  return { type: 'image_url', image_url: detail === undefined ? { url } : { url, detail } }
}

function ofContentMark(): RequestPair {
  const text = { type: 'text', text: 'A long text.' }
  const marked = { ...text, cache_control: { type: 'ephemeral' } }
  return pair(messages({ role: 'user', content: [marked] }), messages({ role: 'user', content: [text] }))
}
