/** What a request needs of the process it runs in; the composition root fills it. */
import type { SpoolWriter } from '../spool/writer.ts'
import type { Log } from './log.ts'
import type { CallerRequest, Operation } from './operations/operation.ts'
import type { ProcessState } from './process-state.ts'
import type { Generations } from './reload/generations.ts'

export interface Runtime {
  readonly process: ProcessState
  readonly generations: Generations
  /** null: no spool (a gateway started without an audit trail, on purpose). */
  readonly spool: SpoolWriter | null
  readonly log: Log
}

/** Who calls, as far as the gateway knows. */
export interface Caller {
  readonly credential: string | null
  readonly organization: string | null
  readonly project: string | null
}

export interface ClientRequest extends CallerRequest {
  readonly correlationId: string | null
  readonly caller: Caller
  /** What is asked for, with all that was said about it. */
  readonly operation: Operation
}
