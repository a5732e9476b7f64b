/**
 * Draws without a generator: every draw is a hash of the request's seed and of what is drawn for, so the same request
 * gets the same answer in the gateway, in replay and in explain. Not cryptographic, and need not be: the seed is
 * random, and nobody gains by guessing which target serves them.
 */
import type { Seed } from '../engine/events.ts'

/** MurmurHash3 (x86, 32 bit) over the UTF-16 code units of a text. Returns an unsigned 32-bit integer. */
export function hashText(text: string, seed: number): number {
  let hash = seed | 0
  for (let index = 0; index < text.length; index += 1) {
    let block = Math.imul(text.charCodeAt(index), 0xcc9e2d51)
    block = (block << 15) | (block >>> 17)
    hash ^= Math.imul(block, 0x1b873593)
    hash = (hash << 13) | (hash >>> 19)
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0
  }
  return finish(hash ^ text.length)
}

function finish(value: number): number {
  let hash = value
  hash ^= hash >>> 16
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  hash ^= hash >>> 16
  return hash >>> 0
}

/** A number in (0, 1), never 0 and never 1, from a seed and the two halves of an identity's hash. 53 bits are used. */
export function drawUniform(seed: Seed, identityHigh: number, identityLow: number): number {
  const high = finish(finish(seed.high ^ identityHigh) ^ Math.imul(seed.low, 0x9e3779b1))
  const low = finish(finish(seed.low ^ identityLow) ^ Math.imul(high, 0x85ebca77))
  return ((high >>> 5) * 67_108_864 + (low >>> 6) + 0.5) / 9_007_199_254_740_992
}

/** The seed of a request of a foreign trace: `hash(--seed, index)`, so a replay is the same on any machine. */
export function seedForIndex(seed: number, index: number): Seed {
  const text = `${seed}/${index}`
  return { high: hashText(text, 0x51ed270b), low: hashText(text, 0x2c1b3c6d) }
}

/** A seed that is the same for the same key: what sticky routing draws with. */
export function seedForKey(key: string): Seed {
  return { high: hashText(key, 0x3c6ef372), low: hashText(key, 0x5be0cd19) }
}

const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Sixteen hex digits. */
export function renderSeed(seed: Seed): string {
  return renderHalf(seed.high) + renderHalf(seed.low)
}

/** By table: this runs for every request, and padding a number costs ten times as much. */
function renderHalf(half: number): string {
  return (
    (hexBytes[half >>> 24] ?? '') +
    (hexBytes[(half >>> 16) & 255] ?? '') +
    (hexBytes[(half >>> 8) & 255] ?? '') +
    (hexBytes[half & 255] ?? '')
  )
}

/** Reads what `renderSeed` wrote; null for anything else. */
export function parseSeed(text: string): Seed | null {
  if (!/^[0-9a-f]{16}$/.test(text)) return null
  return { high: Number.parseInt(text.slice(0, 8), 16), low: Number.parseInt(text.slice(8), 16) }
}
