import type { CaptureLine } from './generated/types.ts'
import { validate } from './generated/validators/capture.ts'
import { makeValidate } from './validation.ts'

/** Is this a line of a capture? Stops at the first problem. */
export const validateCaptureLine = makeValidate<CaptureLine>(validate)
