/** `response_format`: JSON of a schema, by the best means the model has; or any JSON, by asking for it. */
import type { ChatCompletionRequest, RequestJsonSchema } from '../../../../schemas/index.ts'
import { fitSchema, isAffordable } from '../../chat/closed-schema.ts'
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import { textOf } from '../../chat/loose.ts'
import type { ToolChoice } from '../../chat/tool-choice.ts'
import type { ModelTraits } from '../../models/claude.ts'
import type { Block } from './parts.ts'
import type { EncodedTools } from './tools.ts'
import { isInputSchema } from '../../chat/tool-inputs.ts'
import { canForce } from './tools.ts'

/** One of three means, or none. */
export interface AnswerFormat {
  /** `output_config.format`. */
  readonly native: unknown
  /** A tool of ours whose input is the answer. */
  readonly tool: { readonly declaration: Block; readonly choice: ToolChoice } | null
  /** To be said in the system prompt. */
  readonly instruction: string | null
}

const free: AnswerFormat = { native: undefined, tool: null, instruction: null }

const jsonOnly = 'Answer with one JSON object and nothing else: no explanation, no code fence.'

interface Surroundings {
  readonly traits: ModelTraits
  readonly tools: EncodedTools
  /** Has the caller asked for a thinking budget? Then no tool can be forced. */
  readonly hasBudget: boolean
}

export function encodeFormat(request: ChatCompletionRequest, around: Surroundings, notes: EncodeNotes): AnswerFormat {
  const { response_format: format } = request
  if (format?.type === 'json_object') return { ...free, instruction: jsonOnly }
  if (format?.type !== 'json_schema') return free
  const { json_schema: described = {} } = format
  const schema = described.schema ?? {}
  const { traits, tools, hasBudget } = around
  const fitted = traits.structuredOutputs ? fitSchema(schema) : null
  if (fitted !== null && isAffordable([...tools.costs, fitted.cost])) {
    if (fitted.isLoosened) notes.approximate('response_format[json_schema]')
    return { ...free, native: { type: 'json_schema', schema: fitted.schema } }
  }
  notes.approximate('response_format[json_schema]')
  // A tool that must be called now is the answer to this request.
  if (tools.choice.type === 'tool' || tools.choice.type === 'any') return free
  if (isInputSchema(schema) && canForce(traits, hasBudget)) return { ...free, tool: answerTool(described, tools) }
  return { ...free, instruction: `${jsonOnly} It must be valid against this JSON schema:\n${JSON.stringify(schema)}` }
}

function answerTool(described: RequestJsonSchema, { tools, choice }: EncodedTools): NonNullable<AnswerFormat['tool']> {
  let name = (textOf(described['name']) ?? 'answer').replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 100)
  while (tools.some((tool) => tool['name'] === name)) name = `${name}_answer`
  const declaration: Block = {
    name,
    description: textOf(described.description) ?? 'Takes the answer. Call it once, with the whole answer.',
    input_schema: described.schema ?? {},
  }
  const isAlone = tools.length === 0 || choice.type === 'none'
  return { declaration, choice: isAlone ? { type: 'tool', name } : { type: 'any' } }
}
