/** Whole replies of each wire language with a part or two of them spoilt, as `wire-events.ts` has the events of streams. */
import fc from 'fast-check'
import type { DialectId } from '../../providers/provider.ts'
import { spoilt } from './spoilt.ts'

const anthropicReply = {
  id: 'msg',
  model: 'c',
  content: [
    { type: 'thinking', thinking: 't', signature: 's' },
    { type: 'text', text: 'x', citations: [{ url: 'https://example.test/é ü', title: null }] },
    { type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } },
    { type: 'tool_use', id: 't1', name: 'answer', input: {} },
  ],
  stop_reason: 'tool_use',
  usage: {
    input_tokens: 5,
    output_tokens: 6,
    cache_read_input_tokens: 2,
    output_tokens_details: { thinking_tokens: 9 },
  },
}
const converseReply = {
  output: {
    message: {
      role: 'assistant',
      content: [
        { reasoningContent: { reasoningText: { text: 't', signature: 's' } } },
        { text: 'x' },
        { citationsContent: { content: [{ text: 'c' }], citations: [{ source: 'https://example.test/é ü' }] } },
        { toolUse: { toolUseId: 't1', name: 'f', input: { a: 1 } } },
        { toolUse: { toolUseId: 't1', name: 'answer', input: {} } },
      ],
    },
  },
  stopReason: 'tool_use',
  usage: { inputTokens: 5, outputTokens: 6, cacheReadInputTokens: 2, cacheWriteInputTokens: 1 },
  serviceTier: { type: 'flex' },
}
const cohereReply = {
  id: 'c',
  message: {
    role: 'assistant',
    content: [
      { type: 'thinking', thinking: 't' },
      { type: 'text', text: 'x' },
    ],
    tool_plan: 'p',
    tool_calls: [
      { id: 'f_1', type: 'function', function: { name: 'f', arguments: 'null' } },
      { id: 'f_1', type: 'function', function: { name: 'g', arguments: '{"a":1}' } },
    ],
    citations: [{ start: 0, end: 1, text: 'x', sources: [] }],
  },
  finish_reason: 'TOOL_CALL',
  usage: { tokens: { input_tokens: 5, output_tokens: 6, image_tokens: 2 }, cached_tokens: 9 },
  logprobs: [{ text: 'x', token_ids: [1], logprobs: [-1] }],
}
const ollamaReply = {
  model: 'm',
  created_at: '2026-03-02T10:00:00.5Z',
  message: { content: 'x', thinking: 't', tool_calls: [{ id: 'a', function: { name: 'f', arguments: { a: 1 } } }] },
  done: true,
  done_reason: 'stop',
  prompt_eval_count: 5,
  logprobs: [{ token: 'a', logprob: -1, bytes: [1], top_logprobs: [{ token: 'b', logprob: -2 }] }],
}
const call = { id: 'a', type: 'function', function: { name: 'f', arguments: { a: 1 } } }
const openaiReply = {
  id: 'c',
  created: 5.5,
  choices: [
    { index: 0, message: { content: 'x', reasoning: 'r', tool_calls: [call, call] }, finish_reason: 'stop' },
    { index: 0, message: { content: 'y', audio: { id: 'a' } }, logprobs: { content: [] }, finish_reason: 'stop' },
  ],
  usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7, prompt_tokens_details: { cached_tokens: 9 } },
  citations: [1, 'x'],
}

const geminiReply = {
  candidates: [
    {
      content: {
        parts: [
          { text: 't', thought: true },
          { text: 'x', thoughtSignature: 's' },
          { functionCall: { id: 'a', name: 'f', args: { a: 1 } }, thoughtSignature: 's' },
          { functionCall: { id: 'a', name: 'f' } },
        ],
        role: 'model',
      },
      finishReason: 'STOP',
      index: 0,
      citationMetadata: { citations: [{ uri: 'https://example.test/' }] },
      groundingMetadata: {
        groundingChunks: [{ web: { uri: 'https://example.test/é ü', title: null } }],
        groundingSupports: [{ segment: { startIndex: 0, endIndex: 1, text: 'x' }, groundingChunkIndices: [0] }],
      },
      logprobsResult: { chosenCandidates: [{ token: 'a', logProbability: -1 }], topCandidates: [{ candidates: [] }] },
    },
  ],
  usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 6, thoughtsTokenCount: 9, serviceTier: 'standard' },
  modelVersion: 'm',
  createTime: '2026-03-02T10:00:00.5Z',
  responseId: 'r',
}

const twiceSpoilt = (reply: unknown) => spoilt(reply).chain((once) => fc.oneof(fc.constant(once), spoilt(once)))

export const wireReplies: Readonly<Partial<Record<DialectId, fc.Arbitrary<unknown>>>> = {
  'anthropic-messages': twiceSpoilt(anthropicReply),
  'bedrock-converse': twiceSpoilt(converseReply),
  'gemini-generate-content': twiceSpoilt(geminiReply),
  'cohere-chat': twiceSpoilt(cohereReply),
  'ollama-chat': twiceSpoilt(ollamaReply),
  'openai-chat': twiceSpoilt(openaiReply),
}
