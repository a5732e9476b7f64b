/** Reads a request as Anthropic's server does: shape first, then what fits together with what, then the conversation. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Ask, AskedTool, Json, ToolWish } from '../answers/ask.ts'
import { chooseCalls, isJson, readConversation } from '../answers/ask.ts'
import type { CacheUse } from './cache.ts'
import { checkMarks, useCache } from './cache.ts'
import type { ModelRules } from './models.ts'
import { rulesFor } from './models.ts'
import type { Version } from './request.ts'
import { messagesRequest } from './request.ts'
import { checkOutputSchema } from './schema-rules.ts'
import { Refused, refuse } from './shape.ts'
import { blocksOf, checkMessages, checkText, messagesOf, turnsOf } from './turns.ts'

export interface MessagesAsk {
  readonly ask: Ask
  /** Thinking is signed but its text is kept back. */
  readonly hidesThinking: boolean
  readonly cache: CacheUse
}

export interface AskContext {
  readonly version: Version
  readonly headers: IncomingHttpHeaders
  readonly seed: number
  /** Hashes of the prompts that were cached. */
  readonly cached: Set<number>
}

const betaFormat = 'structured-outputs-2025-11-13'

/** Throws `Refused`. */
export function readAsk(body: unknown, { version, headers, seed, cached }: AskContext): MessagesAsk {
  const hasBetaFormat = String(headers['anthropic-beta'] ?? '').includes(betaFormat)
  messagesRequest(version, hasBetaFormat)(body, '')
  if (!isJson(body)) throw new Refused('The request body is not valid JSON')
  const model = String(body['model'])
  const rules = rulesFor(model)
  const thinking = isJson(body['thinking']) ? body['thinking'] : {}
  const thinks = thinking['type'] === 'enabled' || thinking['type'] === 'adaptive'
  checkThinking(thinking, rules, model)
  checkSampling(body, rules, thinks)
  checkLimits(body, rules, thinking)
  const system = blocksOf(body['system'])
  for (const block of system) checkText(block, 'system')
  const messages = messagesOf(body['messages'])
  checkMessages(messages, { model: rules, insistsOnThinking: thinking['type'] === 'enabled', seed, version })
  const tools = readTools(body['tools'])
  const blocks = [...toolsOf(body), ...system, ...messages.flatMap((message) => message.blocks)]
  checkMarks(blocks)
  const conversation = readConversation(turnsOf(system, messages))
  const ask: Ask = {
    model,
    stream: body['stream'] === true,
    choices: 1,
    maxTokens: Number(body['max_tokens']),
    stop: readStop(body['stop_sequences']),
    tools,
    calls: chooseCalls(tools, readChoice(body, tools), conversation.lastUserText),
    format: readFormat(body, rules),
    reasoning: thinks ? 'asked' : 'off',
    conversation,
  }
  const cache = useCache(cached, blocks, isJson(body['cache_control']))
  return { ask, hidesThinking: thinking['display'] === 'omitted', cache }
}

function checkThinking(thinking: Json, { thinking: modes }: ModelRules, model: string): void {
  const type = thinking['type']
  if (type === 'enabled' && modes.length === 0) throw new Refused(`'${model}' does not support thinking.`)
  if (type === 'enabled' && !modes.includes('enabled')) {
    throw new Refused(
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
    )
  }
  if (type === 'adaptive' && !modes.includes('adaptive')) {
    throw new Refused('adaptive thinking is not supported on this model')
  }
}

function checkSampling(body: Json, rules: ModelRules, thinks: boolean): void {
  const { temperature, top_p: topP, top_k: topK } = body
  const usual: Readonly<Record<string, unknown>> = { temperature: 1, top_p: 1 }
  for (const key of ['temperature', 'top_p', 'top_k']) {
    const value = body[key]
    if (rules.samples || value === undefined || value === usual[key]) continue
    throw new Refused(`\`${key}\` is deprecated for this model.`)
  }
  if (rules.samplesOneWay && temperature !== undefined && topP !== undefined) {
    throw new Refused('`temperature` and `top_p` cannot both be specified for this model. Please use only one.')
  }
  if (!thinks) return
  if (temperature !== undefined && temperature !== 1) {
    throw new Refused('`temperature` may only be set to 1 when thinking is enabled.')
  }
  if (typeof topP === 'number' && topP < 0.95) {
    throw new Refused('`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.')
  }
  if (topK !== undefined) throw new Refused('`top_k` must be unset when thinking is enabled.')
}

function checkLimits(body: Json, { maxOutputTokens }: ModelRules, thinking: Json): void {
  const most = Number(body['max_tokens'])
  if (most > maxOutputTokens) {
    refuse(
      'max_tokens',
      `${most} > ${maxOutputTokens}, which is the maximum allowed number of output tokens for ${String(body['model'])}`,
    )
  }
  const budget = thinking['budget_tokens']
  if (typeof budget === 'number' && budget >= most) {
    throw new Refused('`max_tokens` must be greater than `thinking.budget_tokens`.')
  }
}

function toolsOf(body: Json): readonly Json[] {
  return Array.isArray(body['tools']) ? body['tools'].filter(isJson) : []
}

function readTools(value: unknown): readonly AskedTool[] {
  const given = (Array.isArray(value) ? value : []).filter(isJson)
  const tools = given.map((tool) => ({
    name: String(tool['name']),
    parameters: isJson(tool['input_schema']) ? tool['input_schema'] : null,
  }))
  if (new Set(tools.map(({ name }) => name)).size < tools.length) throw new Refused('tools: Tool names must be unique.')
  for (const [index, tool] of given.entries()) {
    if (tool['strict'] === true) checkOutputSchema(tool['input_schema'], `tools.${index}.custom.input_schema`)
  }
  // The vendor runs its own tools itself; only the caller's are called.
  return tools.filter(({ parameters }) => parameters !== null)
}

/**
 * Only thinking with a budget rules a forced call out: adaptive thinking "supports forced tool use" (documentation page
 * "Thinking", as https://github.com/pydantic/pydantic-ai/issues/7195 quotes and tried it; searched 2026-11-23).
 */
function readChoice(body: Json, tools: readonly AskedTool[]): ToolWish {
  const value = body['tool_choice']
  if (!isJson(value)) return { choice: 'auto', parallel: true }
  if (toolsOf(body).length === 0) throw new Refused('tool_choice may only be specified while providing tools.')
  const { type, name, disable_parallel_tool_use: alone } = value
  const parallel = alone !== true
  const hasBudget = isJson(body['thinking']) && body['thinking']['type'] === 'enabled'
  if (hasBudget && (type === 'any' || type === 'tool')) {
    throw new Refused('Thinking may not be enabled when tool_choice forces tool use.')
  }
  if (type === 'tool') {
    const choice = tools.find((tool) => tool.name === name)
    if (choice === undefined) refuse('tool_choice', `Tool '${String(name)}' not found in provided tools`)
    return { choice, parallel }
  }
  return { choice: type === 'any' || type === 'none' ? type : 'auto', parallel }
}

function readFormat(body: Json, rules: ModelRules): Ask['format'] {
  const config = isJson(body['output_config']) ? body['output_config'] : {}
  if (typeof config['effort'] === 'string' && !rules.effort) {
    throw new Refused('This model does not support the effort parameter.')
  }
  const format = config['format'] ?? body['output_format']
  if (!isJson(format)) return { kind: 'text' }
  const { schema } = format
  checkOutputSchema(schema, format === config['format'] ? 'output_config.format.schema' : 'output_format.schema')
  return { kind: 'schema', schema }
}

function readStop(value: unknown): readonly string[] {
  const stops = (Array.isArray(value) ? value : []).map(String)
  if (stops.some((stop) => stop.trim() === '')) {
    refuse('stop_sequences', 'each stop sequence must contain non-whitespace')
  }
  return stops
}
