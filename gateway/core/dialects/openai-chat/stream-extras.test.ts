/** What is no text and no call: signed reasoning, sound, sources. Read back by the official client's accumulator. */
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream'
import { describe, expect, it } from 'vitest'
import type { ChatCompletionChunk } from '../../../../schemas/index.ts'
import { foldChunks } from '../../chat/testing/fold-chunks.ts'
import { mergeReasoningDetails, readReasoningDetails } from './reasoning-details.ts'
import { call, decode, delta, deltas, finish, head } from './testing/streams.ts'

/** The message as the client has it in the end. */
async function asClientReads(chunks: readonly ChatCompletionChunk[]): Promise<Record<string, unknown>> {
  const lines = new Blob(chunks.map((chunk) => `${JSON.stringify(chunk)}\n`)).stream()
  const { choices } = await ChatCompletionStream.fromReadableStream(lines as never).finalChatCompletion()
  return { ...choices[0]?.message }
}

const opening = { role: 'assistant', content: '', refusal: null }

describe('signed reasoning', () => {
  const fragment = (fields: Record<string, unknown>) =>
    delta({ reasoning: fields['text'] ?? null, reasoning_details: [{ type: 'reasoning.text', index: 0, ...fields }] })
  const events = [
    fragment({ text: 'What ', format: 'anthropic-claude-v1' }),
    fragment({ text: 'ticks?', signature: null }),
    fragment({ signature: 'c2lnbmVk' }),
    delta({ content: 'A clock.' }),
  ]
  const whole = [
    { type: 'reasoning.text', index: 0, text: 'What ticks?', signature: 'c2lnbmVk', format: 'anthropic-claude-v1' },
  ]

  it('is put together and told once, before the finish reason, so that clients keep the whole of it', async () => {
    const { chunks } = decode([...events, finish('stop'), '[DONE]'])
    expect(deltas(chunks)).toEqual([
      opening,
      { reasoning_content: 'What ' },
      { reasoning_content: 'ticks?' },
      { content: 'A clock.' },
      { reasoning_details: whole },
      {},
    ])
    expect(await asClientReads(chunks)).toMatchObject({ content: 'A clock.', reasoning_details: whole })
  })

  it('is told by a stream that ends without a finish reason as well', () => {
    expect(foldChunks(decode([...events, '[DONE]']).chunks).choices[0]?.message.reasoning_details).toEqual(whole)
  })

  it('belongs to its choice', () => {
    const event = (index: number, text: string | null, reason: string | null) => {
      const details = text === null ? {} : { reasoning_details: [{ type: 'reasoning.text', index: 0, text }] }
      return JSON.stringify({ ...head, choices: [{ index, delta: details, finish_reason: reason }] })
    }
    const lines = [event(0, 'a', null), event(1, 'b', null), event(0, null, 'stop'), event(1, null, 'stop'), '[DONE]']
    const { choices } = foldChunks(decode(lines, { choices: 2 }).chunks)
    expect(choices.map(({ message }) => message.reasoning_details?.[0]?.text)).toEqual(['a', 'b'])
  })

  it.each<[string, unknown[], unknown]>([
    [
      'of another index is another piece',
      [
        { index: 0, text: 'a' },
        { index: 1, text: 'b' },
      ],
      [
        { index: 0, text: 'a' },
        { index: 1, text: 'b' },
      ],
    ],
    ['without an index is never merged', [{ text: 'a' }, { text: 'b' }], [{ text: 'a' }, { text: 'b' }]],
    [
      'fills what was null',
      [
        { index: 0, text: null },
        { index: 0, text: 'b', id: null },
      ],
      [{ index: 0, text: 'b', id: null }],
    ],
    [
      'keeps what is there when null comes',
      [
        { index: 0, text: 'a', id: 'x' },
        { index: 0, text: null, id: null },
      ],
      [{ index: 0, text: 'a', id: 'x' }],
    ],
    ['is cleared of what nobody knows', [{ index: -1, text: 7, colour: 'red', summary: 's' }], [{ summary: 's' }]],
  ])('%s', (_title, fragments, expected) => {
    const typed = (some: unknown[]) => some.map((one) => ({ type: 'reasoning.text', ...(one as object) }))
    const details: NonNullable<ReturnType<typeof readReasoningDetails>> = []
    for (const one of typed(fragments)) mergeReasoningDetails(details, readReasoningDetails([one]) ?? [])
    expect(details).toEqual(typed(expected as unknown[]))
  })

  it('that is encrypted stays in the pieces it came in', () => {
    const encrypted = ['x', 'y'].map((data) => ({ type: 'reasoning.encrypted', index: 0, data, id: `rs_${data}` }))
    const details: NonNullable<ReturnType<typeof readReasoningDetails>> = []
    for (const one of encrypted) mergeReasoningDetails(details, readReasoningDetails([one]) ?? [])
    expect(details).toEqual(encrypted)
  })

  it.each([undefined, null, 'text', [], [{}], [{ type: '' }], ['a'], [null]])('is none when it is %j', (value) => {
    expect(readReasoningDetails(value)).toBeNull()
  })
})

describe('sound', () => {
  it('goes through piece by piece, and is content', async () => {
    const { chunks, steps } = decode([
      delta({ role: 'assistant', audio: { id: 'audio_1', transcript: '' } }),
      delta({ audio: { transcript: 'A ' } }),
      delta({ audio: { data: 'QUJD' } }),
      delta({ audio: { transcript: 'clock.', data: 'REVG' } }),
      delta({ audio: { expires_at: 1_800_000_000 } }),
      finish('stop'),
      '[DONE]',
    ])
    expect(steps[0]?.content).toBe(true)
    const audio = { id: 'audio_1', transcript: 'A clock.', data: 'QUJDREVG', expires_at: 1_800_000_000 }
    expect(foldChunks(chunks).choices[0]?.message).toMatchObject({ content: null, audio })
    expect(await asClientReads(chunks)).toMatchObject({ content: null, audio })
  })

  it.each([null, 'x', {}, { data: 7 }, { expires_at: -1 }])('is none when it is %j', (audio) => {
    const { chunks } = decode([delta({ content: 'a', audio }), finish('stop'), '[DONE]'])
    expect(deltas(chunks)).toEqual([opening, { content: 'a' }, {}])
  })
})

describe('annotations', () => {
  it('of several events are told together', async () => {
    const cited = (title: string) => ({
      type: 'url_citation',
      url_citation: { start_index: 0, end_index: 1, url: 'https://a.example', title },
    })
    const { chunks } = decode([
      delta({ annotations: [cited('A')] }),
      delta({ content: 'a', annotations: [cited('B')] }),
      finish('stop'),
      '[DONE]',
    ])
    expect(deltas(chunks)).toEqual([opening, { content: 'a' }, { annotations: [cited('A'), cited('B')] }, {}])
    expect(await asClientReads(chunks)).toMatchObject({ annotations: [cited('A'), cited('B')] })
  })
})

describe('custom calls', () => {
  it("are read by the official client, though OpenAI's own document does not have them", async () => {
    const { chunks } = decode([
      call({ index: 0, id: 'a', type: 'custom', custom: { name: 'shell', input: '' } }),
      call({ index: 0, custom: { input: 'ls' } }),
      finish('tool_calls'),
      '[DONE]',
    ])
    expect(await asClientReads(chunks)).toMatchObject({
      tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'shell', input: 'ls' } }],
    })
  })
})
