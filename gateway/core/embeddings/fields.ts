/**
 * The parts of OpenAI's embeddings request that a language may or may not be able to carry, and which of them a request
 * makes use of. Named as the parts of a chat request are: the field, with a type or value in brackets where only that
 * half is meant.
 */
import type { EmbeddingsRequest } from '../../../schemas/index.ts'
import { foreignName } from '../chat/request-fields.ts'

export const embeddingsFields = [
  'input[tokens]',
  'dimensions',
  'encoding_format[base64]',
  'user',
  // Not OpenAI's. Half of the providers ask for it, each in words of its own; see `input-type.ts`.
  'input_type',
] as const

export type EmbeddingsField = (typeof embeddingsFields)[number]

const known: ReadonlySet<string> = new Set(embeddingsFields)

export function isEmbeddingsField(name: string): name is EmbeddingsField {
  return known.has(name)
}

const parameters: ReadonlySet<string> = new Set<EmbeddingsField>(['dimensions', 'input_type'])

/** Those that a target of the manifest may set (`parameters`); all others there are of chat requests. */
export function isEmbeddingsParameter(name: string): boolean {
  return parameters.has(name)
}

/** Nobody asks for so much; whoever sends more is told of the rest as one. */
const mostForeign = 32

/**
 * The parts that a request makes use of, each once: `EmbeddingsField`s, and the names of top-level fields that are none.
 * What asks for nothing (null, an empty text, `encoding_format: float`) is not there.
 */
export function readEmbeddingsFields(request: EmbeddingsRequest): string[] {
  const fields = new Set<string>()
  let foreign = 0
  for (const name of Object.keys(request)) {
    const value = request[name]
    if (name === 'model' || value === null || value === undefined || value === '') continue
    if (name === 'input') {
      if (isTokens(request.input)) fields.add('input[tokens]')
    } else if (name === 'encoding_format') {
      if (value === 'base64') fields.add('encoding_format[base64]')
    } else if (known.has(name)) fields.add(name)
    else {
      foreign += 1
      fields.add(foreignName(foreign > mostForeign ? '' : name))
    }
  }
  return [...fields]
}

/** Token ids, of one input or of several. */
export function isTokens(input: EmbeddingsRequest['input']): boolean {
  return typeof input !== 'string' && typeof input[0] !== 'string'
}

/** The texts in order; null when there are token ids instead. */
export function textsOf(input: EmbeddingsRequest['input']): readonly string[] | null {
  if (typeof input === 'string') return [input]
  const texts: string[] = []
  for (const item of input) {
    if (typeof item !== 'string') return null
    texts.push(item)
  }
  return texts
}
