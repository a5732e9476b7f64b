/** Vectors made of texts: the same for the same model and text, through whichever API they are asked for. */
import { draw, hashText } from '../draw.ts'

/** As long as a model makes them where nobody asks for another length. Real ones are a hundred times as long. */
const usualLength = 8

/** Of length 1, as most models make them; each number is one that a 32-bit float holds exactly. */
export function vectorOf(model: string, text: string, length: number = usualLength): number[] {
  const seed = hashText(text, hashText(model))
  const raw = Array.from({ length }, (_, at) => draw(seed, at, 1) - 0.5)
  const norm = Math.hypot(...raw) || 1
  return raw.map((number) => Math.fround(number / norm))
}

/** Four characters are a token. */
export function tokensOf(text: string): number {
  return Math.max(1, Math.ceil(text.length / 4))
}

export function packed(vector: readonly number[]): string {
  return Buffer.from(Float32Array.from(vector).buffer).toString('base64')
}
