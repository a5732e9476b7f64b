import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (boundary: string) =>
  await findings(
    'boundary-without-region',
    manifest(
      `- {name: r, match: {model: m}, targets: [{provider: azure, model: a}], boundary: ${boundary}}`,
      'providers:\n  azure: {type: azure-openai, base_url: "https://a.example", api_version: "1", region: eu-west}\n',
    ),
  )

describe('boundary-without-region', () => {
  it('stands at the region, and guesses what was meant', async () => {
    expect(await find('[eu-west, eu-vest]')).toEqual([
      '4 «eu-vest» the boundary of route `r` names `eu-vest`, but no connection says `region: eu-vest`: it lets nothing ' +
        'through; did you mean `eu-west`?',
    ])
    expect((await find('[eu-west, us]'))[0]).toContain('say `region: us` on the connections that lie there')
  })

  it.each(['[eu-west]', 'any'])('not: %s', async (boundary) => {
    expect(await find(boundary)).toEqual([])
  })
})
