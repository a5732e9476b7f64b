import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ManifestConnection } from '../../../schemas/index.ts'
import { type Certificate, makeAuthority, makeCertificate } from '../../../test/support/certificates.ts'
import { describeTlsTrouble } from './connect-failure.ts'
import { ConnectionPools } from './pools.ts'
import { describeConnection } from './testing/ask.ts'

let one: Certificate
let two: Certificate
beforeAll(async () => {
  const authority = await makeAuthority()
  one = await makeCertificate({ by: authority })
  two = await makeCertificate({ by: authority })
})

let pools = new ConnectionPools()
afterEach(async () => {
  await pools.close()
  pools = new ConnectionPools()
})

function acquire(baseUrl: string, entry: ManifestConnection = {}, variables: Readonly<Record<string, string>> = {}) {
  const { connection, secrets } = describeConnection(baseUrl, entry, variables)
  return pools.acquire(connection, secrets)
}

const withPair = { tls: { cert: { env: 'CERT' }, key: { env: 'KEY' } } }
const pairOf = ({ cert, key }: Certificate) => ({ CERT: cert, KEY: key })

describe('a pool', () => {
  it('is shared by all that would connect the same way', () => {
    const pool = acquire('https://llm.example/v1')
    expect(acquire('https://llm.example/v2', { api_key: { env: 'X' }, region: 'eu' })).toBe(pool)
    expect(acquire('https://llm.example/v1', withPair, pairOf(one))).toBe(
      acquire('https://llm.example/v1', withPair, pairOf(one)),
    )
  })

  it.each<[string, string, ManifestConnection]>([
    ['origin', 'https://llm.example:8443/v1', {}],
    ['proxy', 'https://llm.example/v1', { proxy: 'http://proxy:3128' }],
    ['protocol', 'https://llm.example/v1', { http2: true }],
    ['name', 'https://llm.example/v1', { tls: { server_name: 'other' } }],
    ['certificate', 'https://llm.example/v1', withPair],
    ['time to connect', 'https://llm.example/v1', { connect_timeout_ms: 5 }],
    ['patience', 'https://llm.example/v1', { idle_timeout_ms: 5 }],
  ])('is another for another %s', (_what, baseUrl, entry) => {
    expect(acquire(baseUrl, entry, pairOf(one))).not.toBe(acquire('https://llm.example/v1', {}, pairOf(one)))
  })

  it('is another for a renewed certificate, and keeps no key in its name', () => {
    const before = acquire('https://llm.example/v1', withPair, pairOf(one))
    const after = acquire('https://llm.example/v1', withPair, pairOf(two))
    expect(after).not.toBe(before)
    expect(before.key + after.key).not.toMatch(/BEGIN|CERTIFICATE/)
  })

  it('is closed when the last that uses it has given it back', () => {
    const pool = acquire('https://llm.example/v1')
    acquire('https://llm.example/v1')
    pools.release(pool)
    expect(pool.pool.closed).toBe(false)
    pools.release(pool)
    expect(pool.pool.closed).toBe(true)
    expect(acquire('https://llm.example/v1')).not.toBe(pool)
  })
})

describe('the codes of TLS', () => {
  it.each([
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /`tls.cert` and `tls.key`/],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', /`tls.cert` and `tls.key`/],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', /`tls.cert` and `tls.key`/],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', /1\.2 is the oldest/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /name its certificate in `tls.ca`/],
  ])('%s is told in words', (code, words) => {
    expect(describeTlsTrouble(code, 'the provider')).toMatch(words)
  })

  it('leave alone what has nothing to do with TLS', () => {
    expect(describeTlsTrouble('ECONNRESET', 'the provider')).toBeNull()
  })
})
