import type { ProviderFailure } from './failure.ts'

/** Something is wrong inside an answer that began with status 200: unreadable, empty, cut, or the model gave up. */
export function answerFailure(message: string, code: string | null = null): ProviderFailure {
  return { class: 'server_error', status: 200, message, code, type: null, param: null, retryAfterMs: null }
}
