import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (...routes: readonly string[]) =>
  await findings(
    'wildcard-before-exact',
    manifest(
      routes
        .map((model, index) => `- {name: r${index}, match: {model: ${model}}, targets: [{provider: openai, model: m}]}`)
        .join('\n'),
    ),
  )

describe('wildcard-before-exact', () => {
  it('stands at the name, and says which wildcard takes it', async () => {
    expect(await find("'gpt-*'", '[claude-opus-5, gpt-5.5]')).toEqual([
      '3 «gpt-5.5» `gpt-5.5` never comes to route `r1`: the wildcard `gpt-*` of route `r0` stands before it; move `r1` above ' +
        '`r0`, or take `gpt-5.5` out of `r1` if it belongs to `r0`',
    ])
  })

  it.each<[string, ...string[]]>([
    ['the exact name first', '[claude-opus-5, gpt-5.5]', "'gpt-*'"],
    ['a route that gets nothing at all is another rule', "'gpt-*'", 'gpt-5.5'],
    ['an exact name before an exact name is another rule', 'gpt-5.5', '[gpt-5.5, b]'],
    ['a wildcard before a wildcard is another rule', "'gpt-*'", "['gpt-5*', b]"],
    ['another name', "'gpt-4*'", '[gpt-5.5, b]'],
  ])('not: %s', async (_what, ...routes) => {
    expect(await find(...routes)).toEqual([])
  })
})
