import { describe, expect, it } from 'vitest'
import { findings, manifest, request } from '../testing/lint.ts'

const text = manifest('- {name: r, match: {model: m, stream: true}, targets: [{provider: openai, model: m}]}')
const find = async (...models: readonly string[]) =>
  await findings('recorded-without-route', text, {
    requests: models.map((model) => request({ model, stream: true })),
  })

describe('recorded-without-route', () => {
  it('counts them by model, the most frequent first', async () => {
    expect(await find('m', 'x', 'y', 'y')).toEqual([
      '1 «ai_routes» of 4 recorded requests no route takes 3, and they would be answered 404: `y` (2) and `x` (1); add the models ' +
        'to a route, or a route without `match.model` at the end',
    ])
  })

  it('does not list a hundred', async () => {
    const [found = ''] = await find(...Array.from({ length: 100 }, (_, index) => `x${index}`))
    expect(found).toContain('`x4` (1) and 95 models more')
  })

  it('not: when all have a route, when nothing is recorded, when it is not known where they go', async () => {
    expect(await find('m')).toEqual([])
    expect(await findings('recorded-without-route', text)).toEqual([])
    const asking = manifest('- {name: r, match: {has: [tools]}, targets: [{provider: openai, model: m}]}')
    const unknown = new Set(['features'] as const)
    const options = { requests: [request({ model: 'm', unknown })] }
    expect(await findings('recorded-without-route', asking, options)).toEqual([])
  })
})
