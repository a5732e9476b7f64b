/** What a decision may look at in an embeddings request: its shape and size, never the text itself. */
import type { EmbeddingsRequest } from '../../../schemas/index.ts'
import type { RequestFeatures, TokenEstimate } from '../chat/features.ts'
import { readEmbeddingsFields } from './fields.ts'

export interface EmbeddingsShape {
  readonly features: RequestFeatures
  readonly estimate: TokenEstimate
}

/**
 * Reads the shape of a request that has passed validation. Null when `input` mixes texts and token ids, or single ids and
 * lists of them, which means nothing.
 */
export function readEmbeddingsShape(request: EmbeddingsRequest): EmbeddingsShape | null {
  const size = sizeOf(request.input)
  if (size === null) return null
  return {
    features: {
      stream: false,
      has: [],
      fields: readEmbeddingsFields(request),
      messages: size.inputs,
      promptCharacters: size.characters,
      images: 0,
      // Nothing is generated, so that nothing is reserved or priced for it.
      maxOutputTokens: 0,
    },
    estimate: {
      inputTokens: size.tokens,
      longestInputTokens: size.longestTokens,
      outputTokens: 0,
      family: 'characters-4',
    },
  }
}

interface InputSize {
  readonly inputs: number
  readonly characters: number
  readonly tokens: number
  readonly longestTokens: number
}

function sizeOf(input: EmbeddingsRequest['input']): InputSize | null {
  if (typeof input === 'string') return sizeOfTexts([input])
  const [first] = input
  if (typeof first === 'string') return sizeOfTexts(input)
  if (typeof first === 'number') {
    const single = input.every((item) => typeof item === 'number')
    return single ? { inputs: 1, characters: 0, tokens: input.length, longestTokens: input.length } : null
  }
  return sizeOfTokens(input)
}

function sizeOfTexts(texts: readonly unknown[]): InputSize | null {
  let characters = 0
  let tokens = 0
  let longestTokens = 0
  for (const text of texts) {
    if (typeof text !== 'string') return null
    characters += text.length
    const own = Math.ceil(text.length / 4)
    tokens += own
    longestTokens = Math.max(longestTokens, own)
  }
  return { inputs: texts.length, characters, tokens, longestTokens }
}

function sizeOfTokens(inputs: readonly unknown[]): InputSize | null {
  let tokens = 0
  let longestTokens = 0
  for (const input of inputs) {
    if (!Array.isArray(input)) return null
    tokens += input.length
    longestTokens = Math.max(longestTokens, input.length)
  }
  return { inputs: inputs.length, characters: 0, tokens, longestTokens }
}
