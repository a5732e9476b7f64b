import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const key = (digit: string) => `sha256:${digit.repeat(64)}`

const top = (more = '') => `credentials:
  - {name: mobile, key_hash: "${key('1')}", organization: retail}
  - {name: ledger, key_hash: "${key('2')}", organization: bank${more}}
`
const find = async (match: string, more?: string) =>
  await findings(
    'credential-without-route',
    manifest(`- {name: r, match: {${match}}, targets: [{provider: openai, model: m}]}`, top(more)),
  )

describe('credential-without-route', () => {
  it.each(['credential: mobile', 'organization: retail, model: m'])('%s', async (match) => {
    expect(await find(match)).toEqual([
      '3 «ledger» no route takes requests of `ledger`: whatever it asks for is answered 404; add `ledger` to ' +
        '`match.credential` of a route, or remove the credential',
    ])
  })

  it.each(['credential: [mobile, ledger]', 'organization: [retail, bank]', 'model: m'])('not: %s', async (match) => {
    expect(await find(match)).toEqual([])
  })

  it('not: one that is disabled', async () => {
    expect(await find('credential: mobile', ', disabled: true')).toEqual([])
  })
})
