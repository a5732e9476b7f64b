import type { ChatCompletionRequest } from './generated/types.ts'
import { validate } from './generated/validators/chat-completion-request.ts'
import { makeValidate } from './validation.ts'

/** Is this what POST /v1/chat/completions takes? Stops at the first problem. */
export const validateChatCompletionRequest = makeValidate<ChatCompletionRequest>(validate)
