/**
 * What a decision may look at in a request: never the text itself, only its shape and size. The same value is kept in
 * the record, so that replay and explain see exactly what the gateway saw.
 */
import type { ChatCompletionRequest } from '../../../schemas/index.ts'
import type { RequestFeature } from '../routing/table.ts'
import { readFields } from './request-fields.ts'

export interface RequestFeatures {
  readonly stream: boolean
  readonly has: readonly RequestFeature[]
  /** The parts of the request that ask for something (see `readFields`). A loss table is asked about these. */
  readonly fields: readonly string[]
  /** Of an embeddings request: its inputs. */
  readonly messages: number
  readonly promptCharacters: number
  readonly images: number
  readonly maxOutputTokens: number | null
}

/** Token counts at decision time, before any provider has counted. */
export interface TokenEstimate {
  readonly inputTokens: number
  /** Embeddings only: the longest of the inputs, since each must fit the model's window for itself. */
  readonly longestInputTokens?: number
  /** The caller's own ceiling, or null when it set none. */
  readonly outputTokens: number | null
  /** How the input was counted, so that a later reader can judge it. */
  readonly family: 'characters-4'
}

/** Tokens an image stands for in an estimate: OpenAI's price of one high-detail 512-pixel tile and the base. */
const imageTokens = 255
/** Role, separators and the like, per message. */
const messageTokens = 4

export function estimateTokens(features: RequestFeatures): TokenEstimate {
  return {
    inputTokens:
      Math.ceil(features.promptCharacters / 4) + features.messages * messageTokens + features.images * imageTokens,
    outputTokens: features.maxOutputTokens,
    family: 'characters-4',
  }
}

/** Reads the shape of a request that has passed validation. Unknown parts count as nothing; nothing is thrown. */
export function readFeatures(request: ChatCompletionRequest): RequestFeatures {
  let promptCharacters = 0
  let images = 0
  for (const message of request.messages) {
    const { content } = message
    if (typeof content === 'string') promptCharacters += content.length
    else if (Array.isArray(content)) {
      for (const part of content) {
        if (part.type === 'text' && typeof part.text === 'string') promptCharacters += part.text.length
        else if (part.type === 'image_url') images += 1
      }
    }
  }
  const has: RequestFeature[] = []
  if (request.tools !== undefined && request.tools !== null && request.tools.length > 0) has.push('tools')
  if (images > 0) has.push('images')
  if (request.response_format?.type === 'json_schema') has.push('json_schema')
  return {
    stream: request.stream === true,
    has,
    fields: readFields(request),
    messages: request.messages.length,
    promptCharacters,
    images,
    maxOutputTokens: request.max_completion_tokens ?? request.max_tokens ?? null,
  }
}
