/** Made-up text: the same seed and prompt always give the same words, some of them outside ASCII. */
import { mix } from '../draw.ts'

const words = (
  'the route carries every token with care while a quiet gateway keeps its promise and each answer finds one caller ' +
  'under steady load because plans are read before they apply so naïve streams never cut short in İzmir or 東京 ' +
  'where small models learn fast and large ones wait their turn until tomorrow brings another release ✓'
).split(' ')

const sentenceLength = 11

/** `count` pieces that join to sentences; a piece is what the simulator counts as one token. */
export function makeUpText(seed: number, count: number): string[] {
  const pieces: string[] = []
  for (let at = 0; at < count; at += 1) {
    const word = words[mix(seed, at) % words.length] ?? 'word'
    const place = at % sentenceLength
    const capital = place === 0 ? word.charAt(0).toUpperCase() + word.slice(1) : word
    const ended = place === sentenceLength - 1 || at === count - 1 ? `${capital}.` : capital
    pieces.push(at === 0 ? ended : ` ${ended}`)
  }
  return pieces
}

/** Cuts given text into token-sized pieces, never inside a character (the `u` flag counts whole ones). */
export function cutText(text: string): readonly string[] {
  return text.match(/.{1,4}/gsu) ?? []
}

/** Roughly how a vendor counts a prompt: four characters a token. */
export function countTokens(characters: number): number {
  return Math.max(1, Math.ceil(characters / 4))
}
