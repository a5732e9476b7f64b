/** What a request needs of the process it runs in; the composition root fills it. */
import type { ChatCompletionRequest } from '../../schemas/index.ts'
import type { SpoolWriter } from '../spool/writer.ts'
import type { Log } from './log.ts'
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

export interface ClientRequest {
  readonly id: string
  readonly correlationId: string | null
  readonly caller: Caller
  readonly body: ChatCompletionRequest
  /** The text `body` was parsed from. */
  readonly source: string
  /** The same as bytes, for the audit trail. */
  readonly rawBody: Uint8Array
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}
