/**
 * The door for types: nothing here costs anything at start-up. Validators have a door of their own each
 * (`validate-….ts`), so that a command loads only the ones it uses.
 */
export type * from './generated/types.ts'
export type { ValidationProblem, ValidationResult } from './validation.ts'
