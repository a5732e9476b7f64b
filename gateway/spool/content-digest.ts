/** The digest by which a record vouches for its prompt and answer. */
import { createHash, hash } from 'node:crypto'

/** Where joining costs more than a hash object does. */
const largeBytes = 16_384
/** SHA-256 of the two together, in hex. */
export function digestOf(prompt: Uint8Array, answer: Uint8Array): string {
  if (prompt.byteLength > largeBytes) return createHash('sha256').update(prompt).update(answer).digest('hex')
  return hash('sha256', Buffer.concat([prompt, answer]), 'hex')
}
