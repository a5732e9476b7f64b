import { describe, expect, it } from 'vitest'
import type { AnswerMessage, ChatCompletion, Choice } from '../../../schemas/index.ts'
import { validateChatCompletionChunk } from '../../../schemas/validate-chat-completion-chunk.ts'
import { validateChatCompletion } from '../../../schemas/validate-chat-completion.ts'
import type { DecodeContext } from '../dialects/dialect.ts'
import { noQuirks } from '../dialects/quirks.ts'
import { chunksOf } from './chunks-of.ts'
import { renderUsage } from './emit-usage.ts'
import { foldChunks } from './testing/fold-chunks.ts'

const context: DecodeContext = {
  fallbackId: 'chatcmpl-fallback',
  createdSeconds: 7,
  model: 'asked',
  includeUsage: true,
  quirks: noQuirks,
}

const usage = renderUsage({ inputTokens: 3, outputTokens: 2, cachedTokens: 1, reasoningTokens: 0 })
const token = { token: 'a', logprob: -0.5, bytes: null, top_logprobs: [] }

function completionOf(message: Partial<AnswerMessage>, rest: Partial<Choice> = {}): ChatCompletion {
  const full = { role: 'assistant' as const, content: null, refusal: null, ...message }
  const choice = { index: 0, message: full, logprobs: null, finish_reason: 'stop' as const, ...rest }
  return { id: 'a', object: 'chat.completion', created: 9, model: 'm', choices: [choice], usage }
}

describe('a whole answer as a stream', () => {
  const call = { id: 'c', type: 'function' as const, function: { name: 'f', arguments: '{"x":1}' } }
  const cited = { start_index: 0, end_index: 1, url: 'https://a.example', title: 'A' }

  it.each<[string, ChatCompletion]>([
    ['text', completionOf({ content: 'a' })],
    ['text with log probabilities', completionOf({ content: 'a' }, { logprobs: { content: [token], refusal: null } })],
    ['an empty text', completionOf({ content: '' })],
    ['nothing but log probabilities', completionOf({}, { logprobs: { content: [token], refusal: null } })],
    ['reasoning', completionOf({ content: 'a', reasoning_content: 'hm' })],
    ['a refusal', completionOf({ refusal: 'no' }, { logprobs: { content: null, refusal: [token] } })],
    ['a text that was cut', completionOf({ content: 'a' }, { finish_reason: 'length' })],
    [
      'calls',
      completionOf(
        { tool_calls: [call, { id: 'd', type: 'custom', custom: { name: 'g', input: 'x' } }] },
        { finish_reason: 'tool_calls' },
      ),
    ],
    ['text and a call', completionOf({ content: 'a', tool_calls: [call] }, { finish_reason: 'tool_calls' })],
    ['the older form', completionOf({ function_call: call.function }, { finish_reason: 'function_call' })],
    ['sound', completionOf({ audio: { id: 'x', data: 'QQ', transcript: 't', expires_at: 5 } })],
    [
      'extras',
      completionOf({
        content: 'a',
        annotations: [{ type: 'url_citation', url_citation: cited }],
        citations: ['https://a.example'],
        reasoning_details: [{ type: 'reasoning.text', text: 't', signature: 's' }],
      }),
    ],
    ['a fingerprint and a tier', { ...completionOf({ content: 'a' }), system_fingerprint: 'fp', service_tier: 'flex' }],
    [
      'several choices',
      {
        ...completionOf({ content: 'a' }),
        choices: [
          ...completionOf({ content: 'b' }, { index: 1 }).choices,
          ...completionOf({ content: 'a', tool_calls: [call] }, { finish_reason: 'tool_calls' }).choices,
        ].reverse(),
      },
    ],
  ])('holds %s', (_title, completion) => {
    expect(validateChatCompletion(completion)).toMatchObject({ valid: true })
    const chunks = chunksOf(completion, context)
    for (const chunk of chunks) expect(validateChatCompletionChunk(chunk)).toMatchObject({ valid: true })
    const { choices, ...head } = completion
    const folded = foldChunks(chunks)
    expect(folded).toMatchObject(head)
    expect(folded.choices).toEqual(choices)
  })

  it('counts only for those who asked', () => {
    const chunks = chunksOf(completionOf({ content: 'a' }), { ...context, includeUsage: false })
    expect(chunks.map((chunk) => chunk.usage)).toEqual([undefined, undefined, undefined])
  })
})
