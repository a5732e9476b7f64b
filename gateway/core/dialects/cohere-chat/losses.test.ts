/** The table is what happens: each row is held against the body that goes out, for models of every family. */
import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest, RequestMessage } from '../../../../schemas/index.ts'
import type { RequestField } from '../../chat/request-fields.ts'
import { readFields, requestFields } from '../../chat/request-fields.ts'
import { encodeRequest, fieldsToEncode } from '../encode-request.ts'
import { encoded, targetOf } from '../testing/encode.ts'
import type { RequestPair } from '../testing/pairs.ts'
import { requestPairs } from '../testing/pairs.ts'
import { cohereChat } from './index.ts'
import { losses, modelLosses } from './losses.ts'
import { modelKinds } from './models.ts'

const question: RequestMessage = { role: 'user', content: 'What ticks?' }
const call = { id: 'call_1', type: 'function', function: { name: 'now', arguments: '{}' } }
const answer: RequestMessage = { role: 'assistant', content: null, tool_calls: [call] }
const around = (message: RequestMessage): ChatCompletionRequest => ({
  model: 'm',
  messages: [question, message, { role: 'tool', tool_call_id: 'call_1', content: '10:00' }],
})
const tool = (strict: boolean) => ({
  type: 'function',
  function: {
    name: 'now',
    strict,
    parameters: { type: 'object', properties: { zone: { type: 'string' } }, required: ['zone'] },
  },
})
const shape = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }

/** Where the pair of all languages has values that this one knows only in part. */
const ownPairs: Partial<Record<RequestField, RequestPair>> = {
  'messages[].reasoning_content': { using: around({ ...answer, reasoning_content: 'Hm.' }), without: around(answer) },
  'tools[].strict': {
    using: { model: 'm', messages: [question], tools: [tool(true)] },
    without: { model: 'm', messages: [question], tools: [tool(false)] },
  },
  'response_format[json_schema]': {
    using: {
      model: 'm',
      messages: [question],
      response_format: { type: 'json_schema', json_schema: { name: 'thing', schema: shape } },
    },
    without: { model: 'm', messages: [question] },
  },
}

/** Asked for by nobody, given to everybody. */
const unasked = new Set(['stream_options'])

const models = modelKinds.map(({ model }) => (model === '' ? 'target-model' : model))

describe.each(models)('every row of the loss table for %s', (model) => {
  const bodyOf = (request: ChatCompletionRequest): unknown => JSON.parse(encoded(cohereChat, request, { model }).body)

  it.each(requestFields)('%s', (field) => {
    const { using, without } = ownPairs[field] ?? requestPairs[field]
    const rows = { ...losses, ...modelLosses(model) }
    const { fidelity, how, above } = rows[field]
    if (field !== 'stream_options') expect(readFields(using)).toContain(field)
    expect(fidelity === 'exact' || how !== '').toBe(true)
    if (fidelity === 'refused') {
      const result = encodeRequest(cohereChat, fieldsToEncode(using), targetOf(cohereChat, { model }))
      expect(result).toMatchObject({ failure: { class: 'unsupported_by_target', param: expect.any(String) as string } })
      return
    }
    const { lost } = encoded(cohereChat, using, { model })
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
    expect(modelLosses('command-r-08-2024')).toBe(modelLosses('command-r-plus-08-2024'))
    expect(modelLosses('command-a-03-2025')).not.toBe(modelLosses('command-a-plus-05-2026'))
    expect(modelLosses('command-a-next-01-2027')).toBe(modelLosses('anything'))
  })

  it('say what it does not read, think or choose', () => {
    const fidelity = (model: string, field: RequestField) => ({ ...losses, ...modelLosses(model) })[field].fidelity
    expect(fidelity('command-a-03-2025', 'messages[].content[image_url].url')).toBe('refused')
    expect(fidelity('command-a-vision-07-2025', 'messages[].content[image_url].url')).toBe('exact')
    expect(fidelity('command-a-vision-07-2025', 'reasoning_effort')).toBe('dropped')
    expect(fidelity('command-a-reasoning-08-2025', 'reasoning_effort')).toBe('approximated')
    expect(fidelity('command-r-08-2024', 'tool_choice[required]')).toBe('dropped')
    expect(fidelity('command-r7b-12-2024', 'tool_choice[required]')).toBe('exact')
  })
})
