/** Reads a request as Google's servers do: shape first, then what the model takes, then the conversation. */
import type { Ask, AskedTool, Json, ToolWish } from '../answers/ask.ts'
import { chooseCalls, isJson, readConversation } from '../answers/ask.ts'
import { checkContents, contentsOf, jsonIn, turnsOf } from './contents.ts'
import type { ModelRules } from './models.ts'
import { rulesFor } from './models.ts'
import { readRequest } from './request.ts'
import { Refused, wordsOf } from './shape.ts'

export interface ContentAsk {
  readonly ask: Ask
  readonly rules: ModelRules
  readonly tellsLogprobs: boolean
}

export interface AskContext {
  readonly model: string
  readonly stream: boolean
  readonly seed: number
  /** Vertex AI takes a few things that the Gemini API does not. */
  readonly isVertex: boolean
}

/** Throws `Refused`. */
export function readAsk(body: unknown, { model, stream, seed, isVertex }: AskContext): ContentAsk {
  const read = readRequest(body)
  const rules = rulesFor(model)
  const config = isJson(read['generationConfig']) ? read['generationConfig'] : {}
  checkSampling(config, rules, { model, isVertex })
  checkLimits(config, rules)
  const reasoning = readThinking(config, rules)
  const contents = contentsOf(read['contents'])
  checkContents(contents, rules, seed)
  const tools = readTools(read['tools'])
  const hasTools = jsonIn(read['tools']).length > 0
  const instruction = isJson(read['systemInstruction']) ? jsonIn(read['systemInstruction']['parts']) : []
  if (instruction.some(({ text }) => typeof text !== 'string'))
    throw new Refused('System instruction: only text is taken.')
  const conversation = readConversation(turnsOf(instruction, contents))
  const ask: Ask = {
    model,
    stream,
    choices: typeof config['candidateCount'] === 'number' ? config['candidateCount'] : 1,
    maxTokens: typeof config['maxOutputTokens'] === 'number' ? config['maxOutputTokens'] : null,
    stop: Array.isArray(config['stopSequences']) ? config['stopSequences'].map(String) : [],
    tools,
    calls: chooseCalls(tools, readChoice(read['toolConfig'], tools), conversation.lastUserText),
    format: readFormat(config, rules, hasTools),
    reasoning,
    conversation,
  }
  return { ask, rules, tellsLogprobs: config['responseLogprobs'] === true }
}

interface Asked {
  readonly model: string
  readonly isVertex: boolean
}

function checkSampling(config: Json, rules: ModelRules, { model, isVertex }: Asked): void {
  for (const name of ['temperature', 'topP', 'topK']) {
    if (config[name] !== undefined && !rules.samples) throw new Refused(`${name} is not supported for this model.`)
  }
  const { temperature, candidateCount, logprobs } = config
  if (typeof temperature === 'number' && (temperature < 0 || temperature > 2)) {
    throw new Refused(
      `* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0]`,
    )
  }
  if (typeof candidateCount === 'number' && candidateCount > rules.mostCandidates) {
    throw new Refused('Multiple candidates is not enabled for this model')
  }
  if (config['presencePenalty'] !== undefined || config['frequencyPenalty'] !== undefined) {
    if (!rules.penalties || !isVertex) throw new Refused(`Penalty is not enabled for models/${model}`)
  }
  if (config['responseLogprobs'] === true && (!rules.logprobs || !isVertex)) {
    throw new Refused(`Logprobs is not enabled for models/${model}`)
  }
  if (logprobs !== undefined && config['responseLogprobs'] !== true) {
    throw new Refused('logprobs may only be set when response_logprobs is true.')
  }
}

function checkLimits({ maxOutputTokens, stopSequences }: Json, rules: ModelRules): void {
  if (typeof maxOutputTokens === 'number' && (maxOutputTokens < 1 || maxOutputTokens > rules.mostTokens)) {
    throw new Refused(
      `Unable to submit request because it has a maxOutputTokens value of ${maxOutputTokens} but the supported range is from 1 (inclusive) to ${rules.mostTokens + 1} (exclusive).`,
    )
  }
  if (Array.isArray(stopSequences) && (stopSequences.length > 5 || stopSequences.includes(''))) {
    throw new Refused(
      '* GenerateContentRequest.generation_config.stop_sequences: 1 to 5 sequences with something in them',
    )
  }
}

function readThinking(config: Json, rules: ModelRules): Ask['reasoning'] {
  const thinking = config['thinkingConfig']
  if (!isJson(thinking)) return 'off'
  const { thinkingBudget: budget, thinkingLevel: level, includeThoughts } = thinking
  if (rules.thinks === null) throw new Refused('Thinking is not enabled for this model.')
  if (budget !== undefined && level !== undefined) {
    throw new Refused('You can only set only one of thinking budget and thinking level.')
  }
  if (level !== undefined && (rules.thinks !== 'level' || !rules.levels.some((known) => known === level))) {
    throw new Refused(`Thinking level ${wordsOf(level)} is not supported for this model.`)
  }
  if (typeof budget === 'number' && budget !== -1) checkBudget(budget, rules)
  return includeThoughts === true && budget !== 0 ? 'asked' : 'off'
}

function checkBudget(budget: number, { thinks, leastBudget, greatestBudget, canStopThinking }: ModelRules): void {
  if (thinks !== 'budget') return
  if (budget === 0 && !canStopThinking)
    throw new Refused('Budget 0 is invalid. This model only works in thinking mode.')
  if (budget !== 0 && (budget < leastBudget || budget > greatestBudget)) {
    throw new Refused(
      `The thinking budget ${budget} is invalid. Please choose a value between ${leastBudget} and ${greatestBudget}.`,
    )
  }
}

const functionName = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/

function readTools(value: unknown): readonly AskedTool[] {
  const declared = jsonIn(value).flatMap((tool) => jsonIn(tool['functionDeclarations']))
  const names = new Set<string>()
  return declared.map(({ name, parameters, parametersJsonSchema }, index) => {
    const path = `GenerateContentRequest.tools[0].function_declarations[${index}]`
    if (typeof name !== 'string' || !functionName.test(name)) {
      throw new Refused(
        `* ${path}.name: Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 128.`,
      )
    }
    if (names.has(name)) throw new Refused(`Duplicate function declaration found: ${name}`)
    names.add(name)
    if (parameters !== undefined && parametersJsonSchema !== undefined) {
      throw new Refused(`* ${path}: only one of parameters and parameters_json_schema may be set.`)
    }
    const schema = parametersJsonSchema ?? parameters
    if (isJson(schema) && wordsOf(schema['type']).toUpperCase() !== 'OBJECT') {
      throw new Refused(`* ${path}.parameters: schema must be of type OBJECT`)
    }
    return { name, parameters: isJson(schema) ? plainTypes(schema) : null }
  })
}

/** OpenAPI's types are written large here, in what is made up by them small. */
function plainTypes(schema: Json): Json {
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain)
    if (!isJson(value)) return value
    const entries = Object.entries(value).map(([key, one]) => [
      key,
      key === 'type' && typeof one === 'string' ? one.toLowerCase() : plain(one),
    ])
    return Object.fromEntries(entries)
  }
  const made = plain(schema)
  return isJson(made) ? made : {}
}

function readChoice(value: unknown, tools: readonly AskedTool[]): ToolWish {
  const config = isJson(value) && isJson(value['functionCallingConfig']) ? value['functionCallingConfig'] : {}
  const { mode = 'AUTO', allowedFunctionNames } = config
  const allowed = (Array.isArray(allowedFunctionNames) ? allowedFunctionNames : []).map(String)
  if (allowed.length > 0 && mode !== 'ANY' && mode !== 'VALIDATED') {
    throw new Refused('Function calling config: allowed_function_names may only be set when mode is ANY.')
  }
  const unknown = allowed.find((name) => !tools.some((tool) => tool.name === name))
  if (unknown !== undefined) throw new Refused(`Function calling config: ${unknown} is not a declared function.`)
  if (mode === 'NONE') return { choice: 'none', parallel: true }
  if (mode !== 'ANY') return { choice: 'auto', parallel: true }
  if (tools.length === 0) throw new Refused('Function calling config is set without function_declarations.')
  const only = allowed.length === 1 ? tools.find(({ name }) => name === allowed[0]) : undefined
  return { choice: only ?? 'any', parallel: true }
}

function readFormat(config: Json, rules: ModelRules, hasTools: boolean): Ask['format'] {
  const { responseMimeType: type = 'text/plain', responseSchema, responseJsonSchema } = config
  const schema = responseJsonSchema ?? responseSchema
  if (responseSchema !== undefined && responseJsonSchema !== undefined) {
    throw new Refused('Only one of response_schema and response_json_schema may be set.')
  }
  if (type === 'text/plain') {
    if (schema !== undefined) throw new Refused('Response schema is only supported with a response mime type of JSON.')
    return { kind: 'text' }
  }
  if (type !== 'application/json') throw new Refused(`* response_mime_type: ${wordsOf(type)} is not supported.`)
  if (hasTools && !rules.toolsBesideJson) {
    throw new Refused("Function calling with a response mime type: 'application/json' is unsupported")
  }
  return isJson(schema) ? { kind: 'schema', schema: plainTypes(schema) } : { kind: 'json' }
}
