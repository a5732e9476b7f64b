import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const key = (digit: string) => `sha256:${digit.repeat(64)}`

const top = `credentials:
  - {name: mobile, key_hash: "${key('1')}", organization: retail}
  - {name: ledger, key_hash: "${key('2')}", organization: bank}
  - {name: loner, key_hash: "${key('3')}"}
`
const find = async (match: string) =>
  await findings(
    'impossible-match',
    manifest(`- {name: r, match: {${match}}, targets: [{provider: openai, model: m}]}`, top),
  )

describe('impossible-match', () => {
  it('says who does not belong where, and what follows', async () => {
    expect(await find('credential: mobile, organization: bank')).toEqual([
      '6 «mobile» route `r` asks for both, but `mobile` does not belong to `bank`, so the route gets no request; leave ' +
        '`organization` or `mobile` out of the match, or give the credential that `organization`',
    ])
  })

  it('tells those of a list that never come through', async () => {
    const [found = ''] = await find('credential: [mobile, ledger, loner], organization: [bank]')
    expect(found).toContain('`mobile` and `loner` do not belong to `bank`;')
  })

  it.each(['credential: mobile, organization: retail', 'credential: mobile', 'organization: bank', "model: '*'"])(
    'not: %s',
    async (match) => {
      expect(await find(match)).toEqual([])
    },
  )
})
