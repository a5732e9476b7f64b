/** Embeddings: what `POST /v1/embeddings` asks of a target. */
import type { EmbeddingsRequest } from '../../../schemas/index.ts'
import type { ProviderFailure } from '../../core/chat/failure.ts'
import type { RequestFeatures } from '../../core/chat/features.ts'
import { encodeEmbeddings } from '../../core/embeddings/encode.ts'
import { embeddingsLanguages } from '../../core/embeddings/index.ts'
import type { PreparedTarget } from '../reload/generations.ts'
import { headersFor } from '../transport/attempt-request.ts'
import { EmbeddingsReader } from './embeddings-reader.ts'
import type { CallerRequest, EncodedAttempt, Operation } from './operation.ts'

export class EmbeddingsOperation implements Operation {
  private readonly body: EmbeddingsRequest

  constructor(body: EmbeddingsRequest) {
    this.body = body
  }

  encode(
    prepared: PreparedTarget,
    client: CallerRequest,
    { fields, messages }: RequestFeatures,
  ): EncodedAttempt | { readonly failure: ProviderFailure } {
    const { embeddings } = prepared.target
    const path = prepared.embeddingsPath
    if (embeddings === null || path === null) throw new Error(`${prepared.target.id} has no embeddings, and was asked`)
    const encoded = encodeEmbeddings({ request: this.body, fields, inputs: messages }, embeddings)
    if ('failure' in encoded) return encoded
    const { body, context, lost } = encoded
    const reader = new EmbeddingsReader(embeddingsLanguages[embeddings.language], context)
    return { request: { prepared, path, headers: headersFor(prepared, client, null), body, reader }, lost }
  }
}
