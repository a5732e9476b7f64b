/**
 * Requests in Ollama's own language: those that were recorded, against what we make of the same conversation in OpenAI's
 * form; and every recorded request in OpenAI's form, against Ollama's published contract.
 */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ollamaChat } from '../../gateway/core/dialects/ollama-chat/index.ts'
import { encodeRequest, fieldsToEncode } from '../../gateway/core/dialects/encode-request.ts'
import { encoded, targetOf } from '../../gateway/core/dialects/testing/encode.ts'
import type { ChatCompletionRequest, RequestMessage } from '../../schemas/index.ts'
import { validateChatCompletionRequest } from '../../schemas/validate-chat-completion-request.ts'
import type { Exchange } from './fixtures.ts'
import { missingFixtures, readContractText, readExchanges } from './fixtures.ts'

const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`

type Body = Record<string, unknown>

// ---- the contract ----

const validateRequest = (() => {
  if (missingFixtures !== null) return null
  const document = parse(readContractText('ollama.openapi.yaml')) as Body
  const ajv = new Ajv2020({ strict: false, formats: { float: true, 'date-time': true } })
  ajv.addSchema({ $id: 'ollama', components: document['components'] })
  return ajv.compile({ $ref: 'ollama#/components/schemas/ChatRequest' })
})()

function assertContract(body: Body): void {
  if (validateRequest === null) throw new Error('no contract')
  expect(validateRequest(body) ? [] : validateRequest.errors).toEqual([])
}

// ---- recorded in Ollama's language ----

/** What its clients send for nothing at all, and what we always say, apart. */
function essence(body: Body): Body {
  const { truncate: _truncate, shift: _shift, model: _model, ...rest } = body
  const says = Object.entries(rest).filter(([, value]) => {
    if (value === null || value === '') return false
    return typeof value !== 'object' || Object.keys(value).length > 0
  })
  return Object.fromEntries(says)
}

/** The same conversations, in OpenAI's form. */
const asOpenAi: Readonly<Record<string, Partial<ChatCompletionRequest>>> = {
  'ollama/openllmetry--ollama-ollama-async-chat-legacy': {
    messages: [{ role: 'user', content: 'Tell me a joke about OpenTelemetry' }],
  },
  'ollama/openllmetry--ollama-ollama-async-streaming-chat-legacy': {
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Tell me a joke about OpenTelemetry' }] }],
    stream: true,
  },
  'ollama/openllmetry--ollama-ollama-chat-tool-calls-legacy': {
    messages: [
      {
        role: 'assistant',
        content: null,
        function_call: { name: 'get_current_weather', arguments: '{"location":"San Francisco"}' },
      },
      { role: 'tool', content: 'The weather in San Francisco is 70 degrees and sunny.' },
    ],
    tools: [],
  },
  'ollama/openllmetry--ollama-ollama-operation-duration-includes-model-attribute': {
    messages: [{ role: 'user', content: 'Hello, this is a test for model attribute.' }],
    stream: false,
  },
}

describe.skipIf(missingFixtures !== null)(`requests recorded in Ollama's language${why}`, () => {
  const recorded = readExchanges('ollama-chat').filter(({ request }) => request !== null)

  it('have a counterpart each', () => {
    expect(recorded.map(({ id }) => id).sort()).toEqual(Object.keys(asOpenAi).sort())
  })

  it.each(recorded.map((exchange) => [exchange.id, exchange] as const))('%s', (id, { request }) => {
    const { body, lost } = encoded(ollamaChat, { model: 'm', messages: [], ...asOpenAi[id] })
    const ours = JSON.parse(body) as Body
    assertContract(ours)
    expect(essence(ours)).toEqual(essence(request?.body ?? {}))
    expect(lost).toEqual([])
  })
})

// ---- recorded in OpenAI's language ----

/** What cannot be said in Ollama's language, and in how many of the requests. */
const inexpressible: Readonly<Record<string, number>> = {
  'messages[].content[image_url].url': 3,
  n: 1,
}

function requestOf(exchange: Exchange): ChatCompletionRequest | null {
  const result = validateChatCompletionRequest(exchange.request?.body)
  return result.valid ? result.value : null
}

function textOf({ content }: RequestMessage): string {
  if (typeof content === 'string') return content
  const texts = (content ?? []).flatMap((part) => (part.type === 'text' && part.text !== undefined ? [part.text] : []))
  return texts.filter((text) => text !== '').join('\n\n')
}

/** Who said what, who called what with what, and what came back for which call. */
function meaningOf(messages: readonly RequestMessage[]) {
  return messages.map((message) => ({
    role: message.role === 'developer' ? 'system' : message.role,
    text: textOf(message),
    images: Array.isArray(message.content) ? message.content.filter(({ type }) => type === 'image_url').length : 0,
    calls: (message.tool_calls ?? []).map(({ id, function: called }) => ({
      id,
      name: called?.name,
      arguments: JSON.parse(called?.arguments || '{}') as unknown,
    })),
    result: message.tool_call_id ?? null,
  }))
}

function namesOf(functions: ChatCompletionRequest['functions']): string[] {
  return (functions ?? []).map(({ name }) => name)
}

function meaningOfSent(messages: readonly Body[]) {
  return messages.map((message) => ({
    role: message['role'],
    text: message['content'],
    images: ((message['images'] ?? []) as unknown[]).length,
    calls: ((message['tool_calls'] ?? []) as { id: string; function: { name: string; arguments: unknown } }[]).map(
      ({ id, function: called }) => ({ id, name: called.name, arguments: called.arguments }),
    ),
    result: message['tool_call_id'] ?? null,
  }))
}

describe.skipIf(missingFixtures !== null)(`requests recorded in OpenAI's language${why}`, () => {
  const requests = readExchanges('openai-chat').flatMap((exchange) => {
    const request = exchange.request === null ? null : requestOf(exchange)
    return request === null ? [] : [[exchange.id, request] as const]
  })
  const refusals: Record<string, number> = {}

  it.each(requests)('%s', (_id, request) => {
    const result = encodeRequest(ollamaChat, fieldsToEncode(request), targetOf(ollamaChat, {}))
    if ('failure' in result) {
      const { class: failureClass, param } = result.failure
      expect(failureClass).toBe('unsupported_by_target')
      refusals[param ?? ''] = (refusals[param ?? ''] ?? 0) + 1
      return
    }
    const body = JSON.parse(result.wire.body) as Body
    assertContract(body)
    expect(meaningOfSent(body['messages'] as Body[])).toEqual(meaningOf(request.messages))
    if (request.functions !== undefined) expect(result.wire.legacyCalls).toBe(true)
    const tools = (body['tools'] ?? []) as { function: { name: string } }[]
    const choice = request.tool_choice
    if (choice === undefined || choice === null || choice === 'auto' || choice === 'required') {
      const names = [...(request.tools ?? []).map((tool) => tool.function?.name), ...namesOf(request.functions)]
      expect(tools.map(({ function: { name } }) => name)).toEqual(names)
    }
    for (const { role, tool_name: name } of body['messages'] as Body[]) {
      if (role === 'tool') expect(name).toMatch(/./)
    }
  })

  it('are almost all expressed', () => {
    expect(requests.length).toBeGreaterThan(240)
    expect(refusals).toEqual(inexpressible)
  })
})
