import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (route: string) => await findings('loss-leaves-one-target', manifest(`- {name: r, ${route}}`))
const to = (...names: readonly string[]) => `targets: [${names.map((name) => `{provider: ${name}, model: m}`).join()}]`

describe('loss-leaves-one-target', () => {
  it('names the one that is left, and those that are skipped', async () => {
    expect(await find(`match: {model: m}, ${to('openai', 'deepseek')}, on_loss: refuse`)).toEqual([
      '2 «refuse» under `on_loss: refuse` only `openai/m` is left for requests of route `r` with `json_schema`: `deepseek/m` ' +
        'cannot carry it, so when it fails, they fail; add another candidate that carries `json_schema`, or let it be ' +
        'left out: `on_loss: declare`',
    ])
  })

  it.each([
    ['what is lost is said', `match: {model: m}, ${to('openai', 'deepseek')}`],
    ['two are left', `match: {model: m}, ${to('openai', 'groq', 'deepseek')}, on_loss: refuse`],
    ['nobody carries it, which is another rule', `match: {has: [json_schema]}, ${to('deepseek')}, on_loss: refuse`],
    ['the route is for another feature', `match: {has: [tools]}, ${to('openai', 'deepseek')}, on_loss: refuse`],
    ['one target, which is another rule', `match: {model: m}, ${to('openai')}, on_loss: refuse`],
  ])('not: %s', async (_what, route) => {
    expect(await find(route)).toEqual([])
  })
})
