import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const route = (name: string, match: string) =>
  `- {name: ${name}, match: {${match}}, targets: [{provider: openai, model: gpt-5.5}]}`
const find = async (...routes: readonly string[]) =>
  await findings('unreachable-route', manifest(routes.join('\n'), top))

const key = (digit: string) => `sha256:${digit.repeat(64)}`
const top = `credentials:
  - {name: mobile, key_hash: "${key('1')}", organization: retail}
  - {name: web, key_hash: "${key('2')}", organization: retail}
  - {name: batch, key_hash: "${key('3')}", organization: bank}
`

describe('unreachable-route', () => {
  it('says which route takes its requests, by what, and where to move it', async () => {
    expect(await find(route('a', "model: 'gpt-*'"), route('b', 'model: gpt-5.5'))).toEqual([
      '7 «b» route `b` never gets a request: `a` before it takes everything it matches (`gpt-5.5` goes to `a`, by its ' +
        '`gpt-*`); move `b` above `a`, or remove it',
    ])
  })

  it('names every route that takes a part', async () => {
    const [found = ''] = await find(
      route('a', "model: 'gpt-*'"),
      route('b', "model: 'claude-*'"),
      route('c', "model: [gpt-5.5, 'claude-opus-*']"),
    )
    expect(found).toContain('`a` and `b` before it take everything it matches')
  })

  it.each<[string, ...string[]]>([
    ['without a model', "model: '*'", 'stream: true'],
    ['a glob by a wider glob', "model: '*-mini'", "model: 'gpt-*-mini'"],
    ['by two halves', 'model: m, stream: true', 'model: m, stream: false', 'model: m'],
    ['by its organization', "model: 'm*', organization: retail", 'model: m, credential: mobile'],
    ['by both credentials of it', 'credential: mobile', 'credential: web', 'organization: retail'],
    ['by every organization', 'organization: retail', 'organization: bank', 'model: m'],
    ['by more values of a header', 'headers: {X-Tier: [a, b]}', 'headers: {x-tier: a}'],
    ['by names that only together are all', "model: ['a?*', a]", "model: 'a*'"],
    ['by fewer features', 'has: [tools]', 'has: [tools, images]'],
  ])('%s', async (_what, ...matches) => {
    const found = await find(...matches.map((match, index) => route(`r${index}`, match)))
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(`route \`r${matches.length - 1}\` never gets a request`)
  })

  it.each<[string, ...string[]]>([
    ['the narrower one first', 'model: gpt-5.5', "model: 'gpt-*'"],
    ['another beginning', "model: 'gpt-*'", 'model: claude-opus-5'],
    ['an earlier route with a condition of its own', "model: '*', stream: true", 'model: gpt-5.5'],
    ['one half', 'model: m, stream: true', 'model: m'],
    ['a part of the organization', 'credential: mobile', 'organization: retail'],
    ['a feature, and nobody for those without', 'model: m, has: [tools]', 'model: m'],
    ['another header', 'headers: {a: x}', 'headers: {b: x}'],
    ['one name that is left', "model: 'a?*'", "model: 'a*'"],
    ['upper case', "model: 'GPT-*'", 'model: gpt-5.5'],
  ])('not: %s', async (_what, ...matches) => {
    expect(await find(...matches.map((match, index) => route(`r${index}`, match)))).toEqual([])
  })

  it('does not count on a route that a classifier chooses', async () => {
    const semantic = route('a', 'semantic: {examples: [hello]}')
    const text = `version: "2026.09"\n${manifest([semantic, route('b', 'model: m')].join('\n'))}`
    expect(await findings('unreachable-route', text)).toEqual([])
  })
})
