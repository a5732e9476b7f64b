/**
 * `options`: how the model is run and sampled. They come from three places, each weighing more than the one before: the
 * manifest, OpenAI's fields of the request, and what the caller calls by the API's own names. But how the model is
 * loaded is the operator's to say, where the manifest says it: a caller who asks for something else would have it loaded
 * anew under everybody's feet. And two are ceilings: the length of the answer, and the context window.
 */
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord, recordOf } from '../../chat/loose.ts'
import type { EncodeTarget } from '../dialect.ts'

/** Settings that a change of loads the model anew. Names: the server's `Runner` (`api/types.go`, checked 2026-11-23). */
const loadingOptions = ['num_ctx', 'num_batch', 'num_gpu', 'main_gpu', 'num_thread', 'use_mmap'] as const

/** Names beside OpenAI's own: these, and those of the server's `Options` (same place). */
export const modelOptions = [
  ...loadingOptions,
  'num_predict',
  'num_keep',
  'min_p',
  'typical_p',
  'repeat_last_n',
  'repeat_penalty',
  'mirostat',
  'mirostat_tau',
  'mirostat_eta',
  'penalize_newline',
] as const

/** Those that both APIs call the same. */
const sharedNames = ['temperature', 'top_p', 'top_k', 'frequency_penalty', 'presence_penalty', 'seed'] as const

type Options = Record<string, unknown>

/** Null when the caller's `options` are no object. Undefined when there are none at all. */
export function encodeOptions(request: ChatCompletionRequest, target: EncodeTarget): Options | undefined | null {
  const given = request['options'] ?? undefined
  if (given !== undefined && !isRecord(given)) return null
  // A manifest's options stand in the request when the caller sent none of its own.
  const ours = recordOf(target.parameters?.['options']) ?? {}
  const options: Options = { ...ours, ...fromFields(request), ...(given === ours ? {} : given) }
  for (const name of loadingOptions) {
    if (name !== 'num_ctx' && ours[name] !== undefined) options[name] = ours[name]
  }
  applyCeilings(options, ours, target)
  return Object.keys(options).length === 0 ? undefined : options
}

function fromFields(request: ChatCompletionRequest): Options {
  const options: Options = {}
  for (const name of [...sharedNames, ...modelOptions]) {
    const value = request[name]
    if (value !== undefined && value !== null) options[name] = value
  }
  const limit = request.max_completion_tokens ?? request.max_tokens ?? null
  if (limit !== null && options['num_predict'] === undefined) options['num_predict'] = limit
  const { stop } = request
  // Every text begins with an empty one: the answer would stop before its first word.
  const stops = (typeof stop === 'string' ? [stop] : (stop ?? [])).filter((sequence) => sequence !== '')
  if (stops.length > 0) options['stop'] = stops
  return options
}

// ---- ceilings ----

function applyCeilings(options: Options, ours: LooseRecord, { parameters, contextWindow }: EncodeTarget): void {
  const longest = numberOf(parameters?.['max_completion_tokens']) ?? numberOf(parameters?.['max_tokens'])
  // Below zero means without end.
  if (longest !== null && !isWithin(options['num_predict'], longest)) options['num_predict'] = longest
  // Without it a server takes its own default, a few thousand tokens whatever the model can do.
  const widest = numberOf(ours['num_ctx']) ?? contextWindow
  if (widest !== null && !isWithin(options['num_ctx'], widest)) options['num_ctx'] = widest
}

function isWithin(value: unknown, ceiling: number): boolean {
  return typeof value === 'number' && value >= 0 && value <= ceiling
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
