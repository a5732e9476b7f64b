import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (models: string, fallback = 'groq/b') =>
  await findings(
    'one-target-for-long-requests',
    manifest(
      `- {name: r, match: {model: m}, targets: [{provider: openai, model: a}], fallback: ${fallback}}`,
      `models: {${models}}\n`,
    ),
  )
const window = (id: string, tokens: number) => `${id}: {context_window: ${tokens}}`

describe('one-target-for-long-requests', () => {
  it('says from which length on there is only one', async () => {
    expect(await find(`${window('openai/a', 128_000)}, ${window('groq/b', 8_192)}`)).toEqual([
      '3 «a» only `openai/a` of route `r` takes requests of more than 8192 tokens (up to 128000): when it fails, they ' +
        'fail; add a candidate with a context window as large, or accept it and say so to its callers',
    ])
  })

  it('stands at the fallback when that is the large one', async () => {
    expect((await find(`${window('openai/a', 8_192)}, ${window('groq/b', 128_000)}`))[0]).toMatch(
      /^3 «groq\/b» only `groq\/b`/,
    )
  })

  it.each([
    ['as large', `${window('openai/a', 8_192)}, ${window('groq/b', 8_192)}`],
    ['not stated', window('openai/a', 128_000)],
  ])('not: %s', async (_what, models) => {
    expect(await find(models)).toEqual([])
  })

  it('not: when two are large', async () => {
    const models = [window('openai/a', 9_000), window('groq/b', 8_192), window('groq/c', 9_000)].join(', ')
    expect(await find(models, '[groq/b, groq/c]')).toEqual([])
  })
})
