import type { ChatCompletionChunk } from './generated/types.ts'
import { validate } from './generated/validators/chat-completion-chunk.ts'
import { makeValidate } from './validation.ts'

/** Is this a stream event we may emit? Stops at the first problem. */
export const validateChatCompletionChunk = makeValidate<ChatCompletionChunk>(validate)
