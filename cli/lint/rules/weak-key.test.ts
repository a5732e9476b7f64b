import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { rules } from '../registry.ts'
import { findings, manifest } from '../testing/lint.ts'

const hash = (key: string) => `sha256:${createHash('sha256').update(key).digest('hex')}`
const find = async (key: string) =>
  await findings(
    'weak-key',
    manifest(
      '- {name: r, match: {model: m}, targets: [{provider: openai, model: a}]}',
      `credentials:\n  - {name: mobile-app, organization: retail, key_hash: "${hash(key)}"}\n`,
    ),
  )

describe('weak-key', () => {
  it('tells it without telling the key', async () => {
    const found = await find('changeme')
    expect(found).toEqual([
      '2 «"sha256:057ba03d6c44104863dc7361fe4578965d1887360f90a0895882e58a6248fc86"» the key of `mobile-app` can be guessed from its hash: it is a word that stands in every list of such words; ' +
        'make a new one with `aigw credential new mobile-app`, and take the old one as known to everybody',
    ])
    expect(found.join()).not.toContain('changeme')
  })

  it.each(['', 'secret', 'sk-test', '123456', 'mobile-app', 'retail', 'sk-mobile-app', 'mobile-app\n'])(
    '%j',
    async (key) => {
      expect(await find(key)).toHaveLength(1)
    },
  )

  it('is an error', async () => {
    expect(rules['weak-key'].severity).toBe('error')
  })

  it.each(['aigw_R5zq8b0x2Z7f1sJq9wYt3uVn6mKp4cHd8eLg2aXi5oB', 'changeme!'])('not: %s', async (key) => {
    expect(await find(key)).toEqual([])
  })
})
