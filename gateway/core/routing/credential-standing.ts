/** Would a credential be let in? Told apart for operators; a caller hears the same in every case but the good one. */
import type { Credential } from './table.ts'

export type CredentialStanding = 'valid' | 'disabled' | 'expired'

/** `nowMs`: Unix milliseconds. From the moment of its expiry on a key is refused. */
export function standingOf(
  { disabled, expiresAtMs }: Pick<Credential, 'disabled' | 'expiresAtMs'>,
  nowMs: number,
): CredentialStanding {
  if (disabled) return 'disabled'
  return expiresAtMs !== null && nowMs >= expiresAtMs ? 'expired' : 'valid'
}
