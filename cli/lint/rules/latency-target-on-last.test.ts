import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (route: string, top = '') =>
  await findings('latency-target-on-last', manifest(`- {name: r, match: {model: m}, ${route}}`, top))

const target = (name: string) => `{provider: ${name}, model: a, max_latency_ms: 800}`

describe('latency-target-on-last', () => {
  it('tells it of the only candidate', async () => {
    expect(await find(`targets: [${target('openai')}]`)).toEqual([
      '2 «max_latency_ms» `max_latency_ms` of `openai/a` never holds: it is the only candidate of route `r`, and a late answer is ' +
        'better than none; leave it out, or add a `fallback` that is asked when it is late',
    ])
  })

  it('and of the last one of a fixed order', async () => {
    const found = await find(`strategy: priority, targets: [${target('openai')}, ${target('groq')}]`)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain('`groq/a` never holds: it is the last candidate')
  })

  it.each([
    ['a fallback behind it', `targets: [${target('openai')}], fallback: groq/a`],
    ['any of them may be first', `targets: [${target('openai')}, ${target('groq')}]`],
    ['no latency target', 'targets: [{provider: openai, model: a}]'],
    ['not on the last', `strategy: priority, targets: [${target('openai')}, {provider: groq, model: a}]`],
  ])('not: %s', async (_what, route) => {
    expect(await find(route)).toEqual([])
  })
})
