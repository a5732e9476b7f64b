import type { ErrorResponse } from './generated/types.ts'
import { validate } from './generated/validators/error-response.ts'
import { makeValidate } from './validation.ts'

/** Is this an error we may emit? Stops at the first problem. */
export const validateErrorResponse = makeValidate<ErrorResponse>(validate)
