import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../core/chat/errors.ts'
import { compileManifest } from '../../core/manifest/compile.ts'
import { readManifestValue } from '../../core/manifest/read.ts'
import type { RoutingTable } from '../../core/routing/table.ts'
import { CallerRefused, identifyCaller } from './caller.ts'

const hashOf = (key: string): string => `sha256:${createHash('sha256').update(key).digest('hex')}`
const now = Date.UTC(2027, 0, 31, 12)

function tableOf(credentials: readonly object[]): RoutingTable {
  const routes = [{ name: 'r', match: { model: '*' }, targets: [{ provider: 'openai', model: 'm' }] }]
  const { manifest, diagnostics } = readManifestValue({ credentials, ai_routes: routes })
  if (manifest === null) throw new Error(JSON.stringify(diagnostics))
  return compileManifest(manifest)
}

const table = tableOf([
  { name: 'app', key_hash: hashOf('key-of-app'), organization: 'retail', project: 'shop' },
  { name: 'off', key_hash: hashOf('key-of-off'), disabled: true },
  { name: 'old', key_hash: hashOf('key-of-old'), expires: '2027-01-30' },
  { name: 'both', key_hash: hashOf('key-of-both'), disabled: true, expires: '2027-01-30' },
  { name: 'ends', key_hash: hashOf('key-of-ends'), expires: '2027-01-31T12:00Z' },
])

function refusalOf(authorization: string | undefined, at = now): GatewayError {
  try {
    identifyCaller(authorization, table, at)
  } catch (error) {
    if (error instanceof GatewayError) return error
  }
  throw new Error(`${authorization} was let in`)
}

describe('identifyCaller', () => {
  it.each(['Bearer key-of-app', 'bearer  key-of-app ', 'BEARER key-of-app'])('knows %j', (authorization) => {
    expect(identifyCaller(authorization, table, now)).toEqual({
      credential: 'app',
      organization: 'retail',
      project: 'shop',
    })
  })

  it.each([undefined, '', 'key-of-app', 'Basic key-of-app', 'Bearer'])('misses a key in %j', (authorization) => {
    expect(refusalOf(authorization)).toMatchObject({ code: 'missing_api_key', status: 401 })
  })

  it.each([
    ['key-of-nobody', 'unknown', null],
    ['Key-of-app', 'unknown', null],
    ['key-of-off', 'disabled', 'off'],
    ['key-of-old', 'expired', 'old'],
    ['key-of-both', 'disabled', 'both'],
    ['key-of-ends', 'expired', 'ends'],
  ])('tells the operator of %s that it is %s, and the caller nothing', (key, problem, credential) => {
    const refusal = refusalOf(`Bearer ${key}`)
    expect(refusal).toBeInstanceOf(CallerRefused)
    expect(refusal).toMatchObject({ problem, credential })
    const { code, status, message, type, param } = refusal
    expect({ code, status, message, type, param }).toEqual({
      code: 'invalid_api_key',
      status: 401,
      message: 'This key is not valid here.',
      type: 'invalid_request_error',
      param: null,
    })
  })

  it('lets a key in to the last millisecond before its end', () => {
    expect(identifyCaller('Bearer key-of-ends', table, now - 1).credential).toBe('ends')
    expect(refusalOf('Bearer key-of-ends', now)).toMatchObject({ problem: 'expired' })
  })

  it('lets nobody in by anything but a whole key, its own hash and that of nobody included', () => {
    const keys = ['key-of-app', hashOf('key-of-app'), hashOf('key-of-app').slice(7), `sha256:${'0'.repeat(64)}`]
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...keys), fc.string()), fc.nat(12), fc.string(), (key, cut, tail) => {
        const sent = `${key.slice(0, cut)}${tail}`
        fc.pre(sent.trim() !== 'key-of-app' && sent.trim() !== '' && !sent.includes('key-of-ends'))
        expect(refusalOf(`Bearer ${sent}`)).toMatchObject({ problem: 'unknown' })
      }),
    )
  })

  it('asks nobody who they are where no credential is declared, whatever they send', () => {
    const nobody = { credential: null, organization: null, project: null }
    for (const sent of [undefined, 'Bearer anything', 'Basic x'])
      expect(identifyCaller(sent, tableOf([]), now)).toEqual(nobody)
  })

  it('is closed while credentials are declared, though all of them are disabled', () => {
    const closed = tableOf([{ name: 'off', key_hash: hashOf('k'), disabled: true }])
    expect(() => identifyCaller(undefined, closed, now)).toThrow('Send your key')
    expect(() => identifyCaller('Bearer k', closed, now)).toThrow(CallerRefused)
  })
})
