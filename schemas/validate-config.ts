import type { Config } from './generated/types.ts'
import { validate } from './generated/validators/config.ts'
import { makeValidate } from './validation.ts'

/** Has the value the grammar of aigw.yaml? Lists every problem. */
export const validateConfig = makeValidate<Config>(validate)
