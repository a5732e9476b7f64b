/**
 * What we emit is stricter than what OpenAI's own schema asks for: everything valid under ours is valid under theirs.
 * The comparison reads `../shared/fixtures/contracts` and is skipped where that folder is absent.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChatCompletion, ChatCompletionChunk, ErrorResponse, ModelList, ValidationResult } from './index.ts'
import { arbitraryOf, readSchema } from './testing/arbitrary.ts'
import { validateChatCompletionChunk } from './validate-chat-completion-chunk.ts'
import { validateChatCompletionRequest } from './validate-chat-completion-request.ts'
import { validateChatCompletion } from './validate-chat-completion.ts'
import { validateErrorResponse } from './validate-error-response.ts'
import { validateModelList } from './validate-model-list.ts'

const contract = join(import.meta.dirname, '../../shared/fixtures/contracts/openai.schema.json')

const usage = {
  prompt_tokens: 10,
  completion_tokens: 5,
  total_tokens: 15,
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 2 },
}
const logprobs = {
  content: [{ token: 'a', logprob: -0.1, bytes: [97], top_logprobs: [{ token: 'a', logprob: -0.1, bytes: null }] }],
  refusal: null,
}
const head = { id: 'chatcmpl-1', created: 1_764_000_000, model: 'gpt-4o-mini' }

const completion: ChatCompletion = {
  ...head,
  object: 'chat.completion',
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content: null,
        refusal: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{}' } }],
        reasoning_content: 'thinking',
        annotations: [
          {
            type: 'url_citation',
            url_citation: { start_index: 0, end_index: 4, url: 'https://a.example/?q=1#x', title: 'A' },
          },
        ],
        citations: ['https://a.example', { source: 'document-1' }],
      },
      logprobs,
      finish_reason: 'tool_calls',
    },
  ],
  usage,
  service_tier: 'default',
  system_fingerprint: 'fp_1',
}

const chunk: ChatCompletionChunk = {
  ...head,
  object: 'chat.completion.chunk',
  choices: [
    {
      index: 0,
      delta: {
        role: 'assistant',
        content: 'a',
        tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '' } }],
      },
      logprobs: null,
      finish_reason: null,
    },
  ],
  usage: null,
}

const error: ErrorResponse = { error: { message: 'no', type: 'server_error', param: null, code: 'all_targets_failed' } }
const models: ModelList = { object: 'list', data: [{ id: 'a', object: 'model', created: 0, owned_by: 'aigw' }] }

interface Kind {
  readonly name: string
  readonly theirs: string
  readonly sample: object
  /** Every key of the sample that may not be missing, sorted. */
  readonly needed: readonly string[]
  readonly validate: (value: unknown) => ValidationResult<unknown>
}

const kinds: readonly Kind[] = [
  {
    name: 'ChatCompletion',
    theirs: 'CreateChatCompletionResponse',
    sample: completion,
    needed: words(
      'arguments bytes choices completion_tokens content created end_index finish_reason function id index',
      'logprob logprobs message model name object prompt_tokens refusal role start_index title token top_logprobs',
      'total_tokens type url url_citation',
    ),
    validate: validateChatCompletion,
  },
  {
    name: 'ChatCompletionChunk',
    theirs: 'CreateChatCompletionStreamResponse',
    sample: chunk,
    needed: words('choices created delta finish_reason id index logprobs model object'),
    validate: validateChatCompletionChunk,
  },
  {
    name: 'ErrorResponse',
    theirs: 'ErrorResponse',
    sample: error,
    needed: words('code error message param type'),
    validate: validateErrorResponse,
  },
  {
    name: 'ModelList',
    theirs: 'ListModelsResponse',
    sample: models,
    needed: words('created data id object owned_by'),
    validate: validateModelList,
  },
]

function words(...lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(' '))
}

describe.each(kinds)('$name', ({ name, sample, needed, validate, theirs }) => {
  it('takes a full sample', () => {
    expect(validate(sample)).toEqual({ valid: true, value: sample })
  })

  it('takes whatever its schema describes', () => {
    fc.assert(
      fc.property(arbitraryOf(readSchema('openai'), name), (value) => {
        expect(validate(value)).toEqual({ valid: true, value })
      }),
      { numRuns: 300 },
    )
  })

  it('misses every key it needs, and knows no other', () => {
    const required = new Set<string>()
    for (const { where, key, broken } of eachKey(sample)) {
      const without = validate(broken)
      if (!without.valid) required.add(without.problems[0].key ?? 'none')
      if (!without.valid) expect(without.problems).toMatchObject([{ key, segments: where, message: 'is required' }])
      const added = validate(setAt(sample, [...where, 'extra'], 1))
      expect(added).toMatchObject({ valid: false, problems: [{ key: 'extra', segments: where }] })
    }
    expect([...required].sort()).toEqual(needed)
  })

  it.skipIf(!existsSync(contract))('is valid under OpenAI’s own schema too (needs ../shared/fixtures)', () => {
    const ajv = addFormats.default(new Ajv2020({ strict: false }))
    ajv.addSchema(JSON.parse(readFileSync(contract, 'utf8')) as object)
    const openai = ajv.getSchema(`openai-contract.schema.json#/$defs/${theirs}`)!
    expect(openai(sample), ajv.errorsText(openai.errors)).toBe(true)
    fc.assert(
      fc.property(arbitraryOf(readSchema('openai'), name), (value) => {
        expect(openai(asPublished(value, theirs)), ajv.errorsText(openai.errors)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

/**
 * Custom calls are in OpenAI's streams and in its own client, and missing in its document
 * (https://github.com/openai/openai-openapi/issues/576, checked 2026-11-23).
 */
function asPublished(value: unknown, theirs: string): unknown {
  if (theirs !== 'CreateChatCompletionStreamResponse') return value
  const text = JSON.stringify(value)
  return JSON.parse(text, (key, inner: unknown) =>
    key === 'type' && inner === 'custom' ? 'function' : inner,
  ) as unknown
}

type Path = readonly (string | number)[]

/** Every key of every closed object inside a value, and the value without it. */
function* eachKey(root: unknown, where: Path = []): Generator<{ where: Path; key: string; broken: unknown }> {
  const value = valueAt(root, where)
  if (typeof value !== 'object' || value === null) return
  for (const key of Object.keys(value)) {
    if (!Array.isArray(value)) yield { where, key, broken: setAt(root, [...where, key], undefined) }
    // `citations` holds what providers send: open by intention.
    if (key !== 'citations') yield* eachKey(root, [...where, Array.isArray(value) ? Number(key) : key])
  }
}

function setAt(root: unknown, path: Path, value: unknown): unknown {
  const copy = structuredClone(root)
  const parent = valueAt(copy, path.slice(0, -1)) as Record<string | number, unknown>
  if (value === undefined) delete parent[path.at(-1)!]
  else parent[path.at(-1)!] = value
  return copy
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce((at, segment) => (at as Record<string | number, unknown>)[segment], root)
}

describe('what sloppy servers send is refused', () => {
  const message = ['choices', 0, 'message']
  it.each<[string, Path, unknown, string]>([
    ['a null fingerprint', ['system_fingerprint'], null, 'system_fingerprint'],
    ['no refusal', [...message, 'refusal'], undefined, 'choices[0].message.refusal'],
    ['no logprobs', ['choices', 0, 'logprobs'], undefined, 'choices[0].logprobs'],
    ['a vendor’s finish reason', ['choices', 0, 'finish_reason'], 'end_turn', 'choices[0].finish_reason'],
    [
      'arguments that are an object',
      [...message, 'tool_calls', 0, 'function', 'arguments'],
      {},
      'choices[0].message.tool_calls[0].function.arguments',
    ],
    ['a tool call of no known type', [...message, 'tool_calls', 0, 'type'], 'tool', 'choices[0].message.tool_calls[0]'],
    ['null tool calls', [...message, 'tool_calls'], null, 'choices[0].message.tool_calls'],
    ['usage with an extension', ['usage', 'queue_time'], 0.1, 'usage.queue_time'],
  ])('%s', (_title, where, value, path) => {
    expect(validateChatCompletion(setAt(completion, where, value))).toMatchObject({
      valid: false,
      problems: [{ path }],
    })
  })

  it.each<[string, Path, unknown]>([
    ['a tool call without its index', ['choices', 0, 'delta', 'tool_calls', 0, 'index'], undefined],
    ['a finish reason that is not there', ['choices', 0, 'finish_reason'], undefined],
    ['an empty object name', ['object'], ''],
    ['another role', ['choices', 0, 'delta', 'role'], 'model'],
  ])('%s in a chunk', (_title, where, value) => {
    expect(validateChatCompletionChunk(setAt(chunk, where, value)).valid).toBe(false)
  })
})

describe('requests', () => {
  const request = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }] }
  it.each([
    ['the smallest one', {}],
    ['fields nobody knows', { extra_body: { a: 1 }, messages: [{ role: 'user', content: 'x', cache_control: {} }] }],
    [
      'null where OpenAI allows it',
      { tools: null, stop: null, temperature: null, stream_options: null, user: null, n: null },
    ],
    [
      'parts of every kind',
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'x' },
              { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'low' } },
              { type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } },
              { type: 'file', file: { file_id: 'f' } },
              { type: 'something_new', thing: 1 },
            ],
          },
        ],
      },
    ],
    [
      'a history of tool calls, with reasoning',
      {
        messages: [
          {
            role: 'assistant',
            content: null,
            reasoning_content: 'hm',
            tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: 'not json' } }],
          },
          { role: 'tool', tool_call_id: '1', content: 'done' },
        ],
      },
    ],
    [
      'tools and a choice of them',
      {
        tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' }, strict: true } }],
        tool_choice: { type: 'function', function: { name: 'f' } },
      },
    ],
  ])('%s is taken', (_title, rest) => {
    const value = { ...request, ...rest }
    expect(validateChatCompletionRequest(value)).toEqual({ valid: true, value })
  })

  it.each([
    [null, '', 'expected an object, but found null'],
    [[], '', 'expected an object, but found a list'],
    [{ messages: request.messages }, 'model', 'is required'],
    [{ ...request, model: '' }, 'model', 'must not be empty'],
    [{ ...request, messages: [] }, 'messages', 'must not be empty'],
    [{ ...request, messages: [{}] }, 'messages[0].role', 'is required'],
    [{ ...request, messages: [{ role: 7 }] }, 'messages[0].role', 'expected a string, but found an integer'],
    [
      { ...request, messages: [{ role: 'user', content: 7 }] },
      'messages[0].content',
      'expected a string, a list or null, but found an integer',
    ],
    [
      { ...request, messages: [{ role: 'user', content: [{ type: 'text', text: 7 }] }] },
      'messages[0].content[0].text',
      'expected a string, but found an integer',
    ],
    [{ ...request, tool_choice: 7 }, 'tool_choice', 'expected a string, an object or null, but found an integer'],
    [{ ...request, tool_choice: {} }, 'tool_choice.type', 'is required'],
    [{ ...request, temperature: '1' }, 'temperature', 'expected a number or null, but found a string'],
    [{ ...request, max_tokens: 1.5 }, 'max_tokens', 'expected an integer or null, but found a number'],
    [{ ...request, stop: [1] }, 'stop[0]', 'expected a string, but found an integer'],
    [{ ...request, response_format: { json_schema: {} } }, 'response_format.type', 'is required'],
  ])('%j is refused, naming the field', (value, path, message) => {
    expect(validateChatCompletionRequest(value)).toMatchObject({ valid: false, problems: [{ path, message }] })
  })

  it('are refused with one problem, whatever they hold', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const result = validateChatCompletionRequest(value)
        if (!result.valid) expect(result.problems.length).toBe(1)
      }),
    )
  })
})
