import { describe, expect, it } from 'vitest'
import { answered, findings, manifest, request } from '../testing/lint.ts'

const text = manifest(
  '- {name: r, match: {model: m}, targets: [{provider: openai, model: a, max_latency_ms: 400}], fallback: groq/a}',
)
const find = async (seen: readonly ReturnType<typeof answered>[], stream = false) =>
  await findings('recorded-latency-missed', text, {
    requests: seen.map((one) => request({ model: 'm', stream, seen: [one] })),
  })
const many = (amount: number, one: ReturnType<typeof answered>) => Array.from({ length: amount }, () => one)

describe('recorded-latency-missed', () => {
  it('names the fastest answer', async () => {
    const slow = [...many(20, answered('openai/a', 900)), answered('openai/a', 612.3)]
    expect(await find(slow)).toEqual([
      '2 «400» `openai/a` never met `max_latency_ms: 400`: the fastest of 21 recorded answers took 613 ms; raise it above ' +
        '613, or take the target out: as it is, it is asked, paid and not waited for',
    ])
  })

  it('holds streams to their first content', async () => {
    expect(await find(many(20, answered('openai/a', 9_000, 300)), true)).toEqual([])
    expect(await find(many(20, answered('openai/a', 9_000, 500)), true)).toHaveLength(1)
  })

  it.each([
    ['one of them met it', [...many(30, answered('openai/a', 900)), answered('openai/a', 400)]],
    ['too few to say', many(19, answered('openai/a', 900))],
    ['another target', many(30, answered('groq/a', 900))],
  ])('not: %s', async (_what, seen) => {
    expect(await find(seen)).toEqual([])
  })

  it('not: from attempts that were given up, which only show that it took longer', async () => {
    const one = answered('openai/a', 900)
    const seen = many(30, { ...one, observation: { ...one.observation!, censored: true } })
    expect(await find(seen)).toEqual([])
    expect(await findings('recorded-latency-missed', text)).toEqual([])
  })
})
