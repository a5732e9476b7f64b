import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'
import { fitSchema } from '../../chat/closed-schema.ts'
import { send } from './testing/sent.ts'

const person = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name', 'age'],
  additionalProperties: false,
}
const without = 'claude-sonnet-4-20250514'
const unforced = 'claude-opus-5-5'
const tools = [{ type: 'function', function: { name: 'look' } }]

function asking(schema: object, rest: object = {}): Partial<ChatCompletionRequest> {
  return { response_format: { type: 'json_schema', json_schema: { name: 'person', schema: { ...schema }, ...rest } } }
}

describe('JSON of a schema', () => {
  it('is asked for natively where the model can', () => {
    const { body, lost, answerTool } = send({ ...asking(person, { strict: true }), tools })
    expect(body['output_config']).toEqual({ format: { type: 'json_schema', schema: person } })
    expect(body['tools']).toHaveLength(1)
    expect([lost, answerTool]).toEqual([[], null])
  })

  it('goes with an effort', () => {
    const { body } = send({ ...asking(person), reasoning_effort: 'low' }, { model: 'claude-opus-5' })
    expect(body['output_config']).toMatchObject({ effort: 'low', format: { type: 'json_schema' } })
  })

  it('is the input of a tool that must be called where the model has nothing better', () => {
    const { body, lost, answerTool } = send(asking(person, { description: 'A person.' }), { model: without })
    expect(body).toMatchObject({
      tools: [{ name: 'person', description: 'A person.', input_schema: person }],
      tool_choice: { type: 'tool', name: 'person', disable_parallel_tool_use: true },
    })
    expect([lost, answerTool]).toEqual([['response_format[json_schema];approximated'], 'person'])
  })

  it('is asked for in words where no tool could take it either', () => {
    for (const schema of [
      { type: 'object', properties: { 'Account Number': { type: 'string' } } },
      { type: 'object', anyOf: [{ properties: { a: {} } }, { properties: { b: {} } }] },
    ]) {
      const { body, answerTool } = send(asking(schema), { model: without })
      expect([answerTool, body['tools']]).toEqual([null, undefined])
      expect(body['system']).toMatchObject([{ text: expect.stringContaining(JSON.stringify(schema)) as string }])
    }
  })

  it('stands beside the tools of the caller, under a name of its own', () => {
    const named = [{ type: 'function', function: { name: 'person' } }]
    const { body, answerTool } = send({ ...asking(person), tools: named }, { model: without })
    expect(body).toMatchObject({
      tools: [{ name: 'person' }, { name: 'person_answer', input_schema: person }],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
    })
    expect(answerTool).toBe('person_answer')
    const unwanted = send({ ...asking(person), tools: named, tool_choice: 'none' }, { model: without })
    expect(unwanted.body['tool_choice']).toMatchObject({ type: 'tool', name: 'person_answer' })
  })

  it('waits while a tool must be called', () => {
    const { body, answerTool } = send({ ...asking(person), tools, tool_choice: 'required' }, { model: without })
    expect(body).toMatchObject({ tools: [{ name: 'look' }], tool_choice: { type: 'any' } })
    expect(answerTool).toBeNull()
  })

  it('turns a budget for thinking off where it is a tool', () => {
    expect(send({ ...asking(person), reasoning_effort: 'high' }, { model: without }).body).not.toHaveProperty(
      'thinking',
    )
  })

  it('is asked for in words where nothing else is left', () => {
    const list = { type: 'array', items: person }
    const maps = { type: 'object', properties: { all: { type: 'object', additionalProperties: person } } }
    for (const { body, answerTool } of [
      send(asking(list), { model: without }),
      send(asking(maps), { model: unforced }),
      send({ ...asking(maps), thinking: { type: 'enabled', budget_tokens: 2000 } }),
    ]) {
      expect(body['system']).toMatchObject([{ text: expect.stringContaining('"age"') as string }])
      expect(body).not.toHaveProperty('output_config')
      expect(answerTool).toBeNull()
    }
  })

  it('tells the caller when limits on values went into words', () => {
    const limited = { ...person, properties: { ...person.properties, age: { type: 'integer', minimum: 0 } } }
    const { body, lost } = send(asking(limited))
    expect(body['output_config']).toMatchObject({
      format: { schema: { properties: { age: { type: 'integer', description: '(minimum: 0)' } } } },
    })
    expect(lost).toEqual(['response_format[json_schema];approximated'])
  })
})

describe('any JSON', () => {
  it('is asked for in words', () => {
    const { body, lost } = send({
      response_format: { type: 'json_object' },
      messages: [{ role: 'system', content: 'Be brief.' }],
    })
    expect(body['system']).toMatchObject([
      { text: 'Be brief.' },
      { text: expect.stringContaining('JSON object') as string },
    ])
    expect(lost).toEqual(['response_format[json_object];approximated'])
  })
})

describe('a schema that structured outputs take', () => {
  const closed = { additionalProperties: false }

  it.each<[string, object, object]>([
    ['is closed', { type: 'object', properties: { a: {} } }, { type: 'object', properties: { a: {} }, ...closed }],
    [
      'keeps what is known',
      { type: 'array', items: { enum: ['a', null] }, minItems: 1, title: 'T', $schema: 'x', 'x-order': 1 },
      { type: 'array', items: { enum: ['a', null] }, minItems: 1, title: 'T' },
    ],
    [
      'has one kind of union',
      { oneOf: [{ type: 'string' }, { const: 1 }] },
      { anyOf: [{ type: 'string' }, { const: 1 }] },
    ],
    [
      'keeps references',
      { $ref: '#/$defs/a', $defs: { a: { type: 'string', format: 'date' } } },
      { $ref: '#/$defs/a', $defs: { a: { type: 'string', format: 'date' } } },
    ],
    [
      'says in words what narrows a value',
      { type: 'string', description: 'A code.', pattern: '^a', maxLength: 5, format: 'iban' },
      { type: 'string', description: 'A code. (pattern: "^a", maxLength: 5, format: "iban")' },
    ],
  ])('%s', (_what, schema, expected) => {
    expect(fitSchema(schema)?.schema).toEqual(expected)
  })

  it.each<[string, unknown]>([
    ['a map', { type: 'object', additionalProperties: { type: 'string' } }],
    ['an object of anything', { type: 'object' }],
    ['patterns of names', { type: 'object', properties: { a: {} }, patternProperties: {} }],
    ['tuples', { type: 'array', prefixItems: [] }],
    ['a reference to elsewhere', { $ref: 'https://example.test/a.json' }],
    ['itself', { type: 'object', properties: { a: { $ref: '#' } } }],
    ['recursion', { $ref: '#/$defs/a', $defs: { a: { type: 'array', items: { $ref: '#/$defs/a' } } } }],
    [
      'recursion by way of another',
      { $defs: { a: { anyOf: [{ $ref: '#/$defs/b' }] }, b: { items: { $ref: '#/$defs/a' } } }, $ref: '#/$defs/a' },
    ],
    ['objects as values', { enum: [{ a: 1 }] }],
    ['a reference inside allOf', { allOf: [{ $ref: '#/$defs/a' }], $defs: { a: { type: 'string' } } }],
    ['negation', { not: { type: 'string' } }],
    ['no schema', true],
  ])('cannot hold %s', (_what, schema) => {
    expect(fitSchema(schema)).toBeNull()
  })

  it('is read once, however often its parts are referred to', () => {
    const referring = (targets: readonly string[]) => ({
      type: 'object',
      properties: Object.fromEntries(targets.map((target, place) => [`p${place}`, { $ref: `#/$defs/${target}` }])),
      required: targets.map((_target, place) => `p${place}`),
      additionalProperties: false,
    })
    // Two definitions a level, each of which refers to both of the next: a path more is twice as many to walk.
    const levels = Array.from({ length: 24 }, (_, level) => [`a${level}`, `b${level}`])
    const named = levels.flatMap((names, level) =>
      names.map((name) => [name, referring(levels[level + 1] ?? [])] as const),
    )
    const lattice = { ...referring(levels[0] ?? []), $defs: Object.fromEntries(named) }
    expect(fitSchema(lattice)?.schema).toEqual(lattice)
    const back = { ...lattice, $defs: { ...lattice.$defs, b23: referring(['a0']) } }
    expect(fitSchema(back)).toBeNull()
  })

  it('keeps a property of any name', () => {
    const schema: unknown = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"}},"required":["__proto__"],"additionalProperties":false}',
    )
    expect(JSON.stringify(fitSchema(schema)?.schema)).toBe(JSON.stringify(schema))
  })

  it('may hold so many optional and so many ambiguous properties', () => {
    const object = (count: number, property: object, required: boolean) => {
      const names = Array.from({ length: count }, (_, index) => `p${index}`)
      return {
        type: 'object',
        properties: Object.fromEntries(names.map((name) => [name, property])),
        required: required ? names : [],
      }
    }
    const isNative = (schema: object): boolean => 'output_config' in send(asking(schema)).body
    expect(isNative(object(24, { type: 'string' }, false))).toBe(true)
    expect(isNative(object(25, { type: 'string' }, false))).toBe(false)
    expect(isNative(object(16, { type: ['string', 'null'] }, true))).toBe(true)
    expect(isNative(object(17, { anyOf: [{ type: 'string' }, { type: 'null' }] }, true))).toBe(false)
  })
})
