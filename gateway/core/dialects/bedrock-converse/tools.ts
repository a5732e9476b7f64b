/** Tools and the choice between them. */
import type { ChatCompletionRequest, RequestFunction, RequestTool } from '../../../../schemas/index.ts'
import type { SchemaCost } from '../../chat/closed-schema.ts'
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import { recordOf, textOf } from '../../chat/loose.ts'
import type { ToolChoice } from '../../chat/tool-choice.ts'
import { ToolInputs, hasPlainNames } from '../../chat/tool-inputs.ts'
import { allowedTools, isForced, readToolChoice } from '../../chat/tool-choice.ts'
import type { ModelTraits } from './models.ts'
import type { Block } from './parts.ts'
import { markBlocks } from './parts.ts'

export interface ToolSpec {
  readonly name: string
  /** As it is sent, with its mark behind it. */
  readonly blocks: readonly Block[]
}

export interface EncodedTools {
  readonly tools: readonly ToolSpec[]
  readonly choice: ToolChoice
  /** At most one call an answer. */
  readonly isSingle: boolean
  /** What the strict ones among the tools count for. */
  readonly costs: readonly SchemaCost[]
}

/**
 * "Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+" and "must have length less than or equal to 64" (the
 * API's errors, openclaw/openclaw#12892; its reference says the same; read 2026-11-24).
 */
const toolName = /^[a-zA-Z0-9_-]{1,64}$/
export const longestToolName = 64

export function encodeTools(request: ChatCompletionRequest, traits: ModelTraits, notes: EncodeNotes): EncodedTools {
  const list = new ToolList(traits, notes)
  const { tools: given, functions: older } = request
  const allowed = allowedTools(request)
  for (const [index, tool] of (given ?? []).entries()) list.take(tool, `tools[${index}]`)
  if (list.tools.length === 0) {
    for (const [index, declared] of (older ?? []).entries()) {
      list.take({ type: 'function', function: declared }, `functions[${index}]`)
    }
  }
  const tools = allowed === null ? list.tools : list.tools.filter(({ name }) => allowed.has(name))
  const isSingle = request.parallel_tool_calls === false || (older?.length ?? 0) > 0
  const choice = readToolChoice(request)
  if (list.tools.length > 0 && (isForced(choice) || allowed !== null)) checkChoice(choice, tools, notes)
  return { tools, choice, isSingle, costs: list.inputs.costs }
}

class ToolList {
  readonly tools: ToolSpec[] = []
  readonly inputs: ToolInputs
  private readonly names = new Set<string>()
  private readonly traits: ModelTraits
  private readonly notes: EncodeNotes

  constructor(traits: ModelTraits, notes: EncodeNotes) {
    this.traits = traits
    this.notes = notes
    this.inputs = new ToolInputs(notes)
  }

  take(tool: RequestTool, place: string): void {
    const { function: declared } = tool
    if (tool.type !== 'function' || declared === undefined) {
      this.notes.refuse(place, `tools of type "${tool.type}" do not run there`)
      return
    }
    const mark = tool['cache_control']
    if (this.traits.cache === 'outside_tools' && recordOf(mark) !== null) this.notes.approximate('cache_control')
    const marks = this.traits.cache === 'everywhere' ? markBlocks(mark) : []
    this.tools.push({ name: declared.name, blocks: [{ toolSpec: this.declareTool(declared, place) }, ...marks] })
  }

  private declareTool(declared: RequestFunction, place: string): Block {
    const { name, description, parameters, strict } = declared
    if (!toolName.test(name)) {
      this.notes.refuse(`${place}.function.name`, 'names of tools are 1 to 64 letters, digits, "_" and "-"')
    }
    if (this.names.has(name)) this.notes.refuse(`${place}.function.name`, `two tools are called "${name}"`)
    this.names.add(name)
    const fitted = strict === true ? this.inputs.strict(parameters ?? {}) : null
    const schema = fitted ?? this.inputs.plain(parameters ?? {}, place)
    if (this.traits.claude !== null && !hasPlainNames(schema)) {
      const rule = 'names of arguments are 1 to 64 letters, digits, "_", "." and "-"'
      this.notes.refuse(`${place}.function.parameters`, rule)
    }
    return {
      name,
      // "Member must have length greater than or equal to 1" (BerriAI/litellm#19384, read 2026-11-24).
      ...(textOf(description) !== null && { description }),
      inputSchema: { json: schema },
      ...(fitted !== null && { strict: true }),
    }
  }
}

/** A choice without its tool is the caller's mistake, whoever is asked. */
function checkChoice(choice: ToolChoice, tools: readonly ToolSpec[], notes: EncodeNotes): void {
  const isThere = choice.type === 'tool' ? tools.some(({ name }) => name === choice.name) : tools.length > 0
  if (!isThere) notes.reject('tool_choice', 'it names no tool of the request')
}

/** Calls in the history want tools to be declared, whether there are any now or not. */
export function declareCalled(names: readonly string[]): ToolSpec[] {
  return names.map((name) => ({
    name,
    blocks: [{ toolSpec: { name, inputSchema: { json: { type: 'object', properties: {} } } } }],
  }))
}
