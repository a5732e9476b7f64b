import { describe, expect, it } from 'vitest'
import { findings, manifest, request } from '../testing/lint.ts'

const route = (targets: string, more = '') => manifest(`- {name: r, match: {model: m}, targets: [${targets}]${more}}`)
const groq = '{provider: groq, model: a}'
const asked = (...fields: readonly string[]) => request({ model: 'm', fields })
const find = async (text: string, ...requests: readonly ReturnType<typeof asked>[]) =>
  await findings('recorded-refusal', text, { requests })

describe('recorded-refusal', () => {
  it('tells for which requests a candidate is skipped, and that another one serves them', async () => {
    expect(await find(route(groq, ', fallback: openai/b'), asked('n'), asked('n'), asked('seed'))).toEqual([
      '2 «a» 2 of 3 recorded requests of route `r` ask for `n`, for which `groq/a` would be skipped (the provider gives one ' +
        'answer a request); the other candidate would serve them; add a candidate that can express it, or send such requests ' +
        'to one by an earlier route (`match.has`)',
    ])
  })

  it('tells how many would be answered 400', async () => {
    const text = route(`${groq}, {provider: anthropic, model: c}`)
    const found = await find(text, asked('n'), asked('messages[].content[input_audio]'), asked('tools'))
    expect(found).toHaveLength(3)
    for (const line of found) expect(line).toContain('1 request of the route would be answered 400')
  })

  it('under refusal what would be left out counts as well', async () => {
    const [found = '', ...others] = await find(route(groq, ', on_loss: refuse'), asked('logprobs'))
    expect(others).toEqual([])
    expect(found).toContain('asks for `logprobs`, for which `groq/a` would be skipped')
    expect(found).toContain('under `on_loss: refuse`; 1 request of the route would be answered 400')
    expect(await find(route(groq), asked('logprobs'))).toEqual([])
  })

  it('a target that cannot be asked for it at all', async () => {
    const embeddings = request({ model: 'm', operation: 'embeddings' })
    const [found = ''] = await find(route(groq, ', fallback: openai/b'), embeddings)
    expect(found).toContain('`groq/a` would be skipped (it cannot be asked for embeddings)')
  })

  it('not: what is carried, and without a capture', async () => {
    expect(await find(route(groq), asked('tools'))).toEqual([])
    expect(await findings('recorded-refusal', route(groq))).toEqual([])
  })
})
