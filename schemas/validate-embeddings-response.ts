import type { EmbeddingsResponse } from './generated/types.ts'
import { validate } from './generated/validators/embeddings-response.ts'
import { makeValidate } from './validation.ts'

/** Is this an answer with embeddings we may emit? Stops at the first problem. */
export const validateEmbeddingsResponse = makeValidate<EmbeddingsResponse>(validate)
