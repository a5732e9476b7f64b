/** Encoding as the gateway does it, for tests: with the loss table of a provider that has these quirks. */
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'
import type { Dialect, EncodeTarget, WireRequest } from '../dialect.ts'
import { encodeRequest, fieldsToEncode } from '../encode-request.ts'
import { compileLosses } from '../losses.ts'
import type { Quirks } from '../quirks.ts'
import { noQuirks } from '../quirks.ts'

export interface TargetSpec {
  readonly model?: string
  readonly quirks?: Quirks
  readonly parameters?: Readonly<Record<string, unknown>> | null
  readonly maxOutputTokens?: number | null
  readonly contextWindow?: number | null
  /** The text the request was parsed from. */
  readonly source?: string | null
}

export function targetOf(dialect: Dialect, spec: TargetSpec): EncodeTarget {
  const { model = 'target-model', quirks = noQuirks, parameters = null } = spec
  const { maxOutputTokens = null, contextWindow = null } = spec
  const losses = compileLosses(dialect, { ...dialect.modelLosses?.(model), ...quirks.losses })
  return { model, quirks, parameters, maxOutputTokens, contextWindow, losses }
}

/** What would be sent, and what the caller is told. Throws when the request cannot be expressed. */
export function encoded(
  dialect: Dialect,
  request: ChatCompletionRequest,
  spec: TargetSpec = {},
): WireRequest & { readonly lost: readonly string[] } {
  const result = encodeRequest(dialect, fieldsToEncode(request, spec.source ?? null), targetOf(dialect, spec))
  if ('failure' in result) throw new Error(`not expressed: ${result.failure.message}`)
  return { ...result.wire, lost: result.lost }
}
