/** Requests: OpenAI's shapes in this API's, and its own fields as they are. */
import type {
  ChatCompletionRequest,
  RequestFunction,
  RequestFunctionChoice,
  RequestToolChoice,
} from '../../../../schemas/index.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import { isRecord, recordOf } from '../../chat/loose.ts'
import type { EncodeTarget, WireRequest } from '../dialect.ts'
import { cannotExpress, notValid } from './inexpressible.ts'
import { encodeMessages } from './messages.ts'
import { encodeOptions } from './options.ts'
import { fitParameters } from './tool-schema.ts'

/**
 * Never changes the request. Three fields are always sent: `stream`, because it is on by default; `truncate: false`,
 * because a prompt longer than the context window would otherwise lose its beginning without a word, where OpenAI
 * answers `context_length_exceeded`; and `shift: false`, because an answer that fills the window would go on having
 * forgotten the question, where OpenAI stops with `length`. A server that does not know the last two behaves as it did.
 */
export function encode(
  request: ChatCompletionRequest,
  target: EncodeTarget,
): WireRequest | { readonly failure: ProviderFailure } {
  const messages = encodeMessages(request.messages)
  if ('failure' in messages) return messages
  const tools = encodeTools(request)
  if ('failure' in tools) return tools
  const think = encodeThink(request)
  if (typeof think === 'object') return think
  const options = encodeOptions(request, target)
  if (options === null) return notValid('options', 'it must be an object')
  // The server takes it for no limit at all.
  if (options?.['num_predict'] === 0) return cannotExpress('max_tokens', 'an answer of no tokens')
  const body = {
    model: target.model,
    messages: messages.messages,
    tools: tools.tools,
    format: encodeFormat(request),
    think,
    options,
    logprobs: request.logprobs === true ? true : undefined,
    top_logprobs: request.logprobs === true ? (request.top_logprobs ?? undefined) : undefined,
    keep_alive: request['keep_alive'] ?? undefined,
    truncate: request['truncate'] ?? false,
    shift: request['shift'] ?? false,
    stream: request.stream === true,
  }
  return {
    body: JSON.stringify(body),
    sourceFrom: null,
    headers: null,
    ...(tools.isOlder && { legacyCalls: true as const }),
    ...(messages.isWrapped && { lost: ['messages[].tool_calls;approximated'] }),
  }
}

// ---- fields ----

/** The API's own `format` says it more exactly than OpenAI's field can. */
function encodeFormat(request: ChatCompletionRequest): unknown {
  const own = request['format']
  if (own !== undefined && own !== null && own !== '') return own
  const { response_format: wanted } = request
  if (wanted?.type === 'json_object') return 'json'
  if (wanted?.type === 'json_schema') return wanted.json_schema?.schema ?? 'json'
  return undefined
}

/**
 * Words of `think`: "low", "medium", "high"; the newest servers also know "max", older ones refuse it. A model without
 * levels takes each of the three as "on".
 */
const efforts: ReadonlyMap<string, boolean | string> = new Map<string, boolean | string>([
  ['none', false],
  ['minimal', 'low'],
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['xhigh', 'high'],
  ['max', 'high'],
])

/** A model that cannot think refuses anything but false; `think: false` in the manifest's parameters keeps it in use. */
function encodeThink(request: ChatCompletionRequest): boolean | string | undefined | { failure: ProviderFailure } {
  const own = request['think']
  if (typeof own === 'boolean' || (typeof own === 'string' && own !== '')) return own
  if (own !== undefined && own !== null) return notValid('think', 'it must be true, false or the name of a level')
  const { reasoning_effort: effort } = request
  if (effort === undefined || effort === null || effort === '') return undefined
  return efforts.get(effort) ?? cannotExpress('reasoning_effort', 'no level of thinking is called that')
}

// ---- tools ----

interface WireTool {
  readonly type: 'function'
  readonly function: { readonly name: string; readonly description?: string; readonly parameters: object }
}

interface EncodedTools {
  readonly tools: WireTool[] | undefined
  /** The caller declared its tools in the older form, and can only read calls in that form. */
  readonly isOlder: boolean
}

function encodeTools(request: ChatCompletionRequest): EncodedTools | { failure: ProviderFailure } {
  const { tools, functions } = request
  const given = [...(tools ?? []).map((tool) => tool.function), ...(functions ?? [])]
  const isOlder = given.length > 0 && (tools ?? []).length === 0
  const choice = isOlder ? request.function_call : request.tool_choice
  const word = typeof choice === 'string' ? choice : recordOf(choice)?.['type']
  if (given.length === 0 || word === 'none') return { tools: undefined, isOlder }
  const offered = allowedNames(choice)
  const encoded: WireTool[] = []
  for (const declared of given) {
    if (declared === undefined) return cannotExpress('tools', 'a tool without a function')
    if (offered !== null && !offered.has(declared.name)) continue
    const tool = encodeTool(declared)
    if (tool === null) return cannotExpress('tools', `the server cannot read the parameters of "${declared.name}"`)
    encoded.push(tool)
  }
  if (encoded.length > 0) return { tools: encoded, isOlder }
  return notValid(isOlder ? 'function_call' : 'tool_choice', 'it names no tool of the request')
}

/** Name and parameters are both demanded. */
function encodeTool({ name, description, parameters }: RequestFunction): WireTool | null {
  const fitted = fitParameters(parameters ?? {})
  if (fitted === null) return null
  return {
    type: 'function',
    function: { name, ...(typeof description === 'string' && { description }), parameters: fitted },
  }
}

/** The names a choice leaves; null for all. */
function allowedNames(
  choice: string | RequestToolChoice | RequestFunctionChoice | null | undefined,
): ReadonlySet<unknown> | null {
  if (typeof choice !== 'object' || choice === null) return null
  const { function: named, allowed_tools: allowed, name } = choice
  if (typeof name === 'string') return new Set([name])
  if (isRecord(named)) return new Set([named['name']])
  const tools = isRecord(allowed) ? allowed['tools'] : null
  return Array.isArray(tools) ? new Set(tools.map((tool) => recordOf(recordOf(tool)?.['function'])?.['name'])) : null
}
