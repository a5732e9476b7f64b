/** What Google's servers refuse, the simulator refuses, so that a gateway that encodes nonsense fails here. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Simulator } from './simulator.ts'
import { startSimulator } from './simulator.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator({ name: 'google', wire: 'gemini-generate-content' })
})
afterAll(() => simulator.close())

type Json = Readonly<Record<string, unknown>>

const hello = { role: 'user', parts: [{ text: 'Hello.' }] }

async function ask(more: Json, model = 'gemini-2.5-flash', service: 'gemini' | 'vertex' = 'gemini') {
  const prefix = service === 'gemini' ? '/v1beta' : '/v1/projects/p/locations/l/publishers/google'
  const headers: Record<string, string> =
    service === 'gemini' ? { 'x-goog-api-key': 'k' } : { authorization: 'Bearer t' }
  const response = await fetch(`${simulator.url}${prefix}/models/${model}:generateContent`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ contents: [hello], ...more }),
  })
  const { error } = (await response.json()) as { error?: { message: string } }
  return { status: response.status, message: error?.message ?? '' }
}

const config = (generationConfig: Json) => ({ generationConfig })
const declare = (...functions: Json[]) => ({ tools: [{ functionDeclarations: functions }] })
const look = { name: 'look' }
const call = (name: string, more: Json = {}) => ({ functionCall: { name, args: {} }, ...more })
const result = (name: string, more: Json = {}) => ({ functionResponse: { name, response: { output: 'x' }, ...more } })
const talk = (...turns: readonly (readonly [string, ...Json[]])[]) => ({
  contents: turns.map(([role, ...parts]) => ({ role, parts })),
})
const said = { text: 'a' }
const stand = { thoughtSignature: 'skip_thought_signature_validator' }

describe('the shape of a request', () => {
  test.each<[string, Json, string]>([
    ['a name nobody knows', { safe_prompt: true }, 'Unknown name "safe_prompt": Cannot find field.'],
    ['a name nobody knows, deeper', config({ max_tokens: 5 }), `Unknown name "max_tokens" at 'generation_config'`],
    ['in a part', talk(['user', { text: 'a', type: 'text' }]), `Unknown name "type" at 'contents[0].parts[0]'`],
    ['a text for a number', config({ temperature: 'hot' }), `'generation_config.temperature' (TYPE_FLOAT)`],
    ['a seed beyond 32 bits', config({ seed: 2 ** 31 }), 'TYPE_INT32'],
    [
      'arguments that are a text',
      talk(['user', said], ['model', { functionCall: { name: 'f', args: 'x' } }]),
      'Struct',
    ],
    [
      'data that is no base64',
      talk(['user', { inlineData: { mimeType: 'image/png', data: 'a b' } }]),
      'Base64 decoding failed',
    ],
    [
      'a keyword of JSON Schema in a message',
      declare({ name: 'f', parameters: { type: 'OBJECT', $schema: 'x' } }),
      'Unknown name "$schema"',
    ],
    [
      'a schema that is true',
      declare({ name: 'f', parametersJsonSchema: { type: 'object', properties: { a: true } } }),
      'must be an object',
    ],
    [
      'a reference with company',
      declare({
        name: 'f',
        parametersJsonSchema: { type: 'object', properties: { a: { $ref: '#/$defs/b', description: 'x' } } },
      }),
      '$ref',
    ],
    ['a mode nobody knows', { ...declare(look), toolConfig: { functionCallingConfig: { mode: 'required' } } }, 'Enum'],
    ['no contents', { contents: [] }, 'contents is not specified'],
    ['no parts', talk(['user']), 'must not be empty'],
    ['an empty text', talk(['user', { text: '' }]), 'text parameter'],
    ['a role of another', talk(['assistant', said]), 'valid role'],
  ])('%s', async (_name, more, words) => {
    expect(await ask(more)).toMatchObject({ status: 400, message: expect.stringContaining(words) as string })
  })

  test.each<[string, Json]>([
    ['names in snake case', { system_instruction: { parts: [said] }, generation_config: { max_output_tokens: 5 } }],
    ['words in any case', { ...declare(look), toolConfig: { functionCallingConfig: { mode: 'none' } } }],
    ['one part where a list is', { contents: { parts: said } }],
    ['null for nothing', { ...config({ temperature: null }), cachedContent: null }],
    [
      'a schema as a message',
      declare({ name: 'f', parameters: { type: 'OBJECT', properties: { a: { type: 'STRING' } } } }),
    ],
  ])('takes %s', async (_name, more) => {
    expect(await ask(more)).toMatchObject({ status: 200 })
  })
})

describe('what fits together', () => {
  test.each<[string, Json, string]>([
    [
      'JSON beside tools',
      { ...declare(look), ...config({ responseMimeType: 'application/json' }) },
      "'application/json' is unsupported",
    ],
    ['a schema without JSON', config({ responseJsonSchema: { type: 'object' } }), 'mime type of JSON'],
    ['two functions of one name', declare(look, look), 'Duplicate function declaration found: look'],
    ['a name with a space', declare({ name: 'a b' }), 'Invalid function name'],
    ['arguments that are a list', declare({ name: 'f', parametersJsonSchema: { type: 'array' } }), 'type OBJECT'],
    [
      'a choice of a function that is not there',
      { ...declare(look), toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['gone'] } } },
      'gone',
    ],
    [
      'names without a choice',
      { ...declare(look), toolConfig: { functionCallingConfig: { allowedFunctionNames: ['look'] } } },
      'mode is ANY',
    ],
    ['six stops', config({ stopSequences: ['a', 'b', 'c', 'd', 'e', 'f'] }), 'stop_sequences'],
    ['more tokens than there are', config({ maxOutputTokens: 70_000 }), 'supported range'],
    ['a temperature above 2', config({ temperature: 2.1 }), 'temperature'],
    [
      'a level for a model of budgets',
      config({ thinkingConfig: { thinkingLevel: 'LOW' } }),
      'not supported for this model',
    ],
    ['a budget out of bounds', config({ thinkingConfig: { thinkingBudget: 30_000 } }), 'between 1 and 24576'],
    ['penalties', config({ presencePenalty: 1 }), 'Penalty is not enabled for models/gemini-2.5-flash'],
    ['probabilities', config({ responseLogprobs: true }), 'Logprobs is not enabled'],
    [
      'a GIF',
      talk(['user', { inlineData: { mimeType: 'image/gif', data: 'AA==' } }]),
      'Unsupported MIME type: image/gif',
    ],
    [
      'an address that is not secure',
      talk(['user', { fileData: { mimeType: 'image/png', fileUri: 'http://a.test' } }]),
      'Invalid or unsupported file uri',
    ],
  ])('%s', async (_name, more, words) => {
    expect(await ask(more)).toMatchObject({ status: 400, message: expect.stringContaining(words) as string })
  })

  test('penalties and probabilities are for Vertex AI', async () => {
    const both = config({ presencePenalty: 1, responseLogprobs: true, logprobs: 2 })
    expect(await ask(both, 'gemini-2.5-flash', 'vertex')).toMatchObject({ status: 200 })
  })
})

describe('what a generation takes', () => {
  test.each<[string, string, Json, number]>([
    ['a temperature', 'gemini-3-flash', config({ temperature: 0 }), 200],
    ['a temperature', 'gemini-3.6-flash', config({ temperature: 0 }), 400],
    ['several answers', 'gemini-2.5-flash', config({ candidateCount: 2 }), 200],
    ['several answers', 'gemini-3-flash', config({ candidateCount: 2 }), 400],
    ['the least level', 'gemini-3.6-flash', config({ thinkingConfig: { thinkingLevel: 'minimal' } }), 200],
    ['the least level', 'gemini-3.8-flash', config({ thinkingConfig: { thinkingLevel: 'MINIMAL' } }), 400],
    ['a middle level', 'gemini-3-pro', config({ thinkingConfig: { thinkingLevel: 'MEDIUM' } }), 400],
    ['both at once', 'gemini-3-flash', config({ thinkingConfig: { thinkingLevel: 'LOW', thinkingBudget: 1 } }), 400],
    ['no thinking', 'gemini-2.5-flash', config({ thinkingConfig: { thinkingBudget: 0 } }), 200],
    ['no thinking', 'gemini-2.5-pro', config({ thinkingConfig: { thinkingBudget: 0 } }), 400],
    ['any thinking', 'gemini-2.0-flash', config({ thinkingConfig: { thinkingBudget: 100 } }), 400],
    [
      'JSON beside tools',
      'gemini-3-flash',
      { ...declare(look), ...config({ responseMimeType: 'application/json' }) },
      200,
    ],
    ['a last turn of its own', 'gemini-3-flash', talk(['user', said], ['model', said]), 200],
    ['a last turn of its own', 'gemini-4-argon', talk(['user', said], ['model', said]), 400],
  ])('%s by %s', async (_name, model, more, status) => {
    expect(await ask(more, model)).toMatchObject({ status })
  })
})

describe('calls and results', () => {
  const number = 'number of function response parts is equal to the number of function call parts'

  test.each<[string, Json, string]>([
    ['fewer results than calls', talk(['user', said], ['model', call('f'), call('g')], ['user', result('f')]), number],
    ['a word in between', talk(['user', said], ['model', call('f')], ['user', said], ['user', result('f')]), number],
    [
      'in another order',
      talk(['user', said], ['model', call('f'), call('g')], ['user', result('g'), result('f')]),
      'does not answer the call f',
    ],
    ['a result of nothing', talk(['user', result('f')]), 'immediately after a function call turn'],
    ['a call of the first turn', talk(['model', call('f')], ['user', result('f')]), 'immediately after a user turn'],
    ['a call at the end', talk(['user', said], ['model', call('f')]), 'ending with a model turn'],
  ])('%s', async (_name, more, words) => {
    expect(await ask(more)).toMatchObject({ status: 400, message: expect.stringContaining(words) as string })
  })

  test.each<[string, Json, number]>([
    ['missing', talk(['user', said], ['model', call('f')], ['user', result('f')]), 400],
    [
      'the word that stands for one',
      talk(['user', said], ['model', call('f', stand), call('g')], ['user', result('f'), result('g')]),
      200,
    ],
    [
      'on the second call only',
      talk(['user', said], ['model', call('f'), call('g', stand)], ['user', result('f'), result('g')]),
      400,
    ],
    [
      'of somebody else',
      talk(['user', said], ['model', call('f', { thoughtSignature: 'c2ln' })], ['user', result('f')]),
      400,
    ],
  ])('with newer models, a signature: %s', async (_name, more, status) => {
    expect(await ask(more, 'gemini-3-flash')).toMatchObject({ status })
  })

  test('older models do not look at signatures', async () => {
    const more = talk(['user', said], ['model', call('f', { thoughtSignature: 'c2ln' })], ['user', result('f')])
    expect(await ask(more)).toMatchObject({ status: 200 })
  })
})
