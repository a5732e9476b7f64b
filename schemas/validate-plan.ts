import type { Plan } from './generated/types.ts'
import { validate } from './generated/validators/plan.ts'
import { makeValidate } from './validation.ts'

/** Is this a plan file? Lists every problem. */
export const validatePlan = makeValidate<Plan>(validate)
