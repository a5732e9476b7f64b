import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (route: string, top = '') =>
  await findings('repeated-target', manifest(`- {name: r, match: {model: m}, ${route}}`, top))

describe('repeated-target', () => {
  it('stands at the second, whatever its weight', async () => {
    const first = '{provider: openai, model: a, weight: 1}'
    expect(await find(`targets: [${first}, {provider: openai, model: a, weight: 2}]`)).toEqual([
      '2 «{provider: openai, model: a, weight: 2}» `openai/a` is a target of route `r` already: when the first fails, so does the second; keep one, with the ' +
        'sum of their weights',
    ])
  })

  it('tells each of three', async () => {
    const target = '{provider: openai, model: a}'
    expect(await find(`targets: [${target}, ${target}, ${target}]`)).toHaveLength(2)
  })

  it.each([
    ['other parameters', '{provider: openai, model: a, parameters: {temperature: 0}}'],
    ['another model', '{provider: openai, model: b}'],
    ['another connection', '{provider: groq, model: a}'],
  ])('not: %s', async (_what, other) => {
    expect(await find(`targets: [{provider: openai, model: a}, ${other}]`)).toEqual([])
  })
})
