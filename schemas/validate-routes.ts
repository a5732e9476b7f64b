import type { RoutesManifest } from './generated/types.ts'
import { validate } from './generated/validators/routes.ts'
import { makeValidate } from './validation.ts'

/** Has the value the grammar of routes.yaml? Lists every problem. */
export const validateRoutes = makeValidate<RoutesManifest>(validate)
