/**
 * Signatures of calls and texts: newer models take back only what they signed themselves, or the one word that stands
 * for a signature (https://ai.google.dev/gemini-api/docs/thought-signatures, read 2026-11-24). Made of what was signed and
 * the simulator's seed, so that nothing needs to be remembered.
 */
import { createHmac } from 'node:crypto'

const stand = 'skip_thought_signature_validator'

export function sign(seed: number, what: string): string {
  return Buffer.from(`sim:${mark(seed, what)}`).toString('base64')
}

export function isOwn(seed: number, what: string, signature: string): boolean {
  return signature === stand || signature === sign(seed, what)
}

function mark(seed: number, what: string): string {
  return createHmac('sha256', `simulator ${seed}`).update(what).digest('base64url')
}

/** What of a call is signed. */
export function callMark(name: string, args: unknown): string {
  return `call ${name} ${JSON.stringify(args ?? {})}`
}
