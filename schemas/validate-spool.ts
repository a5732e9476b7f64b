import type { SpoolLine } from './generated/types.ts'
import { validate } from './generated/validators/spool.ts'
import { makeValidate } from './validation.ts'

/** Is this a line of a spool segment? Stops at the first problem. */
export const validateSpoolLine = makeValidate<SpoolLine>(validate)
