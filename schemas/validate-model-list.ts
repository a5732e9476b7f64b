import type { ModelList } from './generated/types.ts'
import { validate } from './generated/validators/model-list.ts'
import { makeValidate } from './validation.ts'

/** Is this a model list we may emit? Stops at the first problem. */
export const validateModelList = makeValidate<ModelList>(validate)
