/**
 * Any request to every provider, and to every generation of models that is told apart: encoding never fails by accident,
 * never changes what the caller sent, loses nothing it does not tell, and makes nothing that the provider would refuse
 * where OpenAI's own API would have taken the request.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dialects, lossTableOf } from '../../gateway/core/dialects/index.ts'
import { encodeRequest, fieldsToEncode } from '../../gateway/core/dialects/encode-request.ts'
import { inexpressible, lossOf } from '../../gateway/core/dialects/losses.ts'
import type { Provider } from '../../gateway/core/providers/provider.ts'
import { providers } from '../../gateway/core/providers/index.ts'
import type { Wire } from '../../gateway/simulators/wire.ts'
import { wireFor } from '../../gateway/simulators/wires.ts'
import type { ChatCompletionRequest, ProviderId } from '../../schemas/index.ts'
import { validateChatCompletionRequest } from '../../schemas/validate-chat-completion-request.ts'
import { markPattern, requestTexts, signingSeed } from './requests.ts'
import { googleProject, served, wireOf } from './stage.ts'

const stamp = { key: 'k', seed: signingSeed, atMs: 1, timing: { loadMs: 0, promptMs: 0, tokenMs: 0 } }
const headers = {
  authorization: 'Bearer k',
  'x-api-key': 'k',
  'anthropic-version': '2023-06-01',
  'content-type': 'application/json',
}

/** Why the wire would refuse this body; null when it takes it. */
function refusalOf(wire: Wire, path: string, body: unknown): string | null {
  const reading = wire.read({ method: 'POST', path, headers, body }, stamp)
  return 'reply' in reading && reading.reply.status !== 200 ? reading.reply.body : null
}

const openai = wireFor({})
const openaiPath = '/v1/chat/completions'

function parse(text: string): ChatCompletionRequest {
  const checked = validateChatCompletionRequest(JSON.parse(text))
  if (!checked.valid) throw new Error(`${JSON.stringify(checked.problems)} in ${text}`)
  return deepFrozen(checked.value)
}

function deepFrozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFrozen)
  return value
}

/** Marks as they stand, and those inside base64. */
function marksIn(text: string): Set<string> {
  const inner = [...text.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)].map(([data]) => atob(data.slice(0, data.length & ~3)))
  return new Set([text, ...inner].flatMap((some) => [...some.matchAll(markPattern)].map(([mark]) => mark)))
}

interface Wired {
  /** Google's word for messages. */
  readonly contents?: readonly { readonly parts: readonly object[] }[]
  readonly messages?: readonly {
    readonly role: string
    readonly content?: unknown
    readonly tool_calls?: readonly object[] | null
    readonly function_call?: object | null
  }[]
}

/** How many calls and results a conversation holds, in whichever language. */
function loopsIn({ messages = [], contents = [] }: Wired): { calls: number; results: number } {
  let calls = 0
  let results = 0
  for (const part of contents.flatMap(({ parts }) => parts)) {
    calls += 'functionCall' in part ? 1 : 0
    results += 'functionResponse' in part ? 1 : 0
  }
  for (const { role, content, tool_calls: made, function_call: older } of messages) {
    calls += (made?.length ?? 0) + (older === undefined || older === null ? 0 : 1)
    results += role === 'tool' || role === 'function' ? 1 : 0
    for (const block of Array.isArray(content) ? (content as { type?: string }[]) : []) {
      calls += block.type === 'tool_use' || 'toolUse' in block ? 1 : 0
      results += block.type === 'tool_result' || 'toolResult' in block ? 1 : 0
    }
  }
  return { calls, results }
}

interface Target {
  readonly id: ProviderId
  readonly model: string
}

function modelsOf({ dialect }: Provider): readonly string[] {
  const kinds = (dialect === null ? undefined : dialects[dialect]?.modelKinds) ?? []
  return kinds.length === 0 ? ['some-model'] : kinds.map(({ model }) => model).filter((model) => model !== '')
}

const targets = served.flatMap((id) => modelsOf(providers[id]).map((model): Target => ({ id, model })))

/** True when it was sent. */
function check({ id, model }: Target, request: ChatCompletionRequest, isTaken: boolean): boolean {
  const provider = providers[id]
  const dialect = provider.dialect === null ? undefined : dialects[provider.dialect]
  if (dialect === undefined) throw new Error(`${id} is not served`)
  const losses = lossTableOf(provider, model)
  const limits = { parameters: null, maxOutputTokens: null, contextWindow: null }
  const given = fieldsToEncode(request)
  const outcome = encodeRequest(dialect, given, { model, quirks: provider.quirks, losses, ...limits })
  if ('failure' in outcome) {
    const { class: failureClass, message } = outcome.failure
    // What every target would refuse is refused as such, and only that.
    if (isTaken) expect(failureClass, message).toBe('unsupported_by_target')
    return false
  }
  const { wire, lost } = outcome
  const body = JSON.parse(wire.body) as Wired
  expect([...marksIn(JSON.stringify(request))].filter((mark) => !marksIn(wire.body).has(mark))).toEqual([])
  expect(loopsIn(body)).toEqual(loopsIn(request))
  expect(inexpressible(losses, given.fields, false)).toEqual([])
  for (const field of given.fields) if (lossOf(losses, field).fidelity === 'dropped') expect(lost).toContain(field)
  const played = wireFor(wireOf(id))
  const isStream = request.stream === true && wire.asWhole !== true
  const path = {
    'openai-chat': openaiPath,
    'anthropic-messages': '/v1/messages',
    'bedrock-converse': `/model/${encodeURIComponent(model)}/converse${isStream ? '-stream' : ''}`,
    'ollama-chat': '/api/chat',
    'cohere-chat': '/v2/chat',
    'gemini-generate-content': `${id === 'vertex' ? googleProject : ''}${provider.chatPath.replace('{model}', model)}`,
  }
  const sent = provider.quirks.modelInPath === true ? { ...body, model } : body
  if (isTaken) expect(refusalOf(played, path[played.name], sent), wire.body).toBeNull()
  return true
}

describe('any request', () => {
  test('to any provider and any generation of models', () => {
    const sent = new Map<string, number>()
    let taken = 0
    fc.assert(
      fc.property(requestTexts, (text) => {
        const request = parse(text)
        // One choice, since how many there may be is in the loss tables and nowhere else.
        const isTaken = refusalOf(openai, openaiPath, { ...request, n: 1 }) === null
        taken += isTaken ? 1 : 0
        for (const target of targets) {
          if (check(target, request, isTaken)) sent.set(target.id, (sent.get(target.id) ?? 0) + 1)
        }
      }),
      { numRuns: 120 },
    )
    // The draw reaches what it is for: most requests are such as OpenAI takes, and every provider is sent many.
    expect(taken).toBeGreaterThan(40)
    // One that knows no tools is sent fewer.
    const least = (id: ProviderId) => (lossOf(lossTableOf(providers[id], 'm'), 'tools').fidelity === 'refused' ? 4 : 12)
    for (const id of served) expect(sent.get(id), id).toBeGreaterThan(least(id))
  })
})
