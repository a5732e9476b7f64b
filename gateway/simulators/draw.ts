/**
 * Draws without a running generator: every draw is a hash of the seed, the request's number and a purpose, so one
 * request's draw never depends on how many draws another one made.
 */

/** A well mixed unsigned 32-bit value of two (the finaliser of MurmurHash3). */
export function mix(a: number, b: number): number {
  let hash = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  hash ^= hash >>> 16
  hash = Math.imul(hash, 0x27d4eb2f)
  return (hash ^ (hash >>> 15)) >>> 0
}

/** A value in [0, 1). */
export function draw(seed: number, request: number, purpose: number): number {
  return mix(mix(seed, request), purpose) / 0x1_0000_0000
}

/** How many characters of each end of a long text go into its hash; the rest is told apart by length only. */
const hashedEnd = 1_024

/** FNV-1a over the text, or over both ends of a long one: a 50 kB prompt must not cost more than a short one. */
export function hashText(text: string, start = 0x811c9dc5): number {
  let hash = Math.imul(start ^ text.length, 0x01000193)
  const skipFrom = text.length > 2 * hashedEnd ? hashedEnd : text.length
  for (let at = 0; at < skipFrom; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  const tailFrom = skipFrom === text.length ? text.length : text.length - hashedEnd
  for (let at = tailFrom; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
