/** The writer by itself, as a dialect uses it. What vendors make of streams is tested with the dialects. */
import { describe, expect, it } from 'vitest'
import type { DecodeContext } from '../dialects/dialect.ts'
import { noQuirks } from '../dialects/quirks.ts'
import { ChunkWriter } from './emit-stream.ts'
import { renderUsage } from './emit-usage.ts'
import { foldChunks } from './testing/fold-chunks.ts'
import { answerFailure } from './wire-failure.ts'

const context: DecodeContext = {
  fallbackId: 'chatcmpl-fallback',
  createdSeconds: 7,
  model: 'asked',
  includeUsage: true,
  quirks: noQuirks,
}
const unsaid = { id: null, createdSeconds: null, model: null, systemFingerprint: null, serviceTier: null }
const usage = renderUsage({ inputTokens: 3, outputTokens: 2, cachedTokens: 1, reasoningTokens: 0 })

describe('the head', () => {
  it('is what was said first, and never changes after the first chunk', () => {
    const writer = new ChunkWriter(context)
    writer.identify(unsaid)
    writer.identify({ ...unsaid, id: 'a' })
    writer.identify({ ...unsaid, id: 'b', model: 'm' })
    expect(writer.started).toBe(false)
    writer.text(0, 'x', null)
    expect(writer.started).toBe(true)
    writer.identify({ ...unsaid, createdSeconds: 9, systemFingerprint: 'late' })
    writer.text(0, 'y', null)
    for (const chunk of writer.step().chunks) {
      expect(chunk).toMatchObject({ id: 'a', model: 'm', created: 7 })
      expect(chunk.system_fingerprint).toBeUndefined()
    }
  })
})

describe('an answer', () => {
  it('is written in the order it came, whatever the dialect leaves out', () => {
    const writer = new ChunkWriter(context)
    writer.reasoning(0, 'hm')
    writer.text(0, 'Look: ', null)
    writer.toolCall(0, 5, { id: '', name: 'f', arguments: '' })
    writer.toolCall(0, 2, { id: 'b', name: 'g', arguments: '{"x":1}' })
    writer.finish(0, 'stop')
    writer.text(0, 'too late', null)
    writer.countUsage(usage)
    writer.end(true)
    const step = writer.step()
    expect(step).toMatchObject({ content: true, done: true, failure: null })
    const { choices, usage: counted } = foldChunks(step.chunks)
    expect(choices).toEqual([
      {
        index: 0,
        message: {
          role: 'assistant',
          content: 'Look: ',
          refusal: null,
          reasoning_content: 'hm',
          tool_calls: [
            { id: 'call_chatcmplfallback_0_0', type: 'function', function: { name: 'f', arguments: '{}' } },
            { id: 'b', type: 'function', function: { name: 'g', arguments: '{"x":1}' } },
          ],
        },
        logprobs: null,
        finish_reason: 'tool_calls',
      },
    ])
    expect(counted).toEqual(usage)
  })

  it('ends as a failure when the bytes end first, and says so as often as it is asked', () => {
    const writer = new ChunkWriter(context)
    writer.text(0, 'a', null)
    writer.step()
    writer.end(false)
    const step = writer.step()
    expect(step).toMatchObject({ chunks: [], done: false, failure: { class: 'server_error' } })
    expect(writer.step()).toEqual(step)
  })

  it('keeps the first failure', () => {
    const writer = new ChunkWriter(context)
    writer.fail(answerFailure('first'))
    writer.fail(answerFailure('second'))
    writer.end(true)
    expect(writer.step().failure?.message).toBe('first')
  })
})
