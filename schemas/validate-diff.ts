import type { Diff } from './generated/types.ts'
import { validate } from './generated/validators/diff.ts'
import { makeValidate } from './validation.ts'

/** Is this what `aigw diff --format json` prints? Lists every problem. */
export const validateDiff = makeValidate<Diff>(validate)
