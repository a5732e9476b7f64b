import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const key = (digit: string) => `sha256:${digit.repeat(64)}`

const find = async (scope: string) =>
  await findings(
    'quota-covers-nobody',
    manifest(
      '- {name: r, match: {model: m}, targets: [{provider: openai, model: a}]}',
      `credentials:
  - {name: mobile, key_hash: "${key('1')}", organization: retail, project: shop}
  - {name: ledger, key_hash: "${key('2')}", organization: bank}
quotas:
  - {name: q, scope: ${scope}, limits: [{requests: 1, per: day}]}
`,
    ),
  )

describe('quota-covers-nobody', () => {
  it('says what no credential has at once', async () => {
    expect(await find('{credential: mobile, organization: bank}')).toEqual([
      '5 «scope» quota `q` limits nobody: no credential has credential `mobile` and organization `bank` at once; all of the ' +
        'named must hold: leave out what does not belong to it, or make two quotas',
    ])
    expect(await find('{organization: bank, project: shop}')).toHaveLength(1)
  })

  it.each([
    'everyone',
    '{credential: mobile}',
    '{credential: mobile, organization: retail, project: shop}',
    '{organization: bank, route: r}',
  ])('not: %s', async (scope) => {
    expect(await find(scope)).toEqual([])
  })
})
