import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (route: string) => await findings('feature-lost-everywhere', manifest(`- {name: r, ${route}}`))
const to = (...names: readonly string[]) => `targets: [${names.map((name) => `{provider: ${name}, model: m}`).join()}]`

describe('feature-lost-everywhere', () => {
  it('stands at the feature the route is for, and says why it is lost', async () => {
    expect(await find(`match: {has: [tools, json_schema]}, ${to('deepseek')}`)).toEqual([
      '2 «json_schema» route `r` is for requests with `json_schema`, and no candidate of it carries that (deepseek/m: the provider ' +
        'knows no schemas; any JSON is asked for instead): every answer is given without it; add a target that carries ' +
        '`json_schema`, or take it out of `match.has`',
    ])
  })

  it('under refusal such requests cannot be served at all, with or without a match', async () => {
    const [found = ''] = await find(`match: {has: [json_schema]}, on_loss: refuse, ${to('deepseek')}`)
    expect(found).toContain('every request of the route is answered 400')
    const open = await find(`match: {model: m}, on_loss: refuse, ${to('deepseek')}`)
    expect(open).toHaveLength(1)
    expect(open[0]).toMatch(
      /^2 «refuse» under `on_loss: refuse` route `r` answers every request with `json_schema` with 400/,
    )
  })

  it.each([
    ['another feature', `match: {has: [tools]}, ${to('deepseek')}`],
    ['somebody carries it', `match: {has: [json_schema]}, ${to('deepseek', 'openai')}`],
    ['nobody asks for it', `match: {model: m}, ${to('deepseek')}`],
  ])('not: %s', async (_what, route) => {
    expect(await find(route)).toEqual([])
  })
})
