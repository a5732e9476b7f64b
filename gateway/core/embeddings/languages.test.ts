/** Every provider's way of being asked for embeddings: what reaches it, what never does, and what its answers become. */
import { describe, expect, it } from 'vitest'
import type { EmbeddingsRequest } from '../../../schemas/index.ts'
import { validateEmbeddingsResponse } from '../../../schemas/validate-embeddings-response.ts'
import { lossOf } from '../dialects/losses.ts'
import { providers } from '../providers/index.ts'
import { encodeEmbeddings } from './encode.ts'
import { readEmbeddingsShape } from './features.ts'
import { embeddingsFields } from './fields.ts'
import { embeddingsLanguages, embeddingsLossTableOf } from './index.ts'
import type { EmbeddingsContext, EmbeddingsTarget } from './language.ts'
import { embeddingsLanguageIds, embeddingsWireOf, type EmbeddingsWire } from './wire.ts'

const wires = Object.values(providers).flatMap(({ id, embeddings = [] }) =>
  embeddings.map((wire) => [`${id}${wire.models === undefined ? '' : `, ${wire.models.words}`}`, wire] as const),
)

function targetOf(wire: EmbeddingsWire, more: Partial<EmbeddingsTarget> = {}): EmbeddingsTarget {
  const { language, path, quirks, maxInputs = null } = wire
  return {
    model: 'the-model',
    language,
    path,
    quirks,
    maxInputs,
    parameters: null,
    losses: embeddingsLossTableOf(wire),
    ...more,
  }
}

function encode(request: EmbeddingsRequest, target: EmbeddingsTarget) {
  const shape = readEmbeddingsShape(request)
  if (shape === null) throw new Error('a request that means nothing')
  const { fields, messages: inputs } = shape.features
  return encodeEmbeddings({ request, fields, inputs }, target)
}

function bodyOf(encoded: ReturnType<typeof encode>): string {
  if ('failure' in encoded) throw new Error(encoded.failure.message)
  return encoded.body
}

/** Values that can be found again wherever a language puts them. */
const telling: Readonly<Record<string, Partial<EmbeddingsRequest>>> = {
  dimensions: { dimensions: 4711 },
  user: { user: 'a-certain-user' },
  input_type: { input_type: 'query' },
}

describe.each(wires)('%s', (_name, wire) => {
  const target = targetOf(wire)
  const plain = bodyOf(encode({ model: 'm', input: 'a certain text' }, target))

  it('is sent the text', () => {
    expect(plain).toContain('a certain text')
    const inPath = wire.quirks.modelInPath === true || wire.path.includes('{model}')
    expect(plain.includes('the-model')).toBe(!inPath || wire.language === 'gemini-embed')
  })

  it.each(Object.keys(telling))('%s: what its row says is what becomes of it', (field) => {
    const { fidelity } = lossOf(target.losses, field)
    const encoded = encode({ model: 'm', input: 'a certain text', ...telling[field] }, target)
    if (fidelity === 'refused') {
      expect(encoded).toMatchObject({ failure: { class: 'unsupported_by_target', param: field } })
      return
    }
    if ('failure' in encoded) throw new Error(encoded.failure.message)
    expect(encoded.lost).toEqual(fidelity === 'dropped' ? [field] : [])
    if (fidelity === 'dropped') expect(encoded.body).toBe(plain)
    else expect(encoded.body).not.toBe(plain)
    const strict = encode({ model: 'm', input: 'a certain text', ...telling[field] }, { ...target, refusesLoss: true })
    expect('failure' in strict).toBe(fidelity === 'dropped')
  })

  it('is sent token ids only where it understands them', () => {
    const encoded = encode({ model: 'm', input: [[4711, 7], [9]] }, target)
    if (lossOf(target.losses, 'input[tokens]').fidelity === 'exact') expect(bodyOf(encoded)).toContain('[[4711,7],[9]]')
    else expect(encoded).toMatchObject({ failure: { class: 'unsupported_by_target', param: 'input[tokens]' } })
  })

  it('is asked for base64 only in words it knows, and the caller gets it all the same', () => {
    const encoded = encode({ model: 'm', input: 'a certain text', encoding_format: 'base64' }, target)
    if ('failure' in encoded) throw new Error(encoded.failure.message)
    expect(encoded.lost).toEqual([])
    expect(encoded.context.format).toBe('base64')
    expect(encoded.body.includes('"encoding_format":"float"')).toBe(false)
    if (wire.quirks.floatsOnly === true) expect(encoded.body).not.toContain('encoding_format')
  })

  it("is sent the manifest's parameters where the caller says nothing", () => {
    const { fidelity } = lossOf(target.losses, 'dimensions')
    const filled = bodyOf(
      encode({ model: 'm', input: 'a certain text' }, { ...target, parameters: { dimensions: 4711 } }),
    )
    expect(filled.includes('4711')).toBe(fidelity === 'exact')
    const own = bodyOf(
      encode(
        { model: 'm', input: 'a certain text', ...(fidelity === 'exact' && { dimensions: 12 }) },
        { ...target, parameters: { dimensions: 4711 } },
      ),
    )
    expect(own).not.toContain('4711')
  })

  it('never changes the request', () => {
    const request: EmbeddingsRequest = {
      model: 'm',
      input: ['a', 'b'],
      user: 'u',
      input_type: 'query',
      odd: { deep: 1 },
    }
    const before = structuredClone(request)
    encode(request, target)
    expect(request).toEqual(before)
  })
})

describe('fields nobody knows', () => {
  it('are passed on where the language takes any, and dropped where it does not', () => {
    const [open] = providers.openai.embeddings ?? []
    const [closed] = providers.cohere.embeddings ?? []
    if (open === undefined || closed === undefined) throw new Error('no embeddings')
    const request = { model: 'm', input: 'x', odd: 1, temperature: 2, truncate: 'END' }
    expect(JSON.parse(bodyOf(encode(request, targetOf(open))))).toEqual({ ...request, model: 'the-model' })
    const encoded = encode(request, targetOf(closed))
    if ('failure' in encoded) throw new Error(encoded.failure.message)
    expect(encoded.lost).toEqual(['odd', 'temperature'])
    expect(JSON.parse(encoded.body)).toMatchObject({ truncate: 'END', texts: ['x'] })
    expect(encoded.body).not.toMatch(/odd|temperature/)
  })
})

// ---- replies ----

const vectors = [
  [0.5, -0.25],
  [1, 0],
]

/** The same two vectors as each language has them. */
const replies: Readonly<Record<(typeof embeddingsLanguageIds)[number], unknown>> = {
  'openai-embeddings': {
    data: vectors.map((embedding, index) => ({ embedding, index, object: 'embedding' })),
    model: 'theirs',
    usage: { prompt_tokens: 7, total_tokens: 7 },
  },
  'cohere-embed': { embeddings: { float: vectors }, meta: { billed_units: { input_tokens: 7 } } },
  'cohere-embed-invoke': { embeddings: { float: vectors } },
  'titan-embed-invoke': { embedding: vectors[0], inputTextTokenCount: 7 },
  'gemini-embed': { embeddings: vectors.map((values) => ({ values })), usageMetadata: { promptTokenCount: 7 } },
  'vertex-predict': {
    predictions: vectors.map((values, index) => ({ embeddings: { values, statistics: { token_count: 3 + index } } })),
  },
  'ollama-embed': { embeddings: vectors, prompt_eval_count: 7, model: 'theirs' },
}

const contextOf = (inputs: number, more: Partial<EmbeddingsContext> = {}): EmbeddingsContext => ({
  inputs,
  dimensions: null,
  format: 'float',
  model: 'ours',
  quirks: {},
  ...more,
})
const headers = { 'x-amzn-bedrock-input-token-count': '7' }

describe.each(embeddingsLanguageIds)('%s', (id) => {
  const language = embeddingsLanguages[id]
  const inputs = id === 'titan-embed-invoke' ? 1 : 2
  const decode = (value: unknown, context = contextOf(inputs)) =>
    language.decode({ body: typeof value === 'string' ? value : JSON.stringify(value), headers }, context)
  const failureOf = (value: unknown, context?: EmbeddingsContext) => {
    const decoded = decode(value, context)
    if (!('failure' in decoded)) throw new Error('an answer')
    return decoded.failure
  }

  it('has a row for every part', () => {
    expect(Object.keys(language.losses).toSorted()).toEqual([...embeddingsFields].toSorted())
    expect(language.id).toBe(id)
  })

  it('reads vectors and their tokens', () => {
    const decoded = decode(replies[id])
    expect(decoded).toMatchObject({ usage: { inputTokens: 7, outputTokens: 0 }, dimensions: 2 })
    if ('failure' in decoded) return
    expect(validateEmbeddingsResponse(decoded.response)).toMatchObject({ valid: true })
    expect(decoded.response.data.map(({ embedding }) => embedding)).toEqual(vectors.slice(0, inputs))
    expect(decoded.response.usage).toEqual({ prompt_tokens: 7, total_tokens: 7 })
    expect(decoded.response.model).toBe(JSON.stringify(replies[id]).includes('theirs') ? 'theirs' : 'ours')
  })

  it('tells what is no answer', () => {
    for (const value of [
      '',
      '[]',
      '"x"',
      'null',
      '<html>',
      {},
      { data: 7, embeddings: 7, predictions: 7, embedding: 7 },
    ]) {
      expect([value, failureOf(value).class]).toEqual([value, 'server_error'])
    }
  })

  it('tells vectors that are missing, that are none, and of which there are too many', () => {
    expect(failureOf(replies[id], contextOf(inputs + 1)).class).toBe('server_error')
    for (const wrong of ['null', '"x"', '[]', '[0.5,"x"]', '[0.5,null]', '{}']) {
      const text = JSON.stringify(replies[id]).replaceAll('[0.5,-0.25]', wrong)
      expect([wrong, failureOf(text).class]).toEqual([wrong, 'server_error'])
    }
  })

  it('tells vectors of another length than was asked for', () => {
    expect(failureOf(replies[id], contextOf(inputs, { dimensions: 3 }))).toMatchObject({
      class: 'unsupported_by_target',
      param: 'dimensions',
      message: 'asked for 3 dimensions, the model answered with 2',
    })
    expect('response' in decode(replies[id], contextOf(inputs, { dimensions: 2 }))).toBe(true)
  })

  it('tells an error inside a 200 by its words', () => {
    expect(failureOf({ error: { message: 'Rate limit exceeded', code: 429 } }).class).toBe('rate_limited')
    expect(failureOf({ error: 'model not found' }).message).toContain('model not found')
  })

  it('tells a refusal as what it is', () => {
    const refuse = (status: number, body: unknown) =>
      language.decodeError({ status, headers: {}, body: JSON.stringify(body) }).class
    expect(refuse(401, { message: 'no' })).toBe('misconfigured')
    expect(refuse(429, { detail: 'slow down' })).toBe('rate_limited')
    expect(refuse(500, {})).toBe('server_error')
    expect(refuse(400, { error: { message: "This model's maximum context length is 8192 tokens" } })).toBe(
      'context_length',
    )
    expect(refuse(400, { message: 'invalid' })).toBe('invalid_request')
  })
})

describe('replies in the language of OpenAI', () => {
  const language = embeddingsLanguages['openai-embeddings']
  const read = (value: unknown, context = contextOf(2)) =>
    language.decode({ body: JSON.stringify(value), headers: {} }, context)
  const entry = (index: unknown, embedding: unknown) => ({ object: 'embedding', index, embedding })

  it('are put in the order of their numbers', () => {
    const decoded = read({ data: [entry(1, [1]), entry(0, [0])] })
    if ('failure' in decoded) throw new Error(decoded.failure.message)
    expect(decoded.response.data).toEqual([entry(0, [0]), entry(1, [1])])
    const unnumbered = read({ data: [{ embedding: [0] }, { embedding: [1] }] })
    if ('failure' in unnumbered) throw new Error(unnumbered.failure.message)
    expect(unnumbered.response.data).toEqual([entry(0, [0]), entry(1, [1])])
  })

  it.each([
    [[entry(0, [0]), entry(0, [1])]],
    [[entry(0, [0]), entry(2, [1])]],
    [[entry(0, [0]), 7]],
    [[entry('1', [1]), entry('0', [0])]],
    [[entry(0, [0]), entry(-1, [1])]],
    [[entry(0.5, [0]), entry(1, [1])]],
  ])('are no answer when numbered so: %j', (data) => {
    expect(read({ data })).toMatchObject({ failure: { class: 'server_error' } })
  })

  it.each([
    ['no base64', '<!?>&"%$'.repeat(2)],
    ['no number', Buffer.from(Float32Array.of(Number.NaN).buffer).toString('base64')],
    ['more than 32 bits hold', [1e300]],
  ])('are no answer to one who asks for base64 when they hold %s', (_what, vector) => {
    const context = contextOf(1, { format: 'base64' })
    expect(read({ data: [entry(0, vector)] }, context)).toMatchObject({ failure: { class: 'server_error' } })
  })

  it('have all vectors of one length', () => {
    expect(read({ data: [entry(0, [0]), entry(1, [1, 2])] })).toMatchObject({ failure: { class: 'server_error' } })
  })

  it('may count nothing: the usage is unknown, and the answer says 0', () => {
    const decoded = read({ data: [entry(0, [0]), entry(1, [1])] })
    expect(decoded).toMatchObject({ usage: null, response: { usage: { prompt_tokens: 0, total_tokens: 0 } } })
  })

  it('may be bytes, which become numbers', () => {
    const packed = Buffer.from([1, 255]).toString('base64')
    const context = contextOf(1, { quirks: { signedBytes: 'base64_int8' } })
    const decoded = read({ data: [entry(0, packed)] }, context)
    if ('failure' in decoded) throw new Error(decoded.failure.message)
    expect(decoded.response.data[0]?.embedding).toEqual([1, -1])
    expect(decoded.dimensions).toBe(2)
  })
})

describe('which way of a provider a model goes', () => {
  it.each([
    ['bedrock', 'amazon.titan-embed-text-v2:0', 'titan-embed-invoke'],
    ['bedrock', 'amazon.titan-embed-text-v1', 'titan-embed-invoke'],
    ['bedrock', 'cohere.embed-english-v3', 'cohere-embed-invoke'],
    ['bedrock', 'global.cohere.embed-v4:0', 'cohere-embed-invoke'],
    ['bedrock', 'amazon.nova-pro-v1:0', null],
    ['vertex', 'text-embedding-005', 'vertex-predict'],
    ['vertex', 'claude-sonnet-4-5', null],
    ['anthropic', 'claude-sonnet-4-5', null],
    ['groq', 'llama-3.3-70b-versatile', null],
    ['openai', 'text-embedding-3-small', 'openai-embeddings'],
  ] as const)('%s %s', (id, model, language) => {
    expect(embeddingsWireOf(providers[id], model)?.language ?? null).toBe(language)
  })

  it('has the number of inputs that a model takes', () => {
    expect(embeddingsWireOf(providers.vertex, 'gemini-embedding-001')?.maxInputs).toBe(1)
    expect(embeddingsWireOf(providers.vertex, 'text-embedding-005')?.maxInputs).toBe(250)
  })
})
