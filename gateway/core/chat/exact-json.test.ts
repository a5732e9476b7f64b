import { describe, expect, it } from 'vitest'
import type { DecodeContext, Dialect } from '../dialects/dialect.ts'
import { dialects } from '../dialects/index.ts'
import { noQuirks } from '../dialects/quirks.ts'
import { encoded } from '../dialects/testing/encode.ts'
import { parseExactJson } from './exact-json.ts'

const long = '12345678901234567890'
const context: DecodeContext = {
  fallbackId: 'id',
  createdSeconds: 1,
  model: 'm',
  includeUsage: false,
  quirks: noQuirks,
}

describe('parseExactJson', () => {
  it.each([`{"id":${long}}`, `[-${long},1,2.5,"${long}"]`, '{"a":9007199254740991}'])('keeps %s', (text) => {
    expect(JSON.stringify(parseExactJson(text))).toBe(text)
  })

  it('gives undefined for what is no JSON', () => {
    expect([parseExactJson('{'), parseExactJson(`{"a":${long}`)]).toEqual([undefined, undefined])
  })
})

describe('the id of an account in the arguments of a call', () => {
  const replies = {
    'anthropic-messages': `{"id":"m","type":"message","role":"assistant","model":"m","stop_reason":"tool_use","content":[{"type":"tool_use","id":"t","name":"pay","input":{"account":${long}}}],"usage":{"input_tokens":1,"output_tokens":1}}`,
    'ollama-chat': `{"model":"m","created_at":"2026-11-24T00:00:00Z","done":true,"done_reason":"stop","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"pay","arguments":{"account":${long}}}}]}}`,
  } as const

  it.each(Object.entries(replies))('comes out of a reply as it went in (%s)', (id, reply) => {
    const dialect: Dialect | undefined = dialects[id as keyof typeof replies]
    const decoded = dialect?.decode(reply, context)
    if (decoded === undefined || 'failure' in decoded) throw new Error('not decoded')
    expect(decoded.completion.choices[0]?.message.tool_calls).toMatchObject([
      { function: { arguments: `{"account":${long}}` } },
    ])
  })

  it.each(Object.keys(replies))('goes back to the model as it was (%s)', (id) => {
    const dialect = dialects[id as keyof typeof replies]
    if (dialect === undefined) throw new Error('not registered')
    const call = { id: 't', type: 'function' as const, function: { name: 'pay', arguments: `{"account": ${long}}` } }
    const request = {
      model: 'm',
      messages: [
        { role: 'user' as const, content: 'Pay.' },
        { role: 'assistant' as const, content: null, tool_calls: [call] },
        { role: 'tool' as const, tool_call_id: 't', content: 'done' },
      ],
    }
    expect(JSON.stringify(encoded(dialect, request))).toContain(long)
  })
})
