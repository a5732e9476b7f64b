/** Why nothing was published: in a sentence like any failure, and as a value for whoever reads JSON. */
import { CommandError } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'

export type RefusalReason =
  /** The head has moved since the plan was made. */
  | 'stale'
  /** The plan was made for another store. */
  | 'other_store'
  /** Another apply is under way. */
  | 'conflict'
  /** A gate of the environment does not hold, or cannot be judged. */
  | 'gate'
  /** The manifest itself, as the environment judges it. */
  | 'findings'
  | 'read_only'
  /** A gateway cannot serve it. */
  | 'preflight'
  /** A gateway did not answer. */
  | 'silent'

export interface RefusalParts {
  readonly reason: RefusalReason
  readonly message: string
  readonly exitCode: ExitCode
  readonly details?: readonly string[]
  /** What JSON says besides. */
  readonly facts?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

export class Refusal extends CommandError {
  readonly reason: RefusalReason
  readonly facts: Readonly<Record<string, unknown>>

  constructor({ reason, message, exitCode, details = [], facts = {}, cause }: RefusalParts) {
    super(message, { exitCode, details, cause })
    this.name = 'Refusal'
    this.reason = reason
    this.facts = facts
  }
}
