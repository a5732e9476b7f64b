import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'
import { encoded } from '../testing/encode.ts'
import { openaiChat } from './index.ts'
import { renderDraft } from './splice.ts'

function parse(source: string): ChatCompletionRequest {
  return JSON.parse(source) as ChatCompletionRequest
}

/** The whole body, as the transport puts it together. */
function sent(source: string, from: string | null): string {
  const { body, sourceFrom } = encoded(openaiChat, parse(source), { model: 'theirs "x"', source: from })
  return sourceFrom === null ? body : body + Buffer.from(source).subarray(sourceFrom).toString()
}

/** What is sent, read back; the same whether the text was carried over or written anew. */
function bothWays(source: string): [unknown, unknown] {
  return [JSON.parse(sent(source, source)), JSON.parse(sent(source, null))]
}

describe('a request whose text is carried over', () => {
  it("keeps the caller's text but for the model", () => {
    const source = '{ "model" : "ours",  "messages":[{"role":"user","content":"hé"}], "seed": 1.0 }'
    expect(sent(source, source)).toBe(
      '{"model":"theirs \\"x\\"",  "messages":[{"role":"user","content":"hé"}], "seed": 1.0 }',
    )
  })

  it('gets new fields in front, such as the wish for usage', () => {
    const source = '{"model":"ours","messages":[],"stream":true}'
    expect(sent(source, source)).toBe(
      '{"stream_options":{"include_usage":true},"model":"theirs \\"x\\"","messages":[],"stream":true}',
    )
  })

  it.each([
    ['the model stands elsewhere', '{"messages":[],"model":"ours"}'],
    ['the model is given twice', '{"model":"ours","messages":[],"model":"ours"}'],
    ['the model is given twice, once with an escape', '{"model":"ours","messages":[],"mod\\u0065l":"ours"}'],
    ['a field has to change', '{"model":"ours","messages":[],"stream":true,"stream_options":{"include_usage":false}}'],
    ['the model has an escape', '{"model":"\\u006furs","messages":[]}'],
  ])('is written anew when %s', (_why, source) => {
    const body = sent(source, source)
    expect(body).toBe(sent(source, null))
    expect(body.match(/theirs/g)).toHaveLength(1)
  })

  it('means the same as one that is written anew, for any request', () => {
    const any = fc.record(
      {
        model: fc.constantFrom('ours', 'a"b', 'ü'),
        messages: fc.array(fc.record({ role: fc.constant('user'), content: fc.string({ unit: 'grapheme' }) })),
        stream: fc.boolean(),
        extra: fc.jsonValue(),
        seed: fc.double({ noNaN: true, noDefaultInfinity: true }),
      },
      { requiredKeys: ['model', 'messages'] },
    )
    fc.assert(
      fc.property(any, fc.nat(3), (request, indent) => {
        const [carried, anew] = bothWays(JSON.stringify(request, null, indent))
        expect(carried).toEqual(anew)
      }),
      { numRuns: 1000 },
    )
  })
})

it('renders whole what has no text', () => {
  expect(renderDraft({ model: 'a' }, null)).toEqual({
    body: '{"model":"a"}',
    sourceFrom: null,
  })
})
