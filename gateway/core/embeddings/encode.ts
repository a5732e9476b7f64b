/** The way of every embeddings request to a wire: what cannot be carried goes by the loss table, the rest is the language's. */
import type { EmbeddingsRequest } from '../../../schemas/index.ts'
import type { ProviderFailure } from '../chat/failure.ts'
import { cannotExpress } from '../dialects/encode-request.ts'
import { inexpressible, isRemoved, lossOf } from '../dialects/losses.ts'
import { embeddingsLanguages } from './index.ts'
import type { EmbeddingsContext, EmbeddingsTarget } from './language.ts'

export interface EncodedEmbeddings {
  readonly body: string
  readonly context: EmbeddingsContext
  /** What was not carried over as it was asked for, as `readEmbeddingsFields` names it. */
  readonly lost: readonly string[]
}

export interface EmbeddingsToEncode {
  readonly request: EmbeddingsRequest
  /** From `readEmbeddingsFields`. */
  readonly fields: readonly string[]
  /** From the request's features. */
  readonly inputs: number
}

/** Never changes the request: every attempt starts from what the caller sent. */
export function encodeEmbeddings(
  { request, fields, inputs }: EmbeddingsToEncode,
  target: EmbeddingsTarget,
): EncodedEmbeddings | { readonly failure: ProviderFailure } {
  const { losses, quirks, refusesLoss } = target
  const [impossible] = inexpressible(losses, fields, refusesLoss === true)
  if (impossible !== undefined) return { failure: cannotExpress(impossible, lossOf(losses, impossible)) }
  const draft = withParameters(stripped(request, target), target)
  const wire = embeddingsLanguages[target.language].encode(draft, target)
  if ('failure' in wire) return wire
  const [dropped] = wire.lost ?? []
  if (dropped !== undefined && refusesLoss === true) {
    return { failure: cannotExpress(dropped, { fidelity: 'dropped', how: 'it would be left out' }) }
  }
  const lost = fields.filter((field) => lossOf(losses, field).fidelity === 'dropped')
  return {
    body: JSON.stringify(wire.body),
    context: {
      inputs,
      dimensions: draft.dimensions ?? null,
      format: request.encoding_format === 'base64' ? 'base64' : 'float',
      model: target.model,
      quirks,
    },
    lost: [...new Set([...lost, ...(wire.lost ?? [])])],
  }
}

/** Without what the table says cannot be carried. */
function stripped(request: EmbeddingsRequest, { losses }: EmbeddingsTarget): EmbeddingsRequest {
  const draft: EmbeddingsRequest = { ...request }
  for (const name of Object.keys(request)) {
    if (name !== 'model' && name !== 'input' && name !== 'encoding_format' && isRemoved(losses, name)) {
      Reflect.deleteProperty(draft, name)
    }
  }
  return draft
}

/** The operator's defaults fill what the caller left out; null counts as left out. */
function withParameters(draft: EmbeddingsRequest, { parameters, losses }: EmbeddingsTarget): EmbeddingsRequest {
  if (parameters === null) return draft
  const filled: EmbeddingsRequest = { ...draft }
  for (const [name, value] of Object.entries(parameters)) {
    if (!isRemoved(losses, name)) filled[name] ??= value
  }
  return filled
}
