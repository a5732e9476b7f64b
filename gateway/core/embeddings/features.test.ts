import { describe, expect, it } from 'vitest'
import { validateEmbeddingsRequest } from '../../../schemas/validate-embeddings-request.ts'
import { readEmbeddingsShape } from './features.ts'
import { readEmbeddingsFields } from './fields.ts'
import { inputTypeFor, readInputType, taskTypes } from './input-type.ts'

const shapeOf = (input: unknown) => {
  const checked = validateEmbeddingsRequest({ model: 'm', input })
  if (!checked.valid) throw new Error('refused by the schema already')
  return readEmbeddingsShape(checked.value)
}

describe('the shape of a request', () => {
  it.each([
    ['one text', 'x'.repeat(9), 1, 9, 3, 3],
    ['several texts', ['x'.repeat(4), 'y'.repeat(40), ''], 3, 44, 11, 10],
    ['one list of token ids', [1, 2, 3], 1, 0, 3, 3],
    ['several of them', [[1], [2, 3, 4]], 2, 0, 4, 3],
  ] as const)('of %s', (_what, input, messages, promptCharacters, inputTokens, longestInputTokens) => {
    expect(shapeOf(input)).toMatchObject({
      features: { messages, promptCharacters, stream: false, has: [], images: 0, maxOutputTokens: 0 },
      estimate: { inputTokens, longestInputTokens, outputTokens: 0 },
    })
  })

  it.each([[['a', 1]], [[1, 'a']], [[1, [2]]], [[[1], 2]], [[[1], 'a']], [['a', [1]]]])(
    'mixed means nothing: %j',
    (input) => {
      expect(shapeOf(input)).toBeNull()
    },
  )
})

describe('the parts of a request', () => {
  it('are those that ask for something', () => {
    const request = { model: 'm', input: 'x', dimensions: null, user: '', encoding_format: 'float' as const }
    expect(readEmbeddingsFields(request)).toEqual([])
    expect(
      readEmbeddingsFields({
        model: 'm',
        input: [1],
        dimensions: 8,
        user: 'u',
        encoding_format: 'base64',
        input_type: 'query',
        truncate: 'END',
        'a field with spaces': 1,
      }),
    ).toEqual(['input[tokens]', 'dimensions', 'user', 'encoding_format[base64]', 'input_type', 'truncate', 'other'])
  })

  it('are bounded, whatever a caller makes up', () => {
    const made = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`field_${index}`, 1]))
    expect(readEmbeddingsFields({ model: 'm', input: 'x', ...made })).toHaveLength(33)
  })
})

describe('what texts are for', () => {
  const searching = {
    inputTypes: { document: 'search_document', query: 'search_query' },
    inputTypesClosed: true as const,
  }

  it.each([
    ['document', 'search_document'],
    ['search_document', 'search_document'],
    ['passage', 'search_document'],
    ['RETRIEVAL_DOCUMENT', 'search_document'],
    ['query', 'search_query'],
    ['Query', 'search_query'],
    ['RETRIEVAL_QUERY', 'search_query'],
    ['clustering', null],
  ])('%s is said in the words of the provider', (written, expected) => {
    expect(inputTypeFor(written, searching)).toBe(expected)
  })

  it("leaves a provider's own word, and one that it may know better than we do", () => {
    expect(inputTypeFor('FACT_VERIFICATION', { inputTypes: taskTypes })).toBe('FACT_VERIFICATION')
    expect(inputTypeFor('fact_verification', { inputTypes: taskTypes })).toBe('FACT_VERIFICATION')
    expect(inputTypeFor('SOMETHING_NEW', { inputTypes: taskTypes })).toBe('SOMETHING_NEW')
  })

  it('is said where the provider must be told, and what is not known there is lost', () => {
    expect(readInputType(undefined, {})).toEqual({ inputType: undefined, lost: [] })
    expect(readInputType(null, { ...searching, inputType: 'document' })).toEqual({
      inputType: 'search_document',
      lost: [],
    })
    expect(readInputType('query', { ...searching, inputType: 'document' })).toEqual({
      inputType: 'search_query',
      lost: [],
    })
    expect(readInputType('odd', { ...searching, inputType: 'document' })).toEqual({
      inputType: 'search_document',
      lost: ['input_type'],
    })
  })
})
