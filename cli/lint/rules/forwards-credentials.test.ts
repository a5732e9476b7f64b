import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (headers: string) =>
  await findings(
    'forwards-credentials',
    manifest(
      '- {name: r, match: {model: m}, targets: [{provider: mine, model: a}]}',
      `providers:\n  mine: {type: vllm, base_url: "https://a.example", forward_headers: ${headers}}\n`,
    ),
  )

describe('forwards-credentials', () => {
  it('stands at the header, however it is written', async () => {
    expect(await find('[x-trace-id, X-Api-Key]')).toEqual([
      '2 «X-Api-Key» `mine` is sent the `X-Api-Key` of every caller, which is their key to this gateway; take ' +
        '`X-Api-Key` out of `forward_headers`; what the provider needs to know belongs in `api_key` or `headers`',
    ])
    expect(await find('[cookie, api-key]')).toHaveLength(2)
  })

  it('not: what tells nothing of who calls', async () => {
    expect(await find('[x-trace-id, accept-language]')).toEqual([])
  })
})
