/** Why the model stopped, in OpenAI's words; or a failure where it never answered. */
import type { FinishReason } from '../../../../schemas/index.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import { answerFailure } from '../../chat/wire-failure.ts'

/**
 * Words of the server: "stop", "length", "load" and "unload" (`server/routes.go`, checked 2026-11-23). Older servers say
 * nothing at the end of an answer; and nobody says that tools were called. Any other word means that the turn is over.
 */
export function readDoneReason(native: string | null): FinishReason | ProviderFailure {
  if (native === 'length' || native === 'content_filter') return native
  if (native === 'load' || native === 'unload') {
    return answerFailure(`the provider only ${native}ed the model and answered nothing`, native)
  }
  return native === 'connection_closed' ? answerFailure('the provider broke the answer off', native) : 'stop'
}
