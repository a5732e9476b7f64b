/**
 * Signatures of thinking: the API takes back only blocks that it made itself and that nobody touched. Made of the text
 * and the simulator's seed, so that nothing needs to be remembered: a simulator started again knows its own.
 */
import { createHmac } from 'node:crypto'

export function signThinking(seed: number, nonce: string, thinking: string): string {
  return seal(seed, nonce, `thinking ${thinking}`)
}

export function isOwnThinking(seed: number, thinking: string, signature: string): boolean {
  const nonce = nonceOf(signature)
  return nonce !== null && signature === signThinking(seed, nonce, thinking)
}

/** Thinking that only the vendor can read. */
export function redact(seed: number, nonce: string): string {
  return seal(seed, nonce, 'redacted')
}

export function isOwnRedacted(seed: number, data: string): boolean {
  const nonce = nonceOf(data)
  return nonce !== null && data === redact(seed, nonce)
}

function seal(seed: number, nonce: string, what: string): string {
  const mark = createHmac('sha256', `simulator ${seed}`).update(`${nonce} ${what}`).digest('base64url')
  return Buffer.from(`${nonce}.${mark}`).toString('base64')
}

function nonceOf(sealed: string): string | null {
  const [nonce, mark] = Buffer.from(sealed, 'base64').toString().split('.')
  return nonce === undefined || mark === undefined ? null : nonce
}
