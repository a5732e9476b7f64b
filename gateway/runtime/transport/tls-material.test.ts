import { createPrivateKey } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Certificate, makeAuthority, makeCertificate } from '../../../test/support/certificates.ts'
import type { RoutingTable } from '../../core/routing/table.ts'
import { compileManifest } from '../../core/manifest/compile.ts'
import { readManifestValue } from '../../core/manifest/read.ts'
import { usableSecrets } from './tls-material.ts'

let authority: Certificate
let ours: Certificate
let others: Certificate
beforeAll(async () => {
  authority = await makeAuthority()
  ours = await makeCertificate({ by: authority })
  others = await makeCertificate({ by: authority })
})

const tls = { ca: { file: '/ca' }, cert: { file: '/cert' }, key: { file: '/key' } }

function tableOf(): RoutingTable {
  const { manifest } = readManifestValue({
    providers: { bank: { type: 'openai', tls }, second: { type: 'openai', tls: { ca: { file: '/ca' } } } },
    ai_routes: [{ name: 'r', match: { model: 'm' }, targets: [{ provider: 'bank', model: 'm' }] }],
  })
  if (manifest === null) throw new Error('no manifest')
  return compileManifest(manifest)
}

function locked(key: string): string {
  const lock = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open' } as const
  return createPrivateKey(key).export(lock).toString()
}

const files = (ca: string, cert: string, key: string) =>
  new Map([
    ['file:/ca', ca],
    ['file:/cert', cert],
    ['file:/key', key],
    ['env:OPENAI_API_KEY', 'sk'],
  ])
const none = new Map<string, string>()

describe('certificates and keys', () => {
  it('that can be used are used', () => {
    const fresh = files(`${authority.cert}\n${others.cert}`, ours.cert, ours.key)
    expect(usableSecrets(tableOf(), fresh, none)).toEqual({ secrets: fresh, troubles: [] })
  })

  it.each<[string, () => Map<string, string>, string, string[]]>([
    ['no authority', () => files('hello', ours.cert, ours.key), '`tls.ca` holds no certificate in PEM', ['file:/ca']],
    [
      'a broken authority',
      () => files(authority.cert.replace('MII', 'AAA'), ours.cert, ours.key),
      '`tls.ca` holds a certificate that cannot be read',
      ['file:/ca'],
    ],
    [
      'the key of another',
      () => files(authority.cert, ours.cert, others.key),
      '`tls.cert` and `tls.key` do not belong together',
      ['file:/cert', 'file:/key'],
    ],
    [
      'a key that is none',
      () => files(authority.cert, ours.cert, 'hello'),
      '`tls.cert` or `tls.key` cannot be read (ERR_OSSL_UNSUPPORTED)',
      ['file:/cert', 'file:/key'],
    ],
    [
      'a locked key',
      () => files(authority.cert, ours.cert, locked(ours.key)),
      '`tls.key` is locked with a passphrase, which cannot be given',
      ['file:/cert', 'file:/key'],
    ],
  ])('%s: said in words, and left out', (_what, fresh, message, without) => {
    const { secrets, troubles } = usableSecrets(tableOf(), fresh(), none)
    expect(troubles[0]).toEqual({ connection: 'bank', message, kept: false })
    expect([...fresh().keys()].filter((key) => !secrets.has(key))).toEqual(without)
  })

  it('that were good stay until better ones are whole', () => {
    const before = files(authority.cert, ours.cert, ours.key)
    const halfway = files(authority.cert, others.cert, ours.key)
    expect(usableSecrets(tableOf(), halfway, before)).toMatchObject({
      secrets: before,
      troubles: [{ connection: 'bank', kept: true }],
    })
    const gone = new Map([...before].filter(([key]) => key !== 'file:/key'))
    expect(usableSecrets(tableOf(), gone, before)).toMatchObject({
      secrets: before,
      troubles: [{ message: '`tls.key` is not there', kept: true }],
    })
    const renewed = files(authority.cert, others.cert, others.key)
    expect(usableSecrets(tableOf(), renewed, before)).toEqual({ secrets: renewed, troubles: [] })
  })
})
