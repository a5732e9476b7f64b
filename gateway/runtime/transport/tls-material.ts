/**
 * The certificates and keys a connection's TLS stands on, as text, and whether they can be used at all. What cannot is
 * never half used: a connection whose authority is missing does not fall back to trusting everybody.
 */
import { X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import type { Connection, RoutingTable, SecretReference, TlsSettings } from '../../core/routing/table.ts'
import { type ResolvedSecrets, secretKey } from './headers.ts'

export interface TlsMaterial {
  /** PEM; absent: the public authorities that Node knows. */
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** Null when a part that the connection names is not there. */
export function tlsMaterialOf({ tls }: Connection, secrets: ResolvedSecrets): TlsMaterial | null {
  if (tls === null) return {}
  const material: Record<string, string> = {}
  for (const part of ['ca', 'cert', 'key'] as const) {
    const reference = tls[part]
    if (reference === null) continue
    const text = secrets.get(secretKey(reference))
    if (text === undefined) return null
    material[part] = text
  }
  return material
}

export interface TlsTrouble {
  readonly connection: string
  readonly message: string
  /** What was read before goes on being used. */
  readonly kept: boolean
  /** Absent: it is about TLS. */
  readonly part?: 'credentials'
}

export interface UsableSecrets {
  readonly secrets: ResolvedSecrets
  readonly troubles: readonly TlsTrouble[]
}

/**
 * Secrets without certificates and keys that no connection could be made with. Where the same places held good ones
 * before, those stay: files are seldom replaced all in one moment.
 */
export function usableSecrets(table: RoutingTable, fresh: ResolvedSecrets, before: ResolvedSecrets): UsableSecrets {
  const secrets = new Map(fresh)
  const troubles: TlsTrouble[] = []
  for (const { name, tls } of table.connections.values()) {
    if (tls === null) continue
    for (const { parts, message } of faultsOf(tls, secrets)) {
      const references = parts.flatMap((part) => tls[part] ?? [])
      const kept = references.every((reference) => before.has(secretKey(reference)))
      for (const reference of references) restore(secrets, before, { reference, kept })
      troubles.push({ connection: name, message, kept })
    }
  }
  return { secrets, troubles }
}

function restore(
  secrets: Map<string, string>,
  before: ResolvedSecrets,
  { reference, kept }: { readonly reference: SecretReference; readonly kept: boolean },
): void {
  const key = secretKey(reference)
  const old = before.get(key)
  if (kept && old !== undefined) secrets.set(key, old)
  else secrets.delete(key)
}

interface Fault {
  readonly parts: readonly ('ca' | 'cert' | 'key')[]
  readonly message: string
}

function faultsOf({ ca, cert, key }: TlsSettings, secrets: ResolvedSecrets): Fault[] {
  const textOf = (reference: SecretReference | null) =>
    reference === null ? undefined : (secrets.get(secretKey(reference)) ?? '')
  const faults: Fault[] = []
  const trusted = textOf(ca)
  if (trusted !== undefined) {
    const message = authorityFault(trusted)
    if (message !== null) faults.push({ parts: ['ca'], message })
  }
  const own = textOf(cert)
  const ownKey = textOf(key)
  if (own !== undefined && ownKey !== undefined) {
    const message = pairFault({ cert: own, key: ownKey })
    if (message !== null) faults.push({ parts: ['cert', 'key'], message })
  }
  return faults
}

const armour = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g

/** Node takes any text for an authority, and would then trust nobody without saying so. */
function authorityFault(pem: string): string | null {
  if (pem === '') return '`tls.ca` is not there'
  const certificates = pem.match(armour) ?? []
  if (certificates.length === 0) return '`tls.ca` holds no certificate in PEM'
  try {
    for (const one of certificates) void new X509Certificate(one)
    return null
  } catch {
    return '`tls.ca` holds a certificate that cannot be read'
  }
}

export interface Pair {
  readonly cert: string
  readonly key: string
}

/** What keeps a certificate and its key from being used; null when nothing does. `names`: what they are called. */
export function pairFault({ cert, key }: Pair, names: Pair = { cert: '`tls.cert`', key: '`tls.key`' }): string | null {
  if (cert === '') return `${names.cert} is not there`
  if (key === '') return `${names.key} is not there`
  try {
    createSecureContext({ cert, key })
    return null
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH') return `${names.cert} and ${names.key} do not belong together`
    if (key.includes('ENCRYPTED')) return `${names.key} is locked with a passphrase, which cannot be given`
    return `${names.cert} or ${names.key} cannot be read (${code})`
  }
}
