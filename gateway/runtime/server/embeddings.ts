/** `POST /v1/embeddings`: what its body asks for. */
import { validateEmbeddingsRequest } from '../../../schemas/validate-embeddings-request.ts'
import { GatewayError } from '../../core/chat/errors.ts'
import { readEmbeddingsShape } from '../../core/embeddings/features.ts'
import { EmbeddingsOperation } from '../operations/embeddings.ts'
import { type Asked, checkBody } from './exchange.ts'
import type { JsonBody } from './json-body.ts'

export function readEmbeddings({ value }: JsonBody): Asked {
  const body = checkBody(validateEmbeddingsRequest(value))
  const shape = readEmbeddingsShape(body)
  if (shape === null) {
    const message = 'input: a list holds texts, or token ids, or lists of token ids, and nothing of the others'
    throw new GatewayError('invalid_request', message, 'input')
  }
  return {
    name: 'embeddings',
    operation: new EmbeddingsOperation(body),
    model: body.model,
    user: body.user ?? null,
    ...shape,
  }
}
