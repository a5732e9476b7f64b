/** The conversation: who may say what after whom, and what the model can take. Run once the shape is right. */
import type { Json, Turn } from '../answers/ask.ts'
import { isJson } from '../answers/ask.ts'
import { isOwnThinking } from '../anthropic-messages/signature.ts'
import type { ModelRules } from './models.ts'
import { Refused } from './shape.ts'

export interface Message {
  readonly role: 'user' | 'assistant'
  readonly blocks: readonly Json[]
}

export function messagesOf(value: unknown): readonly Message[] {
  return listed(value).map((message) => ({
    role: message['role'] === 'assistant' ? 'assistant' : 'user',
    blocks: listed(message['content']),
  }))
}

export function listed(value: unknown): readonly Json[] {
  return (Array.isArray(value) ? value : []).filter(isJson)
}

export interface TurnContext {
  readonly rules: ModelRules
  readonly seed: number
  readonly hasTools: boolean
  /** Thinking with a budget: the one that insists on thinking blocks in a tool loop. */
  readonly hasBudget: boolean
}

/** Throws `Refused`. */
export function checkMessages(messages: readonly Message[], context: TurnContext): void {
  const { rules, hasTools } = context
  if (messages[0]?.role !== 'user') {
    throw new Refused(
      'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    )
  }
  for (const [index, message] of messages.entries()) {
    if (message.role === messages[index - 1]?.role) {
      throw new Refused(
        'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.',
      )
    }
    checkMessage(message, index, context)
  }
  const blocks = messages.flatMap((message) => message.blocks)
  if (!hasTools && blocks.some((block) => 'toolUse' in block || 'toolResult' in block)) {
    throw new Refused('The toolConfig field must be defined when using toolUse and toolResult content blocks.')
  }
  checkPairs(messages)
  if (!rules.prefill && messages.at(-1)?.role === 'assistant') {
    throw new Refused(
      'This model does not support assistant message prefill. The conversation must end with a user message.',
    )
  }
  checkNames(blocks)
  if (context.hasBudget) checkLoopThinks(messages)
}

const userOnly = ['image', 'audio', 'document', 'toolResult']
const assistantOnly = ['toolUse', 'reasoningContent']

function checkMessage({ role, blocks }: Message, index: number, { rules, seed }: TurnContext): void {
  const place = `messages.${index}`
  if (blocks.length === 0) {
    throw new Refused(
      `The content field in the Message object at ${place} is empty. Add a ContentBlock object to the content field and try again.`,
    )
  }
  for (const [at, block] of blocks.entries()) {
    const [kind = ''] = Object.keys(block)
    if ((role === 'user' ? assistantOnly : userOnly).includes(kind)) {
      throw new Refused(`${place}.content.${at}: ${kind} blocks are not allowed in ${role} messages.`)
    }
    if (typeof block['text'] === 'string' && block['text'].trim() === '') {
      throw new Refused(
        `The text field in the ContentBlock object at ${place}.content.${at} is blank. Add text to the text field, and try again.`,
      )
    }
    checkKind(kind, rules)
    checkThought(block, `${place}.content.${at}`, { rules, seed })
  }
  const hasResults = blocks.some((block) => 'toolResult' in block)
  if (!rules.mixesResults && hasResults && blocks.some((block) => !('toolResult' in block))) {
    throw new Refused(
      `${place}.content: Conversation blocks and tool result blocks cannot be provided in the same turn.`,
    )
  }
  if (blocks.some((block) => 'document' in block) && !blocks.some((block) => 'text' in block)) {
    throw new Refused(`${place}.content: A text block must be included with a document block.`)
  }
}

function checkKind(kind: string, rules: ModelRules): void {
  const unknown: Readonly<Record<string, boolean>> = {
    image: !rules.images,
    document: !rules.documents,
    audio: !rules.audio,
    cachePoint: !rules.cache,
  }
  if (unknown[kind] === true)
    throw new Refused(`This model doesn't support the ${kind} content block that you provided.`)
}

function checkThought(block: Json, path: string, { rules, seed }: Pick<TurnContext, 'rules' | 'seed'>): void {
  const thought = isJson(block['reasoningContent']) ? block['reasoningContent']['reasoningText'] : null
  if (!isJson(thought) || rules.claude === null) return
  const { text, signature } = thought
  if (isOwnThinking(seed, String(text), String(signature))) return
  throw new Refused(`The model returned the following errors: ${path}: Invalid \`signature\` in \`thinking\` block`)
}

/** Every call is answered in the next turn, all of them together, and nothing else is. */
function checkPairs(messages: readonly Message[]): void {
  for (const [index, { blocks }] of messages.entries()) {
    const asked = idsOf(blocks, 'toolUse')
    const given = idsOf(messages[index + 1]?.blocks ?? [], 'toolResult')
    if (new Set(asked).size < asked.length) throw new Refused(`messages.${index}.content: toolUse ids must be unique.`)
    const missing = asked.filter((id) => !given.includes(id))
    if (missing.length > 0 && index < messages.length) {
      throw new Refused(
        `Expected toolResult blocks at messages.${index + 1}.content for the following Ids: ${missing.join(', ')}`,
      )
    }
    if (given.length > asked.length) {
      throw new Refused(
        `The number of toolResult blocks at messages.${index + 1}.content exceeds the number of toolUse blocks of previous turn.`,
      )
    }
  }
  if (idsOf(messages[0]?.blocks ?? [], 'toolResult').length > 0) {
    throw new Refused(
      'The number of toolResult blocks at messages.0.content exceeds the number of toolUse blocks of previous turn.',
    )
  }
}

function idsOf(blocks: readonly Json[], kind: 'toolUse' | 'toolResult'): string[] {
  return blocks.flatMap((block) => (isJson(block[kind]) ? [String(block[kind]['toolUseId'])] : []))
}

function checkNames(blocks: readonly Json[]): void {
  const names = blocks.flatMap((block) => (isJson(block['document']) ? [block['document']['name']] : []))
  if (new Set(names).size < names.length) throw new Refused('Documents must have unique names.')
}

/** While a tool loop runs, its first assistant message must begin with the thinking that led to the call. */
function checkLoopThinks(messages: readonly Message[]): void {
  let first: Message | null = null
  for (const message of messages.toReversed()) {
    if (message.role === 'user' && idsOf(message.blocks, 'toolResult').length === 0) break
    if (message.role === 'assistant') first = message
  }
  if (first === null || 'reasoningContent' in (first.blocks[0] ?? {})) return
  throw new Refused(
    'The model returned the following errors: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block.',
  )
}

/** The same conversation in no vendor's language. */
export function turnsOf(system: readonly Json[], messages: readonly Message[]): readonly Turn[] {
  const turns: Turn[] = system.flatMap((block) =>
    typeof block['text'] === 'string' ? [{ role: 'system' as const, text: block['text'] }] : [],
  )
  for (const { role, blocks } of messages) {
    for (const { toolResult } of blocks) {
      if (isJson(toolResult)) turns.push({ role: 'tool', ...saidBy(listed(toolResult['content'])) })
    }
    const said = blocks.filter((block) => !('toolResult' in block) && !('cachePoint' in block))
    if (said.length > 0) turns.push({ role, ...saidBy(said) })
  }
  return turns
}

function saidBy(blocks: readonly Json[]): Omit<Turn, 'role'> {
  let text = ''
  const images: string[] = []
  const documents: string[] = []
  for (const { text: words, json, image, document, guardContent } of blocks) {
    if (typeof words === 'string') text += words
    else if (json !== undefined) text += JSON.stringify(json)
    else if (isJson(guardContent)) text += JSON.stringify(guardContent)
    else if (isJson(image)) images.push(sourceOf(image))
    else if (isJson(document)) documents.push(sourceOf(document))
  }
  return { text, images, documents }
}

/** What is in a picture or document, or where it is. */
function sourceOf({ source }: Json): string {
  if (!isJson(source)) return ''
  const { bytes, text } = source
  const found = [bytes, text].find((value) => typeof value === 'string')
  return found ?? JSON.stringify(source)
}
