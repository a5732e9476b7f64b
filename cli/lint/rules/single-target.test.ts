import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (route: string, top = '') =>
  await findings('single-target', manifest(`- {name: r, match: {model: m}, ${route}}`, top))

describe('single-target', () => {
  it('names the only one', async () => {
    expect(await find('targets: [{provider: openai, model: gpt-5.5}]')).toEqual([
      "2 «{provider: openai, model: gpt-5.5}» route `r` has nothing but `openai/gpt-5.5`: when it fails, the route's requests fail; add a second target, " +
        'or a `fallback: connection/model`',
    ])
  })

  it.each([
    'targets: [{provider: openai, model: a}], fallback: openai/b',
    'targets: [{provider: openai, model: a}, {provider: groq, model: a}]',
  ])('not: %s', async (route) => {
    expect(await find(route)).toEqual([])
  })
})
