/** `response_format`: JSON of a schema, by the best means the model has; or any JSON, by asking for it. */
import type { ChatCompletionRequest, RequestJsonSchema } from '../../../../schemas/index.ts'
import { fitSchema, isAffordable } from '../../chat/closed-schema.ts'
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { textOf } from '../../chat/loose.ts'
import { isForced } from '../../chat/tool-choice.ts'
import type { ModelTraits } from './models.ts'
import type { EncodedTools, ToolSpec } from './tools.ts'
import { isInputSchema } from '../../chat/tool-inputs.ts'

/** One of three means, or none. */
export interface AnswerFormat {
  /** `outputConfig.textFormat`. */
  readonly native: unknown
  /** A tool of ours whose input is the answer. */
  readonly tool: ToolSpec | null
  /** To be said in the system prompt. */
  readonly instruction: string | null
}

const free: AnswerFormat = { native: undefined, tool: null, instruction: null }

const jsonOnly = 'Answer with one JSON object and nothing else: no explanation, no code fence.'

interface Surroundings {
  readonly traits: ModelTraits
  readonly tools: EncodedTools
  /** May a call be forced at all? With a thinking budget none may. */
  readonly canForce: boolean
}

export function encodeFormat(request: ChatCompletionRequest, around: Surroundings, notes: EncodeNotes): AnswerFormat {
  const { response_format: format } = request
  if (format?.type === 'json_object') return { ...free, instruction: jsonOnly }
  if (format?.type !== 'json_schema') return free
  const { json_schema: described = {} } = format
  const schema = described.schema ?? {}
  const { traits, tools, canForce } = around
  const fitted = traits.structuredOutputs ? fitSchema(schema) : null
  if (fitted !== null && isAffordable([...tools.costs, fitted.cost])) {
    if (fitted.isLoosened) notes.approximate('response_format[json_schema]')
    return { ...free, native: nativeFormat(described, fitted.schema) }
  }
  notes.approximate('response_format[json_schema]')
  // A tool that must be called now is the answer to this request.
  if (isForced(tools.choice)) return free
  if (canForce && isInputSchema(schema)) return { ...free, tool: answerTool(described, tools.tools) }
  return { ...free, instruction: `${jsonOnly} It must be valid against this JSON schema:\n${JSON.stringify(schema)}` }
}

/** The schema is sent as text (recorded 2026-08; types of the client, 3.1164.0). */
function nativeFormat({ name, description }: RequestJsonSchema, schema: LooseRecord): unknown {
  const jsonSchema = {
    schema: JSON.stringify(schema),
    name: plainName(name),
    ...(textOf(description) !== null && { description }),
  }
  return { type: 'json_schema', structure: { jsonSchema } }
}

function plainName(name: unknown): string {
  return (textOf(name) ?? 'answer').replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 50)
}

function answerTool(described: RequestJsonSchema, tools: readonly ToolSpec[]): ToolSpec {
  let name = plainName(described['name'])
  for (let copy = 2; tools.some((tool) => tool.name === name); copy += 1)
    name = `${plainName(described['name'])}_${copy}`
  const description = textOf(described.description) ?? 'Takes the answer. Call it once, with the whole answer.'
  return { name, blocks: [{ toolSpec: { name, description, inputSchema: { json: described.schema ?? {} } } }] }
}
