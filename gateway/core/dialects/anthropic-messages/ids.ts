/** The caller's word for its user, as this language takes it. */
import { digest } from '../../chat/digest.ts'

/** Longest `metadata.user_id` (types of the client, 2026-11-23: an opaque identifier; the API takes 256 characters). */
const longestUserId = 256

/** E-mail addresses and telephone numbers are answered with 400 ("user_id appears to contain an email address"). */
const personal = /@|^\+?[\d\s().-]{7,}$/

/** The caller's word for its user: as it is, or where it would be refused the same few letters for the same user. */
export function userId(user: string): string {
  return user.length > longestUserId || personal.test(user) ? `user_${digest(user)}` : user
}
