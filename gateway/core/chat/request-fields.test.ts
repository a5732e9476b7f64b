import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest, RequestMessage } from '../../../schemas/index.ts'
import { isRequestField, readFields, requestFields } from './request-fields.ts'

const user: RequestMessage = { role: 'user', content: 'Hello.' }

function fieldsOf(fields: Partial<ChatCompletionRequest>): string[] {
  return readFields({ model: 'm', messages: [user], ...fields })
}

const fieldsOfMessage = (message: RequestMessage) => fieldsOf({ messages: [message] })
const fieldsOfPart = (part: Readonly<Record<string, unknown>> & { type: string }) =>
  fieldsOfMessage({ role: 'user', content: [part] })

describe('the parts of a request', () => {
  it('are named once each', () => {
    expect(new Set(requestFields).size).toBe(requestFields.length)
    expect(isRequestField('n')).toBe(true)
    expect(isRequestField('safe_prompt')).toBe(false)
  })

  it('are none for a plain question', () => {
    expect(fieldsOf({})).toEqual([])
  })

  it.each<[Partial<ChatCompletionRequest>, string[]]>([
    [{ seed: 7, n: 2 }, ['seed', 'n']],
    [{ n: 1, temperature: 1, logprobs: false, stop: null, logit_bias: {} }, []],
    [{ safe_prompt: true }, ['safe_prompt']],
    [{ tool_choice: 'auto' }, []],
    [{ tool_choice: 'none' }, ['tool_choice[none]']],
    [{ tool_choice: { type: 'function', function: { name: 'f' } } }, ['tool_choice[function]']],
    [{ tool_choice: 'say "it"' }, ['tool_choice[other]']],
    [{ response_format: { type: 'text' } }, []],
    [{ response_format: { type: 'json_object' } }, ['response_format[json_object]']],
    [
      {
        tools: [
          { type: 'function', function: { name: 'f', strict: true } },
          { type: 'custom', custom: {} },
        ],
      },
      ['tools', 'tools[].strict', 'tools[custom]'],
    ],
    [{ tools: [{ type: 'web_search' }] }, ['tools[other]']],
    [{ tools: [{ type: 'function', function: { name: 'f' }, cache_control: {} }] }, ['tools', 'cache_control']],
  ])('%j', (fields, expected) => {
    expect(fieldsOf(fields)).toEqual(expected)
  })

  it.each([
    ['with a line break', 'a\r\nx-evil: 1'],
    ['of 10 kB', 'x'.repeat(10_000)],
    ['with a comma', 'seed, n;approximated'],
    ['that is half a character', '\ud800'],
    ['that is none', ''],
    ['that looks like a part of another field', 'messages[system]'],
    ['of a prototype', '__proto__ '],
  ])('never hold a name %s', (_what, name) => {
    expect(fieldsOf({ [name]: true, safe_prompt: true })).toEqual(['other', 'safe_prompt'])
  })

  it('are never many, whatever the caller sends', () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`field_${index}`, true]))
    const fields = fieldsOf({ ...many, seed: 7 })
    expect(fields).toHaveLength(34)
    expect(fields.slice(0, 2)).toEqual(['field_0', 'field_1'])
    expect(fields.slice(-2)).toEqual(['other', 'seed'])
  })

  it.each<[RequestMessage, string[]]>([
    [{ role: 'system', content: 'x' }, ['messages[system]']],
    [{ role: 'developer', content: 'x', name: 'd' }, ['messages[developer]', 'messages[].name']],
    [{ role: 'assistant', content: 'x', refusal: null, annotations: [], reasoning_content: '' }, []],
    [{ role: 'assistant', content: null, reasoning_details: [{ type: 'x' }] }, ['messages[].reasoning_details']],
    [
      { role: 'assistant', content: null, tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'f', input: '' } }] },
      ['messages[].tool_calls', 'messages[].tool_calls[custom]'],
    ],
    [{ role: 'tool', tool_call_id: 'a', content: 'r' }, ['messages[tool]']],
    [{ role: 'assistant', content: 'x', prefix: true }, ['messages[].other']],
    [{ role: 'user', content: 'x', cache_control: { type: 'ephemeral' } }, ['cache_control']],
  ])('%j', (message, expected) => {
    expect(fieldsOfMessage(message)).toEqual(expected)
  })

  it.each<[Readonly<Record<string, unknown>> & { type: string }, string[]]>([
    [{ type: 'text', text: 'x' }, []],
    [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }, ['cache_control']],
    [{ type: 'image_url', image_url: { url: 'https://x/y.png' } }, ['messages[].content[image_url].url']],
    [
      { type: 'image_url', image_url: { url: 'DATA:image/png;base64,AA==', detail: 'low' } },
      ['messages[].content[image_url].data', 'messages[].content[image_url].detail'],
    ],
    [{ type: 'image_url', image_url: { url: 'data:,', detail: 'auto' } }, ['messages[].content[image_url].data']],
    [{ type: 'input_audio', input_audio: { data: '', format: 'wav' } }, ['messages[].content[input_audio]']],
    [{ type: 'file', file: { file_data: 'x' } }, ['messages[].content[file].file_data']],
    [{ type: 'file', file: { file_id: 'file-1' } }, ['messages[].content[file].file_id']],
    [{ type: 'refusal', refusal: 'no' }, ['messages[].content[refusal]']],
    [{ type: 'video_url' }, ['messages[].content[other]']],
  ])('%j', (part, expected) => {
    expect(fieldsOfPart(part)).toEqual(expected)
  })
})
