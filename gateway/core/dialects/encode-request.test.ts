import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest } from '../../../schemas/index.ts'
import { requestFields } from '../chat/request-fields.ts'
import { stripRemoved } from './strip.ts'
import type { Dialect } from './dialect.ts'
import { encodeRequest, fieldsToEncode } from './encode-request.ts'
import type { DialectLosses, Loss } from './losses.ts'
import { approximated, compileLosses, dropped, inexpressible, refused } from './losses.ts'
import { openaiChat } from './openai-chat/index.ts'
import { targetOf } from './testing/encode.ts'

/** A language that writes down what it is given. */
function dialectWith(rows: Partial<DialectLosses>, foreign: Dialect['foreign'] = 'all'): Dialect {
  return {
    ...openaiChat,
    losses: { ...openaiChat.losses, ...rows },
    foreign,
    encode: (request) => ({ body: JSON.stringify(request), sourceFrom: null, headers: null }),
  }
}

const messages = [{ role: 'user', content: 'Hello.' }]

function outcome(dialect: Dialect, fields: Partial<ChatCompletionRequest>) {
  const request = { model: 'm', messages, ...fields }
  const before = JSON.stringify(request)
  const result = encodeRequest(dialect, fieldsToEncode(request), targetOf(dialect, {}))
  expect(JSON.stringify(request)).toBe(before)
  if ('failure' in result) return result
  const { model: _model, ...body } = JSON.parse(result.wire.body) as Record<string, unknown>
  return { body, lost: result.lost }
}

describe('the loss table drives what a dialect sees', () => {
  it('keeps what is exact', () => {
    expect(outcome(dialectWith({}), { seed: 7 })).toEqual({ body: { messages, seed: 7 }, lost: [] })
  })

  it('takes out what is dropped, and says so where it asked for something', () => {
    const dialect = dialectWith({ seed: dropped('why'), logprobs: dropped('why') })
    expect(outcome(dialect, { seed: 7, logprobs: false })).toEqual({ body: { messages }, lost: ['seed'] })
  })

  it('says what is approximated, for numbers only above the limit', () => {
    const dialect = dialectWith({
      temperature: approximated('sent as 1', { above: 1 }),
      reasoning_effort: approximated('a budget'),
    })
    expect(outcome(dialect, { temperature: 1.5, reasoning_effort: 'low' })).toMatchObject({
      lost: ['temperature;approximated', 'reasoning_effort;approximated'],
    })
    expect(outcome(dialect, { temperature: 0.5 })).toEqual({ body: { messages, temperature: 0.5 }, lost: [] })
  })

  it('refuses what cannot be left out, by name and with the reason', () => {
    const dialect = dialectWith({ n: refused('one answer a request') })
    expect(outcome(dialect, { n: 2 })).toEqual({
      failure: {
        class: 'unsupported_by_target',
        status: 0,
        message: 'n cannot be expressed: one answer a request',
        code: null,
        type: null,
        param: 'n',
        retryAfterMs: null,
      },
    })
    expect(outcome(dialect, { n: 1 })).toEqual({ body: { messages }, lost: [] })
  })

  it('lets fields of the language itself through, and no others', () => {
    const dialect = dialectWith({}, new Set(['keep_alive']))
    expect(outcome(dialect, { keep_alive: '5m', safe_prompt: true })).toEqual({
      body: { messages, keep_alive: '5m' },
      lost: ['safe_prompt'],
    })
  })

  it('does not take a field of OpenAI that is named as a whole for one that OpenAI does not have', () => {
    const table = compileLosses(dialectWith({}, new Set(['keep_alive'])))
    const named = ['model', 'messages', 'response_format', 'tool_choice', 'keep_alive', 'safe_prompt']
    expect(inexpressible(table, named, true)).toEqual(['safe_prompt'])
  })

  it('has what only a value loses told, or refused where nothing may be', () => {
    const lost = ['messages[].reasoning_content', 'stop;approximated']
    const encode: Dialect['encode'] = () => ({ body: '{}', sourceFrom: null, headers: null, lost })
    const dialect = { ...dialectWith({}), encode }
    const given = fieldsToEncode({ model: 'm', messages })
    expect(encodeRequest(dialect, given, targetOf(dialect, {}))).toMatchObject({ lost })
    expect(encodeRequest(dialect, given, { ...targetOf(dialect, {}), refusesLoss: true })).toMatchObject({
      failure: { class: 'unsupported_by_target', param: 'messages[].reasoning_content' },
    })
    const near = {
      ...dialect,
      encode: () => ({ body: '{}', sourceFrom: null, headers: null, lost: ['stop;approximated'] }),
    }
    expect(encodeRequest(near, given, { ...targetOf(near, {}), refusesLoss: true })).toHaveProperty('wire')
  })

  it('lets a refusal be the text of its turn where it was all that was said', () => {
    const dialect = dialectWith({ 'messages[].refusal': dropped('why') })
    const refusal = { role: 'assistant', refusal: 'No.' }
    const said = (content: string | null | object[]) =>
      outcome(dialect, { messages: [{ ...refusal, content: content as string | null }] })
    for (const nothing of [null, '', []]) {
      expect(said(nothing)).toEqual({
        body: { messages: [{ role: 'assistant', content: 'No.' }] },
        lost: ['messages[].refusal'],
      })
    }
    expect(said('Hm.')).toMatchObject({ body: { messages: [{ content: 'Hm.' }] } })
  })

  it("applies the operator's parameters to what is left", () => {
    const dialect = dialectWith({ seed: dropped('why') })
    const target = targetOf(dialect, { parameters: { max_tokens: 10 } })
    const request = { model: 'm', messages, seed: 7, max_tokens: 50 }
    expect(encodeRequest(dialect, fieldsToEncode(request), target)).toMatchObject({
      wire: { body: JSON.stringify({ model: 'm', messages, max_tokens: 10 }) },
      lost: ['seed'],
    })
  })
})

/** A request that makes use of every part there is. */
const everything: ChatCompletionRequest = {
  model: 'm',
  messages: [
    { role: 'system', content: 's' },
    { role: 'developer', content: 'd', name: 'd' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 't', cache_control: { type: 'ephemeral' } },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'low' } },
        { type: 'image_url', image_url: { url: 'https://example.test/a.png' } },
        { type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } },
        { type: 'file', file: { file_data: 'AA==' } },
        { type: 'file', file: { file_id: 'file-1' } },
        { type: 'video_url' },
      ],
    },
    {
      role: 'assistant',
      content: [{ type: 'refusal', refusal: 'no' }],
      refusal: 'no',
      reasoning_content: 'r',
      reasoning_details: [{ type: 'reasoning.text' }],
      annotations: [{}],
      citations: ['c'],
      audio: { id: 'a' },
      function_call: { name: 'f', arguments: '{}' },
      prefix: true,
      tool_calls: [
        { id: '1', type: 'function', function: { name: 'f', arguments: '{}' } },
        { id: '2', type: 'custom', custom: { name: 'g', input: '' } },
      ],
    },
    { role: 'tool', tool_call_id: '1', content: 'r' },
    { role: 'function', name: 'f', content: 'r' },
  ],
  tools: [
    { type: 'function', function: { name: 'f', strict: true } },
    { type: 'custom', custom: { name: 'g' } },
    { type: 'web_search' },
  ],
  parallel_tool_calls: false,
  functions: [{ name: 'f' }],
  function_call: 'none',
  stream: true,
  stream_options: { include_obfuscation: false },
  max_tokens: 5,
  max_completion_tokens: 5,
  n: 2,
  stop: 'x',
  temperature: 0.5,
  top_p: 0.5,
  top_k: 5,
  frequency_penalty: 0.5,
  presence_penalty: 0.5,
  seed: 7,
  logit_bias: { 1: 1 },
  logprobs: true,
  top_logprobs: 2,
  reasoning_effort: 'low',
  verbosity: 'low',
  modalities: ['audio'],
  audio: { voice: 'v' },
  prediction: { type: 'content' },
  moderation: { model: 'm' },
  web_search_options: { user_location: {} },
  service_tier: 'flex',
  store: true,
  metadata: { a: 'b' },
  user: 'u',
  safety_identifier: 's',
  prompt_cache_key: 'k',
  prompt_cache_retention: '24h',
  prompt_cache_options: { a: 1 },
}

const choices = ['none', 'required', 'function', 'allowed_tools', 'custom'].map(
  (word): [string, ChatCompletionRequest] => [
    `tool_choice[${word}]`,
    { ...everything, tool_choice: word === 'none' || word === 'required' ? word : { type: word } },
  ],
)
const formats = ['json_object', 'json_schema'].map((type): [string, ChatCompletionRequest] => [
  `response_format[${type}]`,
  { ...everything, response_format: { type } },
])
const parted = new Map([...choices, ...formats])

describe('every part of a request', () => {
  // What a request says of streaming is the gateway's own business, and no text of it can be lost.
  const cases = requestFields.filter((field) => field !== 'stream_options')

  it.each(cases)('%s can be dropped alone, and then asks for nothing more', (field) => {
    const request = parted.get(field) ?? everything
    const before = fieldsToEncode(request).fields
    expect(before).toContain(field)
    const losses: Partial<Record<string, Loss>> = { [field]: dropped('') }
    const table = compileLosses({ losses: { ...openaiChat.losses, ...losses }, foreign: 'all' })
    const stripped = JSON.parse(
      JSON.stringify(stripRemoved(request, { ...table, removed: new Set([field]) })),
    ) as ChatCompletionRequest
    const after = fieldsToEncode(stripped).fields
    expect(after).not.toContain(field)
    // Parts of what went are gone with it; everything else is still there.
    const gone = before.filter((name) => !after.includes(name))
    expect(gone.filter((name) => name !== field && !isPartOf(name, field))).toEqual([])
  })
})

const wholes: Readonly<Record<string, RegExp>> = {
  tools: /^tools\[/,
  'messages[developer]': /name/,
  'messages[function]': /name/,
  'messages[].tool_calls': /tool_calls\[custom]/,
  'messages[].content[image_url].data': /detail/,
}

function isPartOf(name: string, whole: string): boolean {
  return wholes[whole]?.test(name) === true
}
