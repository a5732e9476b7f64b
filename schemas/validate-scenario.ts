import type { Scenario } from './generated/types.ts'
import { validate } from './generated/validators/scenario.ts'
import { makeValidate } from './validation.ts'

/** Has the value the grammar of a failure drill? Lists every problem. */
export const validateScenario = makeValidate<Scenario>(validate)
