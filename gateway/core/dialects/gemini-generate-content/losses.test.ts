/** The table is what happens: each row is held against the body that goes out, for models of every generation. */
import type { GenerateContentParameters } from '@google/genai'
import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest, RequestMessage } from '../../../../schemas/index.ts'
import type { RequestField } from '../../chat/request-fields.ts'
import { readFields, requestFields } from '../../chat/request-fields.ts'
import { providers } from '../../providers/index.ts'
import { encodeRequest, fieldsToEncode } from '../encode-request.ts'
import { lossTableOf } from '../index.ts'
import { lossOf } from '../losses.ts'
import { encoded, targetOf } from '../testing/encode.ts'
import type { RequestPair } from '../testing/pairs.ts'
import { requestPairs } from '../testing/pairs.ts'
import { geminiGenerateContent } from './index.ts'
import { foreign, losses, modelLosses, ownFields } from './losses.ts'
import { modelKinds } from './model-kinds.ts'

const models = ['target-model', ...modelKinds.map(({ model }) => model).filter((model) => model !== '')]

const answer = { role: 'assistant', content: 'A clock.' }
const call = { id: 'call_1', type: 'function', function: { name: 'now', arguments: '{}' } }
const around = (...messages: RequestMessage[]): ChatCompletionRequest => ({
  model: 'm',
  messages: [{ role: 'user', content: 'What ticks?' }, ...messages, { role: 'user', content: 'Sure?' }],
})
const signed = { type: 'reasoning.encrypted', data: 'c2ln', format: 'google-gemini-v1', index: 0 }
const older = (content: string) => [
  { ...answer, function_call: { name: 'now', arguments: '{}' } },
  { role: 'function', name: 'now', content },
]

/** Where the pair of all languages has values of another maker, or is not taken here. */
const ownPairs: Partial<Record<RequestField, RequestPair>> = {
  'messages[].reasoning_details': {
    using: around({ ...answer, reasoning_details: [signed] }),
    without: around(answer),
  },
  // Calls in the older form are sent with their result only.
  'messages[function]': { using: around(...older('10:00')), without: around(...older('11:00')) },
  'messages[].function_call': { using: around(...older('10:00')), without: around(answer) },
  'messages[tool]': {
    using: around({ ...answer, tool_calls: [call] }, { role: 'tool', tool_call_id: 'call_1', content: '10:00' }),
    without: around({ ...answer, tool_calls: [call] }),
  },
  'tools[other]': {
    using: { ...around(answer), tools: [{ type: 'google_search' }] },
    without: around(answer),
  },
}

/** Asked for by nobody and given to everybody, or said by the path. */
const unsaid = new Set(['stream_options', 'stream'])

describe.each(models)('every row of the loss table for %s', (model) => {
  const bodyOf = (request: ChatCompletionRequest): unknown =>
    JSON.parse(encoded(geminiGenerateContent, request, { model }).body)

  it.each(requestFields)('%s', (field) => {
    const { using, without } = ownPairs[field] ?? requestPairs[field]
    const rows = { ...losses, ...modelLosses(model) }
    const { fidelity, how } = rows[field]
    if (field !== 'stream_options') expect(readFields(using)).toContain(field)
    expect(fidelity === 'exact' || how !== '').toBe(true)
    if (fidelity === 'refused') {
      const target = targetOf(geminiGenerateContent, { model })
      const result = encodeRequest(geminiGenerateContent, fieldsToEncode(using), target)
      expect(result).toMatchObject({ failure: { class: 'unsupported_by_target', param: expect.any(String) as string } })
      return
    }
    const { lost } = encoded(geminiGenerateContent, using, { model })
    if (fidelity === 'dropped') {
      expect(lost).toContain(field)
      expect(bodyOf(using)).toEqual(bodyOf(without))
      return
    }
    expect(lost).not.toContain(field)
    expect(lost.includes(`${field};approximated`)).toBe(fidelity === 'approximated')
    if (unsaid.has(field)) expect(bodyOf(using)).toEqual(bodyOf(without))
    else expect(bodyOf(using)).not.toEqual(bodyOf(without))
  })
})

describe('the rows of a model', () => {
  it('are the same object for models that are alike', () => {
    expect(modelLosses('gemini-3.7-flash')).toBe(modelLosses('models/gemini-4-argon'))
    expect(modelLosses('gemini-2.5-flash')).not.toBe(modelLosses('gemini-2.5-pro'))
  })

  it('say what it refuses', () => {
    expect(modelLosses('gemini-2.5-flash').n).toBeUndefined()
    expect(modelLosses('gemini-3-flash').n?.fidelity).toBe('refused')
    expect(modelLosses('gemini-3-flash').temperature).toBeUndefined()
    expect(modelLosses('gemini-3.6-flash').temperature?.fidelity).toBe('dropped')
    expect(modelLosses('gemini-2.0-flash').reasoning_effort?.fidelity).toBe('dropped')
    expect(modelLosses('gemma-3-27b-it').n?.fidelity).toBe('refused')
  })

  it('stand behind those of the service', () => {
    const fidelities = (id: 'gemini' | 'vertex', field: RequestField) =>
      lossOf(lossTableOf(providers[id], 'gemini-2.5-flash'), field).fidelity
    expect([fidelities('gemini', 'logprobs'), fidelities('vertex', 'logprobs')]).toEqual(['dropped', 'exact'])
    expect([fidelities('gemini', 'service_tier'), fidelities('vertex', 'service_tier')]).toEqual(['exact', 'dropped'])
  })
})

describe("the language's own fields", () => {
  it('are fields of the client', () => {
    // tsc checks this: a name that the client does not have does not compile.
    const known: readonly (keyof NonNullable<GenerateContentParameters['config']>)[] = ownFields
    expect(new Set([...known, 'generationConfig'])).toEqual(foreign)
  })

  it('pass through, and no others', () => {
    const own = {
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
      cachedContent: 'cachedContents/1',
      labels: { team: 'a' },
    }
    const request = {
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
      ...own,
      generationConfig: { topK: 3, audioTimestamp: true },
      top_k: 5,
      temperature: 0.5,
      systemInstruction: { parts: [{ text: 'No.' }] },
    }
    const { body, lost } = encoded(geminiGenerateContent, request, { model: 'gemini-2.5-flash' })
    expect(JSON.parse(body)).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
      generationConfig: { temperature: 0.5, topK: 3, audioTimestamp: true },
      ...own,
    })
    expect(lost).toEqual(['systemInstruction'])
  })
})
