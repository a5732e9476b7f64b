/** From what a provider sent to the answer a caller gets: every vector there, in order, of the length asked for. */
import type { Embedding } from '../../../schemas/index.ts'
import type { ProviderFailure } from '../chat/failure.ts'
import { countOf } from '../chat/loose.ts'
import { answerFailure } from '../chat/wire-failure.ts'
import type { TokenUsage } from '../chat/usage.ts'
import type { DecodedEmbeddings, EmbeddingsContext } from './language.ts'
import { countPacked, packFloats, unpackFloats, unpackSignedBytes } from './vectors.ts'

/** What a language found in a reply. */
export interface FoundEmbeddings {
  /** In the order of the inputs; numbers, or base64 of them. */
  readonly vectors: readonly unknown[]
  /** Tokens of all inputs; null: the provider did not say. */
  readonly inputTokens: number | null
  /** What the provider calls the model; null: it did not say. */
  readonly model: string | null
}

/** Where the provider did not count, the usage is null, and the answer says 0, since OpenAI's shape knows no "unknown". */
export function answerOf(found: FoundEmbeddings, context: EmbeddingsContext): DecodedEmbeddings {
  const { vectors, inputTokens, model } = found
  if (vectors.length !== context.inputs) {
    return wrong(`the provider answered ${context.inputs} inputs with ${vectors.length} embeddings`)
  }
  const data: Embedding[] = []
  let dimensions = 0
  for (const [index, vector] of vectors.entries()) {
    const read = readVector(vector, context)
    if (read === null) return wrong(`embedding ${index} of the provider's answer cannot be read`)
    if (index > 0 && read.length !== dimensions) return wrong("the provider's embeddings differ in length")
    dimensions = read.length
    data.push({ object: 'embedding', index, embedding: read.embedding })
  }
  if (context.dimensions !== null && dimensions !== context.dimensions) {
    return { failure: wrongLength(context.dimensions, dimensions) }
  }
  const tokens = inputTokens ?? 0
  return {
    response: {
      object: 'list',
      data,
      model: model ?? context.model,
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    },
    usage: inputTokens === null ? null : usageOf(inputTokens),
    dimensions,
  }
}

function usageOf(inputTokens: number): TokenUsage {
  return { inputTokens, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 }
}

function wrong(message: string): { readonly failure: ProviderFailure } {
  return { failure: answerFailure(message) }
}

/** Vectors of another length would go into an index that cannot hold them, or would not fit those that are there. */
function wrongLength(asked: number, given: number): ProviderFailure {
  const message = `asked for ${asked} dimensions, the model answered with ${given}`
  return { ...answerFailure(message), class: 'unsupported_by_target', param: 'dimensions' }
}

interface ReadVector {
  readonly embedding: Embedding['embedding']
  readonly length: number
}

/** In the format that the caller asked for; null when the vector is none. */
function readVector(vector: unknown, { format, quirks }: EmbeddingsContext): ReadVector | null {
  if (typeof vector === 'string') {
    if (quirks.signedBytes !== undefined) return inFormat(unpackSignedBytes(vector), format)
    if (format === 'float') return inFormat(unpackFloats(vector), format)
    // It is passed on as it came, but read: otherwise a caller would find out that it holds no numbers.
    const length = countPacked(vector)
    return length === null ? null : { embedding: vector, length }
  }
  return inFormat(numbersOf(vector), format)
}

function inFormat(numbers: number[] | null, format: EmbeddingsContext['format']): ReadVector | null {
  if (numbers === null) return null
  if (format === 'float') return { embedding: numbers, length: numbers.length }
  // Finite as it is written, but not in the 32 bits that it is packed into.
  if (!numbers.every((number) => Number.isFinite(Math.fround(number)))) return null
  return { embedding: packFloats(numbers), length: numbers.length }
}

function numbersOf(vector: unknown): number[] | null {
  if (!Array.isArray(vector) || vector.length === 0) return null
  const numbers: number[] = []
  for (const value of vector) {
    if (typeof value !== 'number' || !Number.isFinite(value)) return null
    numbers.push(value)
  }
  return numbers
}

/** Header values are texts. */
export function countOfText(text: string | undefined): number | null {
  return text === undefined || !/^\d+$/.test(text) ? null : countOf(Number(text))
}
