/** Tools and the choice between them. */
import type { ChatCompletionRequest, RequestFunction, RequestTool } from '../../../../schemas/index.ts'
import type { SchemaCost } from '../../chat/closed-schema.ts'
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord, recordOf, textOf } from '../../chat/loose.ts'
import type { ToolChoice } from '../../chat/tool-choice.ts'
import { ToolInputs, hasPlainNames } from '../../chat/tool-inputs.ts'
import { allowedTools, isForced, readToolChoice } from '../../chat/tool-choice.ts'
import type { ModelTraits } from '../../models/claude.ts'
import type { Block } from './parts.ts'
import { withMark } from './parts.ts'

export interface EncodedTools {
  readonly tools: Block[]
  readonly choice: ToolChoice
  /** At most one call an answer. */
  readonly isSingle: boolean
  /** What the strict ones among the tools count for. */
  readonly costs: readonly SchemaCost[]
}

/** As the API says in its errors: "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'" (checked 2026-11-23). */
const toolName = /^[a-zA-Z0-9_-]{1,128}$/
export const longestToolName = 128

export function encodeTools(request: ChatCompletionRequest, notes: EncodeNotes): EncodedTools {
  const list = new ToolList(notes)
  const { tools: given, functions: older } = request
  const allowed = allowedTools(request)
  for (const [index, tool] of (given ?? []).entries()) list.take(tool, `tools[${index}]`)
  if (list.tools.length === 0) {
    for (const [index, declared] of (older ?? []).entries()) {
      list.take({ type: 'function', function: declared }, `functions[${index}]`)
    }
  }
  if (isRecord(request.web_search_options)) list.tools.push(webSearch(request.web_search_options))
  const tools = allowed === null ? list.tools : list.tools.filter(({ name }) => allowed.has(name))
  const isSingle = request.parallel_tool_calls === false || (older?.length ?? 0) > 0
  const choice = readToolChoice(request)
  if (list.tools.length > 0 && (isForced(choice) || allowed !== null)) checkChoice(choice, tools, notes)
  return { tools, choice, isSingle, costs: list.inputs.costs }
}

class ToolList {
  readonly tools: Block[] = []
  readonly inputs: ToolInputs
  /** "Tool names must be unique" (the API's error, checked 2026-11-23). */
  private readonly names = new Set<string>()
  private readonly notes: EncodeNotes

  constructor(notes: EncodeNotes) {
    this.notes = notes
    this.inputs = new ToolInputs(notes)
  }

  take(tool: RequestTool, place: string): void {
    const { function: declared } = tool
    if (tool.type === 'function' && declared !== undefined) this.tools.push(this.declareTool(declared, tool, place))
    else if (isOwnTool(tool.type)) this.tools.push({ ...tool })
    else this.notes.refuse(place, `tools of type "${tool.type}" are none of this language's own`)
  }

  private declareTool(declared: RequestFunction, tool: RequestTool, place: string): Block {
    const { name, description, parameters, strict } = declared
    if (!toolName.test(name)) {
      this.notes.refuse(`${place}.function.name`, 'names of tools are 1 to 128 letters, digits, "_" and "-"')
    }
    if (this.names.has(name)) this.notes.refuse(`${place}.function.name`, `two tools are called "${name}"`)
    this.names.add(name)
    const block: Block = { name }
    if (textOf(description) !== null) block['description'] = description
    const fitted = strict === true ? this.inputs.strict(parameters ?? {}) : null
    const schema = fitted ?? this.inputs.plain(parameters ?? {}, place)
    if (!hasPlainNames(schema)) {
      const rule = 'names of arguments are 1 to 64 letters, digits, "_", "." and "-"'
      this.notes.refuse(`${place}.function.parameters`, rule)
    }
    block['input_schema'] = schema
    if (fitted !== null) block['strict'] = true
    for (const field of ownToolFields) if (tool[field] !== undefined) block[field] = tool[field]
    return withMark(block, tool['cache_control'])
  }
}

/** The maker's own tools have the day of their version in their type, such as `web_search_20250305`. */
function isOwnTool(type: string): boolean {
  return /^[a-z0-9_]+_20\d{6}$/.test(type)
}

/** Fields of a tool that OpenAI does not have (types of the client, 2026-11-23). */
const ownToolFields = ['allowed_callers', 'defer_loading', 'eager_input_streaming', 'input_examples'] as const

/**
 * The version of the search tool that every model with one knows. OpenAI's `user_location` holds the place one level
 * deeper. `search_context_size` has nothing to stand for it.
 */
function webSearch(options: LooseRecord): Block {
  const place = recordOf(recordOf(options['user_location'])?.['approximate'])
  const tool: Block = { type: 'web_search_20250305', name: 'web_search' }
  return place === null ? tool : { ...tool, user_location: { type: 'approximate', ...place } }
}

// ---- the choice ----

/** A choice without its tool is the caller's mistake, whoever is asked. */
function checkChoice(choice: ToolChoice, tools: readonly Block[], notes: EncodeNotes): void {
  const isThere = choice.type === 'tool' ? tools.some(({ name }) => name === choice.name) : tools.length > 0
  if (!isThere) notes.reject('tool_choice', 'it names no tool of the request')
}

/** `tool_choice` of the body; undefined where the API's default says the same. */
export function renderChoice(choice: ToolChoice, { isSingle }: { readonly isSingle: boolean }): unknown {
  if (choice.type === 'none') return choice
  if (isSingle) return { ...choice, disable_parallel_tool_use: true }
  return choice.type === 'auto' ? undefined : choice
}

/** Calls in the history want their tools declared; where the caller has none any more, none may be called. */
export function declareCalled(names: readonly string[]): Block[] {
  return names.map((name) => ({ name, input_schema: { type: 'object', properties: {} } }))
}

export function canForce(traits: ModelTraits, hasBudget: boolean): boolean {
  return traits.forcedTools && !hasBudget
}
