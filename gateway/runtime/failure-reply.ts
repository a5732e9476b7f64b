/** The error a caller sees, in OpenAI's envelope: which attempts failed how, and the last provider's own words. */
import type { ErrorEnvelope, GatewayErrorCode } from '../core/chat/errors.ts'
import { gatewayErrors, renderError } from '../core/chat/errors.ts'
import type { ProviderFailure } from '../core/chat/failure.ts'
import { failureTraits } from '../core/chat/failure.ts'
import { lossOf } from '../core/dialects/losses.ts'
import { type Operation, lossesFor } from '../core/routing/operation.ts'
import type { FinishCommand } from '../core/engine/events.ts'
import type { CandidateState, RequestState } from '../core/engine/state.ts'

type Failures = readonly (ProviderFailure | undefined)[]

export function envelopeOf(finish: FinishCommand, state: RequestState, failures: Failures): ErrorEnvelope {
  const failure = finish.attempt === null ? undefined : failures[finish.attempt]
  if (finish.outcome === 'broken') return interrupted(failure)
  if (failure !== undefined && !failureTraits[failure.class].failsOver) return passedBack(failure)
  if (finish.code === 'route_not_found') {
    return ours('route_not_found', `No route takes the model "${state.facts?.model ?? ''}".`, 'model')
  }
  if (finish.code === 'quota_exceeded') return ours('quota_exceeded', 'Your quota is used up.', null)
  return exhausted(finish, state, failures)
}

function interrupted(failure: ProviderFailure | undefined): ErrorEnvelope {
  const words = failure === undefined ? '' : `: ${wordsFor(failure)}`
  return ours('stream_interrupted', `The stream was interrupted before the answer was complete${words}.`, null)
}

/** The caller's own mistake, told in the provider's words. */
function passedBack(failure: ProviderFailure): ErrorEnvelope {
  return renderError({
    message: failure.message,
    type: failure.type ?? 'invalid_request_error',
    param: failure.param,
    code: failure.code ?? failure.class,
  })
}

function exhausted(finish: FinishCommand, state: RequestState, failures: Failures): ErrorEnvelope {
  const route = state.route?.name ?? ''
  const tried = state.attempts.map((attempt) => `${attempt.candidate.target.id}: ${attempt.class ?? 'aborted'}`)
  const skipped = state.candidates
    .filter((candidate) => !candidate.tried && candidate.verdict !== null && candidate.verdict.verdict !== 'admissible')
    .map((candidate) => `${candidate.target.id}: ${tellVerdict(candidate, state.facts?.operation ?? 'chat')}`)
  const list = [...tried, ...skipped].join(', ')
  const last = failures.findLast((failure) => failure !== undefined)
  const words = last === undefined ? '' : ` The last one said: ${wordsFor(last)}.`
  const late = finish.status === 504 ? ' The deadline is over.' : ''
  const message = `No target of route "${route}" could serve this request (${list}).${late}${words}`
  return renderError({ message, type: typeOf(finish.status), ...namesOf(finish, state, last) })
}

/** More would make a sentence that nobody reads. */
const mostFieldsTold = 3

/** What a target cannot express is told by name and with the reason, since the caller can leave it out. */
function tellVerdict({ verdict, target }: CandidateState, operation: Operation): string {
  if (verdict?.verdict === 'unsupported_operation') return `it answers no ${verdict.operation} requests`
  if (verdict?.verdict === 'too_many_inputs') {
    const { limit, inputs } = verdict
    return `it takes ${limit} ${limit === 1 ? 'input' : 'inputs'} at once, and there are ${inputs}`
  }
  if (verdict?.verdict !== 'cannot_express') return verdict?.verdict ?? ''
  const losses = lossesFor(target, operation)
  const told = verdict.fields.slice(0, mostFieldsTold).map((field) => {
    const how = losses === null ? '' : lossOf(losses, field).how
    return how === '' ? field : `${field}: ${how}`
  })
  const more = verdict.fields.length - told.length
  return `cannot_express (${told.join('; ')}${more > 0 ? `; and ${more} more` : ''})`
}

/** OpenAI's own words for a field that a model does not take; callers that send the request anew without it read them. */
const unsupportedCodes: ReadonlySet<string | null> = new Set([
  'unsupported_parameter',
  'unsupported_value',
  'unknown_parameter',
])

/** Code and parameter: the last provider's where it named a field in OpenAI's words, else the code of our own. */
function namesOf(finish: FinishCommand, state: RequestState, last: ProviderFailure | undefined) {
  if (finish.code !== 'unsupported_by_target') return { code: finish.code, param: null }
  if (last !== undefined && unsupportedCodes.has(last.code)) return { code: last.code, param: last.param }
  // A status of 0: we found it ourselves while encoding, so the field is one of the caller's.
  const param = last?.status === 0 ? last.param : fieldNobodyExpresses(state)
  return { code: finish.code, param }
}

/** The first part of the request that not one of the skipped targets can express; null where each has its own. */
function fieldNobodyExpresses({ candidates }: RequestState): string | null {
  const lists = candidates.flatMap(({ verdict }) => fieldsBehind(verdict))
  const [first = [], ...others] = lists
  return first.find((field) => others.every((fields) => fields.includes(field))) ?? null
}

/** The fields that a verdict about the request hangs on; none for a verdict about something else. */
function fieldsBehind(verdict: CandidateState['verdict']): readonly (readonly string[])[] {
  if (verdict?.verdict === 'cannot_express') return [verdict.fields]
  if (verdict?.verdict === 'too_many_inputs') return [['input']]
  return verdict?.verdict === 'unsupported_operation' ? [['model']] : []
}

function typeOf(status: number): string {
  if (status === 429) return 'rate_limit_error'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}

/** What a provider says about the operator's key or model is the operator's to know, not the caller's. */
function wordsFor(failure: ProviderFailure): string {
  if (failure.class === 'misconfigured') return 'the gateway is not set up correctly for this target'
  return failure.message.replace(/[.\s]+$/, '')
}

function ours(code: GatewayErrorCode, message: string, param: string | null): ErrorEnvelope {
  return renderError({ message, type: gatewayErrors[code].type, param, code })
}
