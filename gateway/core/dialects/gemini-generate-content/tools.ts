/** Tools and the choice between them. */
import type { ChatCompletionRequest, RequestFunction, RequestTool } from '../../../../schemas/index.ts'
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord, recordOf, textOf } from '../../chat/loose.ts'
import type { ModelTraits } from './models.ts'
import { fitSchema } from './schema.ts'

/** `toolConfig.functionCallingConfig`. */
export interface CallingConfig {
  readonly mode: 'AUTO' | 'ANY' | 'NONE' | 'VALIDATED'
  readonly allowedFunctionNames?: readonly string[]
}

export interface EncodedTools {
  /** `functionDeclarations`. */
  readonly functions: readonly LooseRecord[]
  /** Entries of `tools` that are the language's own, and run at the provider. */
  readonly own: readonly LooseRecord[]
  /** null: the API's default says the same. */
  readonly config: CallingConfig | null
}

/** "Must start with a letter or an underscore …" (comment on `FunctionDeclaration.name` in the client's types, 2.32.0). */
export const functionName = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/
export const longestFunctionName = 128

export function encodeTools(request: ChatCompletionRequest, traits: ModelTraits, notes: EncodeNotes): EncodedTools {
  const list = new ToolList(notes)
  const { tools: given, functions: older } = request
  for (const [index, tool] of (given ?? []).entries()) list.take(tool, `tools[${index}]`)
  if ((given ?? []).length === 0) {
    for (const [index, declared] of (older ?? []).entries()) {
      list.take({ type: 'function', function: declared }, `functions[${index}]`)
    }
  }
  if (isRecord(request.web_search_options)) list.own.push({ googleSearch: {} })
  const allowed = allowedNames(request)
  const functions = allowed === null ? list.functions : list.functions.filter(({ name }) => allowed.has(name))
  const choice = choiceOf(request)
  if (list.functions.length > 0) checkChoice(choice, functions, notes)
  const config = functions.length === 0 ? null : configOf(choice, list.hasStrict && traits.validatesCalls)
  return { functions, own: list.own, config }
}

class ToolList {
  readonly functions: LooseRecord[] = []
  readonly own: LooseRecord[] = []
  hasStrict = false
  /** "Duplicate function declaration found" (the API's error, checked 2026-11-24). */
  private readonly names = new Set<string>()
  private readonly notes: EncodeNotes

  constructor(notes: EncodeNotes) {
    this.notes = notes
  }

  take(tool: RequestTool, place: string): void {
    const { type, function: declared } = tool
    const own = ownTools.get(type)
    if (type === 'function' && declared !== undefined) this.functions.push(this.declareFunction(declared, place))
    else if (own !== undefined) this.own.push({ [own]: recordOf(tool[type]) ?? {} })
    else this.notes.refuse(place, `tools of type "${type}" are none of this language's own`)
  }

  private declareFunction({ name, description, parameters, strict }: RequestFunction, place: string): LooseRecord {
    const at = `${place}.function.name`
    if (!functionName.test(name)) {
      this.notes.refuse(at, 'names of functions are 1 to 128 letters, digits, "_", ".", ":" and "-", no digit first')
    }
    if (this.names.has(name)) this.notes.refuse(at, `two functions are called "${name}"`)
    this.names.add(name)
    this.hasStrict ||= strict === true
    const schema = this.parametersOf(parameters ?? {}, { place, isStrict: strict === true })
    return {
      name,
      ...(textOf(description) !== null && { description }),
      ...(schema !== null && { parametersJsonSchema: schema }),
    }
  }

  /** Null for a function without parameters. */
  private parametersOf(
    parameters: LooseRecord,
    { place, isStrict }: { readonly place: string; readonly isStrict: boolean },
  ): LooseRecord | null {
    const { type = 'object' } = parameters
    if (type !== 'object' && !(Array.isArray(type) && type.includes('object'))) {
      this.notes.refuse(`${place}.function.parameters`, "a function's arguments are a JSON object")
    }
    const { schema, isLoosened } = fitSchema({ ...parameters, type: 'object' })
    if (isLoosened) this.notes.approximate(isStrict ? 'tools[].strict' : 'tools')
    const says = Object.keys(schema).filter((key) => !emptyKeys.has(key))
    const isEmpty = says.length === 0 && Object.keys(recordOf(schema['properties']) ?? {}).length === 0
    return isEmpty ? null : schema
  }
}

/** What a schema may say besides its properties without asking for anything. */
const emptyKeys: ReadonlySet<string> = new Set(['type', 'properties', 'required', 'additionalProperties'])

/** By the names they may have in `tools[].type`: the client's (2.32.0), and as OpenAI would write them. */
const ownTools: ReadonlyMap<string, string> = new Map(
  [
    'codeExecution',
    'computerUse',
    'enterpriseWebSearch',
    'fileSearch',
    'googleMaps',
    'googleSearch',
    'googleSearchRetrieval',
    'retrieval',
    'urlContext',
  ].flatMap((name) => [
    [name, name],
    [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), name],
  ]),
)

// ---- the choice ----

type Choice = { readonly word: 'auto' | 'none' | 'required' } | { readonly word: 'function'; readonly name: string }

function choiceOf({ tool_choice: choice, function_call: older, tools }: ChatCompletionRequest): Choice {
  if (choice === undefined || choice === null) {
    const isOlder = older !== undefined && older !== null && (tools?.length ?? 0) === 0
    if (!isOlder) return { word: 'auto' }
    return typeof older === 'string' ? chosen(older, null) : chosen('function', older.name)
  }
  if (typeof choice === 'string') return chosen(choice, null)
  if (choice.type === 'allowed_tools') return chosen(choice.allowed_tools?.mode ?? 'auto', null)
  return chosen(choice.type, choice.function?.name ?? textOf(choice['name']))
}

function chosen(word: string, name: string | null): Choice {
  if (word === 'none' || word === 'required') return { word }
  // Without a name it names no tool of the request, and is refused as such.
  return word === 'function' ? { word, name: name ?? '' } : { word: 'auto' }
}

/** A choice without its tool is the caller's mistake, whoever is asked. */
function checkChoice(choice: Choice, functions: readonly LooseRecord[], notes: EncodeNotes): void {
  const isThere = choice.word === 'function' ? functions.some(({ name }) => name === choice.name) : functions.length > 0
  if (!isThere) notes.reject('tool_choice', 'it names no tool of the request')
}

function configOf(choice: Choice, isValidated: boolean): CallingConfig | null {
  switch (choice.word) {
    case 'none':
      return { mode: 'NONE' }
    case 'required':
      return { mode: 'ANY' }
    case 'function':
      return { mode: 'ANY', allowedFunctionNames: [choice.name] }
    case 'auto':
      return isValidated ? { mode: 'VALIDATED' } : null
    default:
      return choice satisfies never
  }
}

/** Null: all tools are. */
function allowedNames({ tool_choice: choice }: ChatCompletionRequest): ReadonlySet<unknown> | null {
  if (typeof choice !== 'object' || choice?.type !== 'allowed_tools') return null
  const names = (choice.allowed_tools?.tools ?? []).map((tool) => recordOf(recordOf(tool)?.['function'])?.['name'])
  return new Set(names)
}
