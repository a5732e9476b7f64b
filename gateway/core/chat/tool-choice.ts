/** The choice between tools, in whichever of its forms the caller gave it. */
import type { ChatCompletionRequest } from '../../../schemas/index.ts'
import { recordOf, textOf } from './loose.ts'

/** What the model may call and must call. */
export type ToolChoice = { readonly type: 'auto' | 'any' | 'none' } | { readonly type: 'tool'; readonly name: string }

export function readToolChoice({
  tool_choice: choice,
  function_call: older,
  tools,
}: ChatCompletionRequest): ToolChoice {
  if (choice === undefined || choice === null) {
    const isOlder = older !== undefined && older !== null && (tools?.length ?? 0) === 0
    return isOlder
      ? chosen(typeof older === 'string' ? older : 'function', typeof older === 'string' ? null : older.name)
      : { type: 'auto' }
  }
  if (typeof choice === 'string') return chosen(choice, null)
  if (choice.type === 'allowed_tools') return chosen(choice.allowed_tools?.mode ?? 'auto', null)
  return chosen(choice.type, choice.function?.name ?? textOf(choice['name']))
}

function chosen(word: string, name: string | null): ToolChoice {
  if (word === 'none') return { type: 'none' }
  if (word === 'required') return { type: 'any' }
  // Without a name it names no tool of the request, and is refused as such.
  return word === 'function' ? { type: 'tool', name: name ?? '' } : { type: 'auto' }
}

/** Names of the tools that may be called, where only some may; null: all. */
export function allowedTools({ tool_choice: choice }: ChatCompletionRequest): ReadonlySet<unknown> | null {
  if (typeof choice !== 'object' || choice?.type !== 'allowed_tools') return null
  const names = (choice.allowed_tools?.tools ?? []).map((tool) => recordOf(recordOf(tool)?.['function'])?.['name'])
  return new Set(names)
}

/** Is the model to be made to call something? */
export function isForced({ type }: ToolChoice): boolean {
  return type === 'any' || type === 'tool'
}

/** What is said to a model that cannot be forced. */
export function forcingInstruction(choice: ToolChoice): string {
  return choice.type === 'tool'
    ? `Answer with a call of the tool "${choice.name}" and nothing else.`
    : 'Answer with a call of at least one of your tools.'
}
