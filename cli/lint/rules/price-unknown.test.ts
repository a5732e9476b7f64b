import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const price = 'models: {openai/a: {usd_per_million: {input: 1, output: 2}}}\n'
const quota = (scope: string) =>
  `quotas: [{name: q, scope: ${scope}, limits: [{requests: 1, per: day}, {usd: 20, per: month}]}]\n`
const find = async (route: string, top = '') =>
  await findings('price-unknown', manifest(`- {name: r, match: {model: m}, ${route}}`, top))
const two = 'targets: [{provider: openai, model: a}, {provider: groq, model: b}]'

describe('price-unknown', () => {
  it('a cap', async () => {
    expect(await find('targets: [{provider: openai, model: a, max_usd_per_request: 0.05}]')).toEqual([
      '2 «max_usd_per_request» `max_usd_per_request` of `openai/a` never holds: its price is not known; add its price, such as `models: ' +
        '{"openai/a": {usd_per_million: {input: 0.15, output: 0.6}}}`',
    ])
  })

  it('a choice by cost, at each target that can never be chosen', async () => {
    const found = await find(`strategy: least_cost, ${two}`, price)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(/^3 «b» `strategy: least_cost` of route `r` never picks `groq\/b`: its price is not known/)
  })

  it('a quota in dollars, at the limit', async () => {
    const [found = ''] = await find(`${two}, fallback: vllm/c`, `${price}${quota('everyone')}`)
    expect(found).toMatch(/^2 «20» quota `q` counts dollars, but requests to `groq\/b` count as nothing/)
    expect(await find(two, `${price}${quota('{route: r}')}`)).toHaveLength(1)
  })

  it.each([
    ['a price', 'targets: [{provider: openai, model: a, max_usd_per_request: 0.05}]', price],
    ['nobody asks', two, ''],
    ['one target is no choice', 'strategy: least_cost, targets: [{provider: groq, model: b}]', ''],
    ['machines of our own', 'targets: [{provider: vllm, model: b}]', quota('everyone')],
    ['no limit in dollars', two, 'quotas: [{name: q, scope: everyone, limits: [{requests: 1, per: day}]}]\n'],
  ])('not: %s', async (_what, route, top) => {
    expect(await find(route, top)).toEqual([])
  })

  it('not: of a route the quota is not about', async () => {
    const routes = ['r', 's'].map(
      (name) =>
        `- {name: ${name}, match: {model: ${name}}, targets: [{provider: ${name === 'r' ? 'openai' : 'groq'}, model: a}]}`,
    )
    expect(await findings('price-unknown', manifest(routes.join('\n'), `${price}${quota('{route: r}')}`))).toEqual([])
  })
})
