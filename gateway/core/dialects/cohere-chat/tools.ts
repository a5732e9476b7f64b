/** Tools and the choice between them. */
import type { ChatCompletionRequest, RequestFunction } from '../../../../schemas/index.ts'
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import { recordOf } from '../../chat/loose.ts'
import type { ToolChoice } from '../../chat/tool-choice.ts'
import { allowedTools, readToolChoice } from '../../chat/tool-choice.ts'
import type { ModelTraits } from './models.ts'
import { encodeToolName } from './tool-names.ts'

interface WireTool {
  readonly type: 'function'
  readonly function: { readonly name: string; readonly description?: string; readonly parameters: object }
}

export interface EncodedTools {
  readonly tools?: readonly WireTool[]
  readonly tool_choice?: 'NONE' | 'REQUIRED'
  readonly strict_tools?: true
}

/**
 * A choice is `REQUIRED`, `NONE` or nothing, so one of certain tools is made by sending no others. Models before
 * `tool_choice` are sent no tools where none may be called.
 */
export function encodeTools(request: ChatCompletionRequest, traits: ModelTraits, notes: EncodeNotes): EncodedTools {
  const given = declaredIn(request)
  const choice = readToolChoice(request)
  const allowed = namesLeft(request, choice)
  const sent: RequestFunction[] = given.filter(({ name }) => allowed === null || allowed.has(name))
  if (given.length === 0) return {}
  if (sent.length === 0) {
    notes.reject(usesOlderCalls(request) ? 'function_call' : 'tool_choice', 'it names no tool of the request')
    return {}
  }
  if (choice.type === 'none' && !traits.choosesTools) return {}
  return {
    tools: sent.map((declared) => encodeTool(declared, notes)),
    ...(traits.choosesTools && wordOf(choice)),
    ...(traits.strictTools && isStrict(request, sent, notes) && { strict_tools: true as const }),
  }
}

function wordOf({ type }: ToolChoice): Pick<EncodedTools, 'tool_choice'> {
  if (type === 'none') return { tool_choice: 'NONE' }
  return type === 'auto' ? {} : { tool_choice: 'REQUIRED' }
}

function namesLeft(request: ChatCompletionRequest, choice: ToolChoice): ReadonlySet<unknown> | null {
  return choice.type === 'tool' ? new Set([choice.name]) : allowedTools(request)
}

function declaredIn({ tools, functions }: ChatCompletionRequest): RequestFunction[] {
  return [...(tools ?? []).map((tool) => tool.function), ...(functions ?? [])].filter((tool) => tool !== undefined)
}

/** The caller declared its tools in the older form, and can only read calls in that form. */
export function usesOlderCalls({ functions, tools }: ChatCompletionRequest): boolean {
  return (functions?.length ?? 0) > 0 && (tools?.length ?? 0) === 0
}

/** The parameters are demanded, as an object. */
function encodeTool({ name, description, parameters }: RequestFunction, notes: EncodeNotes): WireTool {
  const spelt = encodeToolName(name)
  if (spelt === null) notes.refuse('tools', `names have letters, digits and _, unlike ${JSON.stringify(name)}`)
  return {
    type: 'function',
    function: {
      name: spelt ?? name,
      ...(typeof description === 'string' && { description }),
      parameters: { type: 'object', properties: {}, ...recordOf(parameters) },
    },
  }
}

// ---- strict tools ----

/** "You can define a maximum of 200 fields across all tools" (https://docs.cohere.com/docs/structured-outputs, 2026-11-24). */
const mostFields = 200

/** It holds for all tools at once, and a tool without a required argument is an error then (same page). */
function isStrict(request: ChatCompletionRequest, sent: readonly RequestFunction[], notes: EncodeNotes): boolean {
  if (request['strict_tools'] !== undefined) return false
  const asked = sent.some(({ strict }) => strict === true)
  if (!asked) return false
  const fields = sent.reduce((count, { parameters }) => count + namesIn(recordOf(parameters)?.['properties']), 0)
  const fits = sent.every(({ parameters }) => namesIn(recordOf(parameters)?.['required']) > 0) && fields <= mostFields
  if (!fits) notes.leaveOut('tools[].strict')
  return fits
}

function namesIn(value: unknown): number {
  return Array.isArray(value) ? value.length : Object.keys(recordOf(value) ?? {}).length
}
