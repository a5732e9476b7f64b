import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ChatCompletionChunk } from '../../../schemas/index.ts'
import { ChunkRenderer } from './render-chunk.ts'

const text = fc.oneof(fc.string(), fc.constantFrom('"', '\\', '\n', '\u2028', 'é', '🌍', '\ud800', '</script>'))
const logprobs = fc.constantFrom(null, null, { content: null, refusal: null })
const delta = fc.oneof(
  fc.record({ content: text }),
  fc.constant({}),
  fc.record({ role: fc.constant('assistant' as const), content: fc.option(text), refusal: fc.constant(null) }),
  fc.record({ tool_calls: fc.tuple(fc.record({ index: fc.nat(9), function: fc.record({ arguments: text }) })) }),
)
const choice = fc.record({
  index: fc.nat(3),
  delta,
  logprobs,
  finish_reason: fc.constantFrom(null, null, 'stop' as const, 'tool_calls' as const),
})
const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }
const chunk: fc.Arbitrary<ChatCompletionChunk> = fc.record(
  {
    id: fc.constantFrom('a', 'b"'),
    object: fc.constant('chat.completion.chunk' as const),
    created: fc.constantFrom(1, 2),
    model: fc.constantFrom('m', 'n/"o"'),
    choices: fc.oneof({ weight: 5, arbitrary: fc.tuple(choice) }, { weight: 1, arbitrary: fc.array(choice) }),
    usage: fc.constantFrom(null, usage),
    service_tier: fc.constantFrom(null, 'default' as const),
    system_fingerprint: fc.constantFrom('fp', 'fp2'),
    obfuscation: text,
  },
  { requiredKeys: ['id', 'object', 'created', 'model', 'choices'] },
)

it('writes the same value as JSON.stringify, chunk after chunk', () => {
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 8 }), (chunks) => {
      const renderer = new ChunkRenderer()
      for (const one of chunks) expect(JSON.parse(renderer.render(one))).toEqual(JSON.parse(JSON.stringify(one)))
    }),
    { numRuns: 2000 },
  )
})

it('stays one line: an event must not break', () => {
  const content = 'a\nb\r\nc\u2028d'
  const rendered = new ChunkRenderer().render({
    id: 'a',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }],
  })
  expect(rendered).not.toMatch(/[\r\n]/)
})
