import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const key = (digit: string) => `sha256:${digit.repeat(64)}`

const find = async (credential: string, more = '') =>
  await findings(
    'dead-credential',
    manifest(
      '- {name: r, match: {credential: mobile}, targets: [{provider: openai, model: m}]}',
      `credentials:\n  - {name: mobile, key_hash: "${key('1')}"}\n  - {name: old, key_hash: "${key('2')}"${credential}}\n${more}`,
    ),
  )
const quota = 'quotas:\n  - {name: q, scope: {credential: old}, limits: [{requests: 1, per: minute}]}\n'

describe('dead-credential', () => {
  it('tells one that has expired, and what is still written for it', async () => {
    expect(await find(', expires: 2026-11-22')).toEqual([
      '3 «2026-11-22» nobody may use `old`: it expired with `2026-11-22`; make a new key with `aigw credential new old`, or ' +
        'remove the credential',
    ])
    const [found = ''] = await find(', expires: "2026-11-23T08:59:00Z"', quota)
    expect(found).toContain('`2026-11-23T08:59:00Z`; quota `q` is still written for it')
  })

  it('tells one that is disabled and still in use', async () => {
    const [found = ''] = await find(', disabled: true', quota)
    expect(found).toMatch(/^3 «true» nobody may use `old`: it is disabled; quota `q` is still written for it; remove/)
  })

  it.each([
    ['it ends today', ', expires: 2026-11-23', quota],
    ['it is disabled, and nothing is left of it', ', disabled: true', ''],
    ['it has no end', '', quota],
  ])('not: %s', async (_what, credential, more) => {
    expect(await find(credential, more)).toEqual([])
  })
})
