/** The table is what happens: each row is held against the body that goes out, for a model of every family. */
import type { ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime'
import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest, RequestMessage } from '../../../../schemas/index.ts'
import type { RequestField } from '../../chat/request-fields.ts'
import { readFields, requestFields } from '../../chat/request-fields.ts'
import { encodeRequest, fieldsToEncode } from '../encode-request.ts'
import { encoded, targetOf } from '../testing/encode.ts'
import type { RequestPair } from '../testing/pairs.ts'
import { requestPairs } from '../testing/pairs.ts'
import { bedrockConverse } from './index.ts'
import { foreign, losses, modelLosses, ownFields } from './losses.ts'
import { modelKinds } from './model-kinds.ts'

const models = modelKinds.map(({ model }) => model)

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
}

/** Asked for by nobody, given to everybody; or asked for by the path. */
const unseen = new Set(['stream_options', 'stream'])

describe.each(models)('every row of the loss table for "%s"', (model) => {
  const bodyOf = (request: ChatCompletionRequest): unknown =>
    JSON.parse(encoded(bedrockConverse, request, { model }).body)

  it.each(requestFields)('%s', (field) => {
    const { using, without } = ownPairs[field] ?? requestPairs[field]
    const rows = { ...losses, ...modelLosses(model) }
    const { fidelity, how, above } = rows[field]
    if (field !== 'stream_options') expect(readFields(using)).toContain(field)
    expect(fidelity === 'exact' || how !== '').toBe(true)
    const result = encodeRequest(bedrockConverse, fieldsToEncode(using), targetOf(bedrockConverse, { model }))
    if (fidelity === 'refused') {
      expect(result).toMatchObject({ failure: { class: 'unsupported_by_target', param: expect.any(String) as string } })
      return
    }
    // Another part of the pair may be what this model cannot do.
    if ('failure' in result) {
      expect(Object.values(rows).some((row) => row.fidelity === 'refused')).toBe(true)
      return
    }
    const { lost } = result
    if (fidelity === 'dropped') {
      expect(lost).toContain(field)
      expect(bodyOf(using)).toEqual(bodyOf(without))
      return
    }
    expect(lost).not.toContain(field)
    if (above === undefined) expect(lost.includes(`${field};approximated`)).toBe(fidelity === 'approximated')
    if (unseen.has(field)) expect(bodyOf(using)).toEqual(bodyOf(without))
    else expect(bodyOf(using)).not.toEqual(bodyOf(without))
  })
})

describe('the rows of a model', () => {
  const claude = 'us.anthropic.claude-haiku-4-5-20251001-v1:0'
  const fidelityOf = (model: string, field: RequestField) => ({ ...losses, ...modelLosses(model) })[field].fidelity

  it.each([
    `arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0`,
    'arn:aws:bedrock:eu-west-1:000000000000:inference-profile/eu.anthropic.claude-haiku-4-5-20251001-v1:0',
    'global.anthropic.claude-haiku-4-5-20251001-v1:0',
    'apac.anthropic.claude-sonnet-4-5-20250929-v1:0',
  ])('are found behind a region and in an ARN: %s', (model) => {
    expect(modelLosses(model)).toBe(modelLosses(claude))
  })

  it('are those of nobody where an ARN hides the model', () => {
    const hidden = 'arn:aws:bedrock:us-east-1:000000000000:application-inference-profile/a1b2c3'
    expect(modelLosses(hidden)).toBe(modelLosses('whatever'))
    expect(modelLosses(hidden)).not.toBe(modelLosses(claude))
  })

  it.each<[string, RequestField, string]>([
    ['amazon.titan-text-express-v1', 'tools', 'refused'],
    ['amazon.titan-text-express-v1', 'messages[system]', 'approximated'],
    ['us.amazon.nova-micro-v1:0', 'messages[].content[image_url].data', 'refused'],
    ['us.amazon.nova-pro-v1:0', 'tool_choice[function]', 'exact'],
    ['us.amazon.nova-pro-v1:0', 'response_format[json_schema]', 'approximated'],
    ['us.amazon.nova-2-lite-v1:0', 'reasoning_effort', 'approximated'],
    ['meta.llama3-8b-instruct-v1:0', 'tools', 'refused'],
    ['us.meta.llama3-3-70b-instruct-v1:0', 'tools', 'exact'],
    ['us.meta.llama3-3-70b-instruct-v1:0', 'tool_choice[required]', 'approximated'],
    ['mistral.mistral-large-2402-v1:0', 'tool_choice[required]', 'exact'],
    ['mistral.mistral-large-2402-v1:0', 'tool_choice[function]', 'approximated'],
    ['cohere.command-r-v1:0', 'top_k', 'exact'],
    ['ai21.jamba-instruct-v1:0', 'tools', 'refused'],
    ['us.deepseek.r1-v1:0', 'tools', 'refused'],
    ['openai.gpt-oss-20b-1:0', 'stop', 'dropped'],
    ['openai.gpt-oss-20b-1:0', 'reasoning_effort', 'exact'],
    ['writer.palmyra-x4-v1:0', 'tools', 'exact'],
    ['qwen.qwen3-32b-v1:0', 'response_format[json_schema]', 'exact'],
    [claude, 'parallel_tool_calls', 'exact'],
    ['anthropic.claude-3-haiku-20240307-v1:0', 'parallel_tool_calls', 'dropped'],
    ['anthropic.claude-v2:1', 'tools', 'refused'],
    ['anthropic.claude-opus-5-5', 'tool_choice[required]', 'approximated'],
  ])('%s: %s is %s', (model, field, fidelity) => {
    expect(fidelityOf(model, field)).toBe(fidelity)
  })
})

describe("the language's own fields", () => {
  it('are fields of the client', () => {
    // tsc checks this: a name that the client does not have does not compile.
    const known: readonly (keyof ConverseCommandInput)[] = [...ownFields, 'additionalModelRequestFields']
    expect(new Set([...known, 'thinking'])).toEqual(foreign)
  })

  it('pass through, and no others', () => {
    const own = {
      guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1' },
      performanceConfig: { latency: 'optimized' },
      requestMetadata: { a: 'b' },
      serviceTier: { type: 'reserved' },
      additionalModelRequestFields: { top_k: 5, anthropic_beta: ['x'] },
    }
    const request = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...own, modelId: 'x', top_k: 7 }
    const { body, lost } = encoded(bedrockConverse, request, { model: 'anthropic.claude-haiku-4-5-20251001-v1:0' })
    expect(JSON.parse(body)).toMatchObject(own)
    expect(JSON.parse(body)).not.toHaveProperty('modelId')
    expect(lost).toEqual(['modelId'])
  })
})
