import type { Release } from './generated/types.ts'
import { validate } from './generated/validators/release.ts'
import { makeValidate } from './validation.ts'

/** Is this a release? Lists every problem; what is in `resolved` is for `validateRoutes`. */
export const validateRelease = makeValidate<Release>(validate)
