/** Reads a request as the service does: shape first, then what the model takes, then the conversation. */
import type { Ask, AskedTool, Json, ToolWish } from '../answers/ask.ts'
import { chooseCalls, isJson, readConversation } from '../answers/ask.ts'
import { checkOutputSchema } from '../anthropic-messages/schema-rules.ts'
import { Refused as RefusedSchema } from '../anthropic-messages/shape.ts'
import type { ModelRules } from './models.ts'
import { rulesFor } from './models.ts'
import { converseRequest } from './request.ts'
import { Refused } from './shape.ts'
import { checkMessages, listed, messagesOf, turnsOf } from './turns.ts'

export interface ConverseAsk {
  readonly ask: Ask
  readonly hasCache: boolean
}

export interface AskContext {
  readonly model: string
  readonly stream: boolean
  readonly seed: number
}

/** Throws `Refused`. */
export function readAsk(body: unknown, { model, stream, seed }: AskContext): ConverseAsk {
  converseRequest(body, '')
  if (!isJson(body)) throw new Refused('The request body is not valid JSON.')
  const rules = rulesFor(model)
  const additional = isJson(body['additionalModelRequestFields']) ? body['additionalModelRequestFields'] : {}
  checkAdditional(additional, rules)
  const limits = isJson(body['inferenceConfig']) ? body['inferenceConfig'] : {}
  const thinking = isJson(additional['thinking']) ? additional['thinking'] : {}
  checkSampling({ ...limits, topK: additional['top_k'] }, rules, thinking)
  const system = listed(body['system'])
  if (!rules.system && system.length > 0) refuseModel('system messages')
  const config = isJson(body['toolConfig']) ? body['toolConfig'] : null
  const tools = readTools(config, rules, stream)
  const messages = messagesOf(body['messages'])
  const hasBudget = thinking['type'] === 'enabled'
  checkMessages(messages, { rules, seed, hasTools: config !== null, hasBudget })
  const marks = [...listed(config?.['tools']), ...system, ...messages.flatMap(({ blocks }) => blocks)].filter(
    (block) => 'cachePoint' in block,
  )
  if (marks.length > 4) throw new Refused('You have exceeded the maximum number of cachePoint blocks, which is 4.')
  const conversation = readConversation(turnsOf(system, messages))
  const wish = readChoice(config, { tools, rules, additional, hasBudget })
  const ask: Ask = {
    model,
    stream,
    choices: 1,
    maxTokens: typeof limits['maxTokens'] === 'number' ? limits['maxTokens'] : null,
    stop: readStop(limits['stopSequences'], rules),
    tools,
    calls: chooseCalls(tools, wish, conversation.lastUserText),
    format: readFormat(body, rules),
    reasoning: thinks(additional) ? 'asked' : 'off',
    conversation,
  }
  return { ask, hasCache: marks.length > 0 }
}

function refuseModel(what: string): never {
  throw new Refused(`This model doesn't support ${what}. Try again without ${what}.`)
}

function thinks({ thinking, reasoningConfig, reasoning_effort: effort, reasoning }: Json): boolean {
  const isOn = isJson(thinking) && (thinking['type'] === 'enabled' || thinking['type'] === 'adaptive')
  const isNova = isJson(reasoningConfig) && reasoningConfig['type'] === 'enabled'
  return isOn || isNova || effort !== undefined || (isJson(reasoning) && reasoning['effort'] !== 'none')
}

function checkAdditional(additional: Json, { additional: known, claude }: ModelRules): void {
  for (const key of Object.keys(additional)) {
    if (known?.includes(key) !== false) continue
    throw new Refused(
      `Malformed input request: #: extraneous key [${key}] is not permitted, please reformat your input and try again.`,
    )
  }
  if (claude === null) return
  const { thinking } = additional
  const type = isJson(thinking) ? thinking['type'] : undefined
  if (type === 'enabled' && !claude.thinking.includes('enabled')) {
    throw new Refused(
      'The model returned the following errors: "thinking.type.enabled" is not supported for this model.',
    )
  }
  if (type === 'adaptive' && !claude.thinking.includes('adaptive')) {
    throw new Refused('The model returned the following errors: adaptive thinking is not supported on this model')
  }
}

function checkSampling(asked: Json, { claude }: ModelRules, thinking: Json): void {
  if (claude === null) return
  const { temperature, topP, topK, maxTokens } = asked
  const given = [temperature, topP, topK].filter((value) => value !== undefined)
  if (!claude.samples && given.some((value) => value !== 1)) {
    throw new Refused('The model returned the following errors: `temperature` is deprecated for this model.')
  }
  if (claude.samplesOneWay && temperature !== undefined && topP !== undefined) {
    throw new Refused(
      'The model returned the following errors: `temperature` and `top_p` cannot both be specified for this model. Please use only one.',
    )
  }
  if (typeof maxTokens === 'number' && maxTokens > claude.maxOutputTokens) {
    throw new Refused(
      `The maximum tokens you requested exceeds the model limit of ${claude.maxOutputTokens}. Try again with a maximum tokens value that is lower than ${claude.maxOutputTokens}.`,
    )
  }
  if (thinking['type'] !== 'enabled' && thinking['type'] !== 'adaptive') return
  const budget = thinking['budget_tokens']
  if (typeof budget === 'number' && (budget < 1024 || typeof maxTokens !== 'number' || budget >= maxTokens)) {
    throw new Refused(
      'The model returned the following errors: `max_tokens` must be greater than `thinking.budget_tokens`, which is at least 1024.',
    )
  }
  if (temperature !== undefined && temperature !== 1) {
    throw new Refused(
      'The model returned the following errors: `temperature` may only be set to 1 when thinking is enabled.',
    )
  }
  if ((typeof topP === 'number' && topP < 0.95) || topK !== undefined) {
    throw new Refused(
      'The model returned the following errors: `top_p` must be greater than or equal to 0.95 and `top_k` unset when thinking is enabled.',
    )
  }
}

function readStop(value: unknown, rules: ModelRules): readonly string[] {
  const stops = (Array.isArray(value) ? value : []).map(String)
  if (value !== undefined && !rules.stop) {
    throw new Refused("This model doesn't support the stopSequences field. Remove stopSequences and try again.")
  }
  if (rules.claude !== null && stops.some((stop) => stop.trim() === '')) {
    throw new Refused(
      'The model returned the following errors: stop_sequences: each stop sequence must contain non-whitespace',
    )
  }
  return stops
}

// ---- tools ----

function readTools(config: Json | null, rules: ModelRules, stream: boolean): readonly AskedTool[] {
  if (config === null) return []
  if (!rules.tools) refuseModel('tool use')
  if (stream && !rules.streamedTools) throw new Refused("This model doesn't support tool use in streaming mode.")
  const specs = listed(config['tools']).flatMap(({ toolSpec }) => (isJson(toolSpec) ? [toolSpec] : []))
  const tools = specs.map(({ name, inputSchema }) => ({ name: String(name), parameters: schemaOf(inputSchema) }))
  if (new Set(tools.map(({ name }) => name)).size < tools.length) {
    throw new Refused('The toolConfig.tools field contains duplicate tool names. Tool names must be unique.')
  }
  for (const [index, spec] of specs.entries()) {
    const path = `toolConfig.tools.${index}.toolSpec.inputSchema.json`
    const schema = schemaOf(spec['inputSchema'])
    if (spec['strict'] === true) {
      if (!rules.structured) refuseModel('strict tools')
      checkSchema(schema, path)
    }
    if (schema !== null && ['oneOf', 'allOf', 'anyOf'].some((key) => key in schema)) {
      throw new Refused(`${path}: input_schema does not support oneOf, allOf, or anyOf at the top level`)
    }
    checkArgumentNames(schema, rules)
  }
  return tools
}

function schemaOf(inputSchema: unknown): Json | null {
  return isJson(inputSchema) && isJson(inputSchema['json']) ? inputSchema['json'] : null
}

function checkArgumentNames(schema: Json | null, { claude }: ModelRules): void {
  const names = isJson(schema?.['properties']) ? Object.keys(schema['properties']) : []
  if (claude === null || names.every((name) => /^[a-zA-Z0-9_.-]{1,64}$/.test(name))) return
  throw new Refused(
    "The model returned the following errors: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'",
  )
}

function checkSchema(schema: unknown, path: string): void {
  try {
    checkOutputSchema(schema, path)
  } catch (error) {
    throw error instanceof RefusedSchema ? new Refused(error.message) : error
  }
}

interface ChoiceContext {
  readonly tools: readonly AskedTool[]
  readonly rules: ModelRules
  readonly additional: Json
  readonly hasBudget: boolean
}

function readChoice(config: Json | null, { tools, rules, additional, hasBudget }: ChoiceContext): ToolWish {
  const own = isJson(additional['tool_choice']) ? additional['tool_choice'] : {}
  const parallel = own['disable_parallel_tool_use'] !== true
  const choice = isJson(config?.['toolChoice']) ? config['toolChoice'] : null
  if (own['disable_parallel_tool_use'] !== undefined && (choice === null) !== 'type' in own) {
    throw new Refused('The model returned the following errors: tool_choice: conflicting or missing `type`.')
  }
  if (choice === null) return { choice: 'auto', parallel }
  const [kind = 'auto'] = Object.keys(choice)
  if (!rules.choices.includes(kind)) {
    throw new Refused(
      `This model doesn't support the toolConfig.toolChoice.${kind} field. Remove toolConfig.toolChoice.${kind} and try again.`,
    )
  }
  if (hasBudget && kind !== 'auto') {
    throw new Refused(
      'The model returned the following errors: Thinking may not be enabled when tool_choice forces tool use.',
    )
  }
  if (kind !== 'tool') return { choice: kind === 'any' ? 'any' : 'auto', parallel }
  const name = isJson(choice['tool']) ? choice['tool']['name'] : null
  const found = tools.find((tool) => tool.name === name)
  if (found === undefined)
    throw new Refused(`The tool ${String(name)} of toolConfig.toolChoice is not among the tools.`)
  return { choice: found, parallel }
}

// ---- the answer's shape ----

function readFormat(body: Json, rules: ModelRules): Ask['format'] {
  const config = isJson(body['outputConfig']) ? body['outputConfig'] : {}
  if (config['effort'] !== undefined && rules.claude?.effort === false) {
    throw new Refused('The model returned the following errors: This model does not support the effort parameter.')
  }
  const format = config['textFormat']
  if (!isJson(format) || !isJson(format['structure'])) return { kind: 'text' }
  if (!rules.structured) refuseModel('structured outputs')
  const described = format['structure']['jsonSchema']
  const schema = parsed(isJson(described) ? described['schema'] : null)
  checkSchema(schema, 'outputConfig.textFormat.structure.jsonSchema.schema')
  return { kind: 'schema', schema }
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    throw new Refused('The schema of outputConfig.textFormat is not valid JSON.')
  }
}
