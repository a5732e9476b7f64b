import { describe, expect, it } from 'vitest'
import { fitSchema } from './schema.ts'

describe('a schema', () => {
  it('of known keywords is sent as it is', () => {
    const schema = {
      type: 'object',
      title: 'Person',
      properties: {
        name: { type: ['string', 'null'], description: 'Who.' },
        born: { type: 'string', format: 'date' },
        marks: { type: 'array', items: { type: 'number', minimum: 1, maximum: 6 }, minItems: 1 },
        pair: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }] },
        kind: { anyOf: [{ enum: ['a', 1] }, { $ref: '#/$defs/kind' }] },
      },
      required: ['name'],
      additionalProperties: false,
      $defs: { kind: { type: 'object', additionalProperties: { type: 'string' } } },
    }
    expect(fitSchema(schema)).toEqual({ schema, isLoosened: false })
  })

  it.each<[string, object, object, boolean]>([
    [
      'has what only narrows it in words',
      { type: 'string', minLength: 2, description: 'Who.' },
      { type: 'string', description: 'Who. (minLength: 2)' },
      true,
    ],
    [
      'has a format nobody knows in words',
      { type: 'string', format: 'email' },
      { type: 'string', description: '(format: "email")' },
      true,
    ],
    ['has its one value as a choice', { const: 'x' }, { enum: ['x'] }, false],
    ['may be nothing', { const: null }, { type: 'null' }, false],
    [
      'has one of several as any of them',
      { oneOf: [{ type: 'string' }, true] },
      { anyOf: [{ type: 'string' }, {}] },
      false,
    ],
    [
      'is one where it was said to be all of several',
      {
        allOf: [
          { type: 'object', properties: { a: {} }, required: ['a'] },
          { properties: { b: {} }, required: ['b'] },
        ],
      },
      { type: 'object', properties: { a: {}, b: {} }, required: ['a', 'b'] },
      false,
    ],
    [
      'refers to nothing but the other',
      { $ref: '#/definitions/a', description: 'x', default: 1 },
      { $ref: '#/$defs/a' },
      false,
    ],
    ['that narrows what it refers to is weaker', { $ref: '#/$defs/a', minLength: 1 }, { $ref: '#/$defs/a' }, true],
    [
      'has the definitions where they are looked for',
      { definitions: { a: { $schema: 'x', type: 'string' } } },
      { $defs: { a: { type: 'string' } } },
      false,
    ],
    ['that excludes is weaker', { not: { type: 'string' } }, {}, true],
    ['without a type that could be read has none', { type: null, title: 't' }, { title: 't' }, false],
    ['says nothing of itself', { $id: 'x', $comment: 'x', examples: [1], default: 1, 'x-own': 1 }, {}, false],
  ])('%s', (_name, given, schema, isLoosened) => {
    expect(fitSchema({ ...given })).toEqual({ schema, isLoosened })
  })

  it('has its names as they are', () => {
    const given = JSON.parse('{"properties":{"__proto__":{"const":"a"},"constructor":{"type":"string"}}}') as object
    const { schema } = fitSchema({ ...given })
    expect(JSON.stringify(schema)).toBe('{"properties":{"__proto__":{"enum":["a"]},"constructor":{"type":"string"}}}')
  })
})
