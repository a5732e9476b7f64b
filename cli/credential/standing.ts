/** A credential of a manifest at one moment: would a gateway let it in? */
import { parseExpiry } from '../../gateway/core/manifest/check/credentials.ts'
import { type CredentialStanding, standingOf } from '../../gateway/core/routing/credential-standing.ts'
import type { ManifestCredential } from '../../schemas/index.ts'

/** Judged by the very function that the gateway asks. `nowMs`: Unix milliseconds. */
export function standingAt({ disabled = false, expires }: ManifestCredential, nowMs: number): CredentialStanding {
  return standingOf({ disabled, expiresAtMs: expires === undefined ? null : parseExpiry(expires) }, nowMs)
}

/** Unix milliseconds of a time as people write it: a date stands for its beginning, UTC. null: no such time. */
export function parseMoment(text: string): number | null {
  const end = parseExpiry(text)
  return end === null || text.includes('T') ? end : end - 86_400_000
}
