import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const top = `providers:
  eu: {type: azure-openai, base_url: "https://a.example", api_version: "1", region: eu}
  eu-too: {type: azure-openai, base_url: "https://b.example", api_version: "1", region: eu}
  us: {type: azure-openai, base_url: "https://c.example", api_version: "1", region: us}
`
const find = async (target: string, fallback: string, more = '') =>
  await findings(
    'failover-leaves-region',
    manifest(
      `- {name: r, match: {model: m}, targets: [{provider: ${target}, model: a}], fallback: ${fallback}${more}}`,
      top,
    ),
  )

describe('failover-leaves-region', () => {
  it('says from where to where, and how to decide', async () => {
    expect(await find('eu', '[eu-too/a, us/a]')).toEqual([
      '6 «us/a» on failover prompts of route `r` leave `eu`, where all its targets are: `us` is in `us`; if they may not, ' +
        'write `boundary: [eu]`; if they may, `boundary: any`',
    ])
    expect((await find('eu', 'openai/a'))[0]).toContain('`openai` is in no stated region')
  })

  it.each([
    ['the same region', 'eu', 'eu-too/a', ''],
    ['our own machines', 'eu', 'vllm/a', ''],
    ['it was thought of', 'eu', 'us/a', ', boundary: any'],
    ['a boundary holds', 'eu', 'us/a', ', boundary: [eu, us]'],
    ['the targets are nowhere in particular', 'openai', 'us/a', ''],
  ])('not: %s', async (_what, target, fallback, more) => {
    expect(await find(target, fallback, more)).toEqual([])
  })
})
