import type { ChatCompletion } from './generated/types.ts'
import { validate } from './generated/validators/chat-completion.ts'
import { makeValidate } from './validation.ts'

/** Is this an answer we may emit? Stops at the first problem. */
export const validateChatCompletion = makeValidate<ChatCompletion>(validate)
