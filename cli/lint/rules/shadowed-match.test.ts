import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (...matches: readonly string[]) =>
  await findings(
    'shadowed-match',
    manifest(
      matches
        .map((match, index) => `- {name: r${index}, match: {${match}}, targets: [{provider: openai, model: m}]}`)
        .join('\n'),
    ),
  )

describe('shadowed-match', () => {
  it('names a model that goes to the other route', async () => {
    expect(await find("model: 'gpt-4*'", "model: '*-mini'")).toEqual([
      "3 «'*-mini'» " +
        '`*-mini` of route `r1` overlaps `gpt-4*` of `r0` before it: `gpt-4-mini` goes to `r0`; if `gpt-4-mini` is ' +
        'meant for `r1`, move `r1` above `r0`; else narrow one of the two patterns',
    ])
  })

  it('tells a pattern that takes nothing from a route that still takes something', async () => {
    const [found = ''] = await find("model: 'gpt-*'", "model: ['gpt-4*', 'claude-*']")
    expect(found).toMatch(
      /^3 «'gpt-4\*'» `gpt-4\*` of route `r1` takes nothing: `r0` before it takes every such name \(by `gpt-\*`\)/,
    )
  })

  it('tells the same name twice', async () => {
    expect(await find('model: a', 'model: [a, b]')).toHaveLength(1)
  })

  it('knows an exception that takes the example, and finds another', async () => {
    const [found = ''] = await find('model: gpt-4-mini', "model: 'gpt-4*'", "model: '*-mini'")
    expect(found).toMatch(/`gpt-4.+-mini` goes to `r1`/)
    expect(found).not.toContain('`gpt-4-mini` goes')
  })

  it.each<[string, ...string[]]>([
    ['the narrower one first', "model: 'gpt-4*'", "model: 'gpt-*'"],
    ['the other order', "model: '*-mini', stream: true", "model: 'gpt-4*'"],
    ['nothing in common', "model: 'gpt-*'", "model: 'claude-*'"],
    ['a name that is spelled out', "model: 'gpt-*'", 'model: [gpt-4, claude]'],
  ])('not: %s', async (_what, ...matches) => {
    expect(await find(...matches)).toEqual([])
  })
})
