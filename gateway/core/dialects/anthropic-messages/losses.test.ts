/** The table is what happens: each row is held against the body that goes out, for models of every generation. */
import type { Beta } from '@anthropic-ai/sdk/resources'
import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest, RequestMessage } from '../../../../schemas/index.ts'
import type { RequestField } from '../../chat/request-fields.ts'
import { readFields, requestFields } from '../../chat/request-fields.ts'
import { encodeRequest, fieldsToEncode } from '../encode-request.ts'
import { encoded, targetOf } from '../testing/encode.ts'
import type { RequestPair } from '../testing/pairs.ts'
import { requestPairs } from '../testing/pairs.ts'
import { anthropicMessages } from './index.ts'
import { foreign, losses, modelLosses, ownFields } from './losses.ts'

/** One of each kind: another maker's, without thinking, by budget, by either, adaptive, and never without thinking. */
const models = [
  'target-model',
  'claude-3-5-haiku-20241022',
  'claude-sonnet-4-20250514',
  'claude-haiku-4-5',
  'claude-sonnet-4-6',
  'claude-opus-4-8',
  'claude-opus-5',
  'claude-sonnet-5-5',
  'claude-opus-5-5',
]

const answer = { role: 'assistant', content: 'A clock.' }
const signed = { type: 'reasoning.text', text: 'Hm.', signature: 'c2ln', format: 'anthropic-claude-v1', index: 0 }
const around = (message: RequestMessage): ChatCompletionRequest => ({
  model: 'm',
  messages: [{ role: 'user', content: 'What ticks?' }, message, { role: 'user', content: 'Sure?' }],
})

function olderCall(result: string): ChatCompletionRequest {
  const { messages } = around({ ...answer, function_call: { name: 'now', arguments: '{}' } })
  const [question, call, goOn] = messages
  if (question === undefined || call === undefined || goOn === undefined) throw new Error('three messages')
  return { model: 'm', messages: [question, call, { role: 'function', name: 'now', content: result }, goOn] }
}

/** Where the pair of all languages has values of another maker, or is not taken here. */
const ownPairs: Partial<Record<RequestField, RequestPair>> = {
  'messages[].reasoning_details': {
    using: around({ ...answer, reasoning_details: [signed] }),
    without: around(answer),
  },
  'messages[].reasoning_content': {
    using: around({ ...answer, reasoning_content: 'Hm.', reasoning_details: [signed] }),
    without: around(answer),
  },
  // Calls in the older form are sent with their result only.
  'messages[function]': { using: olderCall('10:00'), without: olderCall('11:00') },
  'messages[].function_call': { using: olderCall('10:00'), without: around(answer) },
  'tools[other]': {
    using: { ...around(answer), tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 2 }] },
    without: around(answer),
  },
}

/** Asked for by nobody, given to everybody. */
const unasked = new Set(['stream_options'])

describe.each(models)('every row of the loss table for %s', (model) => {
  const bodyOf = (request: ChatCompletionRequest): unknown =>
    JSON.parse(encoded(anthropicMessages, request, { model }).body)

  it.each(requestFields)('%s', (field) => {
    const { using, without } = ownPairs[field] ?? requestPairs[field]
    const rows = { ...losses, ...modelLosses(model) }
    const { fidelity, how, above } = rows[field]
    if (field !== 'stream_options') expect(readFields(using)).toContain(field)
    expect(fidelity === 'exact' || how !== '').toBe(true)
    if (fidelity === 'refused') {
      const result = encodeRequest(anthropicMessages, fieldsToEncode(using), targetOf(anthropicMessages, { model }))
      expect(result).toMatchObject({ failure: { class: 'unsupported_by_target', param: expect.any(String) as string } })
      return
    }
    const { lost } = encoded(anthropicMessages, using, { model })
    if (fidelity === 'dropped') {
      expect(lost).toContain(field)
      expect(bodyOf(using)).toEqual(bodyOf(without))
      return
    }
    expect(lost).not.toContain(field)
    if (above === undefined) expect(lost.includes(`${field};approximated`)).toBe(fidelity === 'approximated')
    if (unasked.has(field)) expect(bodyOf(using)).toEqual(bodyOf(without))
    else expect(bodyOf(using)).not.toEqual(bodyOf(without))
  })
})

describe('the rows of a model', () => {
  it('are the same object for models that are alike', () => {
    expect(modelLosses('claude-haiku-4-5')).toBe(modelLosses('claude-sonnet-4-5-20250929'))
    expect(modelLosses('claude-haiku-4-5')).not.toBe(modelLosses('claude-opus-5'))
  })

  it('say what it refuses', () => {
    expect(modelLosses('claude-opus-5').temperature?.fidelity).toBe('dropped')
    expect(modelLosses('claude-opus-5')['tool_choice[required]']).toBeUndefined()
    expect(modelLosses('claude-opus-5-5')['tool_choice[required]']?.fidelity).toBe('approximated')
    expect(modelLosses('claude-3-haiku-20240307').reasoning_effort?.fidelity).toBe('dropped')
  })
})

describe("the language's own fields", () => {
  it('are fields of the client', () => {
    // tsc checks this: a name that the client does not have does not compile.
    const known: readonly (keyof Beta.Messages.MessageCreateParamsNonStreaming)[] = ownFields
    expect(new Set([...known, 'thinking', 'output_config'])).toEqual(foreign)
  })

  it('pass through, and no others', () => {
    const own = {
      thinking: { type: 'adaptive' },
      output_config: { effort: 'max' },
      container: 'container_1',
      inference_geo: 'eu',
      cache_control: { type: 'ephemeral' },
      stop_sequences: ['###'],
    }
    const request = {
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
      ...own,
      safe_prompt: true,
      system: 'No.',
    }
    const { body, lost } = encoded(anthropicMessages, request, { model: 'claude-opus-5' })
    expect(JSON.parse(body)).toMatchObject(own)
    expect(JSON.parse(body)).not.toHaveProperty('safe_prompt')
    expect(JSON.parse(body)).not.toHaveProperty('system')
    expect(lost).toEqual(['safe_prompt', 'system'])
  })
})
