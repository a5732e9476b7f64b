/** The way of every request to a wire: what cannot be carried goes by the loss table, the rest is the dialect's. */
import type { ChatCompletionRequest } from '../../../schemas/index.ts'
import type { ProviderFailure } from '../chat/failure.ts'
import { readFields } from '../chat/request-fields.ts'
import type { Dialect, EncodeTarget, WireRequest } from './dialect.ts'
import type { Loss, LossTable } from './losses.ts'
import { inexpressible, lossOf } from './losses.ts'
import { applyParameters } from './parameters.ts'
import { stripRemoved } from './strip.ts'

export interface EncodedRequest {
  readonly wire: WireRequest
  /**
   * What was not carried over as it was asked for, as `readFields` names it, in the order it stood; with `;approximated`
   * behind it where something near it was asked for.
   */
  readonly lost: readonly string[]
}

export interface RequestToEncode {
  readonly request: ChatCompletionRequest
  /** From `readFields`. */
  readonly fields: readonly string[]
  /** The text the request was parsed from; null when there is none. */
  readonly source: string | null
}

/** Never changes the request: every attempt starts from what the caller sent. */
export function encodeRequest(
  dialect: Dialect,
  given: RequestToEncode,
  target: EncodeTarget,
): EncodedRequest | { readonly failure: ProviderFailure } {
  const { request, source } = given
  const { losses, parameters } = target
  const [impossible] = inexpressible(losses, given.fields, false)
  if (impossible !== undefined) return { failure: cannotExpress(impossible, lossOf(losses, impossible)) }
  let draft = losses.removed.size === 0 && losses.foreign === 'all' ? request : stripRemoved(request, losses)
  if (parameters !== null) draft = applyParameters(draft, parameters)
  const original = source === null ? null : { request, text: source }
  const wire = dialect.encode(draft, target, original)
  if ('failure' in wire) return wire
  // Of fields the route knew before it came here; of their values only the encoding tells.
  const dropped = target.refusesLoss === true ? wire.lost?.find((name) => !name.includes(';')) : undefined
  if (dropped !== undefined)
    return { failure: cannotExpress(dropped, { fidelity: 'dropped', how: 'it would be left out' }) }
  const lost = lostOf(given, losses)
  return { wire, lost: wire.lost === undefined ? lost : [...new Set([...lost, ...wire.lost])] }
}

/** For callers that have no features at hand. */
export function fieldsToEncode(request: ChatCompletionRequest, source: string | null = null): RequestToEncode {
  return { request, fields: readFields(request), source }
}

function lostOf({ request, fields }: RequestToEncode, losses: LossTable): string[] {
  const lost: string[] = []
  for (const field of fields) {
    const { fidelity, above } = lossOf(losses, field)
    if (fidelity === 'dropped') lost.push(field)
    else if (fidelity === 'approximated' && isAffected(request[field], above)) lost.push(`${field};approximated`)
  }
  return lost
}

function isAffected(value: unknown, above: number | undefined): boolean {
  return above === undefined || (typeof value === 'number' && value > above)
}

/** A part of the request that the target cannot be told. */
export function cannotExpress(field: string, { how }: Loss): ProviderFailure {
  return {
    class: 'unsupported_by_target',
    status: 0,
    message: how === '' ? `${field} cannot be expressed` : `${field} cannot be expressed: ${how}`,
    code: null,
    type: null,
    param: field,
    retryAfterMs: null,
  }
}
