import type { EmbeddingsRequest } from './generated/types.ts'
import { validate } from './generated/validators/embeddings-request.ts'
import { makeValidate } from './validation.ts'

/** Is this an embeddings request we can work with? Stops at the first problem. */
export const validateEmbeddingsRequest = makeValidate<EmbeddingsRequest>(validate)
