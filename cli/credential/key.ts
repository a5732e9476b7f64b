/** Keys of callers, as the command line handles them: made, hashed, and looked for. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { scrubKeys } from '../../gateway/core/chat/errors.ts'
import type { ManifestCredential } from '../../schemas/index.ts'

/** 256 random bits, so that a plain hash of it is enough. The prefix tells secret scanners whose it is. */
const keyBytes = 32
const keyPrefix = 'aigw_'
const hashPrefix = 'sha256:'

export function makeKey(): string {
  return `${keyPrefix}${randomBytes(keyBytes).toString('base64url')}`
}

/** As it stands in a manifest. */
export function hashKey(key: string): string {
  return `${hashPrefix}${createHash('sha256').update(key).digest('hex')}`
}

/** Enough of a hash to tell credentials apart, and too little to look anything up by. */
export function shortKeyHash(keyHash: string): string {
  return `${keyHash.slice(0, hashPrefix.length + 12)}…`
}

/** A file that was meant is seldom called like this. */
export function looksLikeKey(text: string): boolean {
  return text.startsWith(keyPrefix) || scrubKeys(text) !== text
}

/** Takes the same time wherever the key stands in the list, and whether it does. */
export function findByKey(credentials: readonly ManifestCredential[], key: string): ManifestCredential | null {
  const wanted = Buffer.from(hashKey(key))
  let found: ManifestCredential | null = null
  for (const credential of credentials) {
    const stored = Buffer.from(credential.key_hash)
    if (stored.length === wanted.length && timingSafeEqual(stored, wanted)) found = credential
  }
  return found
}
