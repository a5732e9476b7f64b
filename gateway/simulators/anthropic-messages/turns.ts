/**
 * The conversation: who may say what after whom. Run once the shape is known to be right; what is wrong is told with
 * the API's own words (from refusals that users reported, 2024 to 2026; searched 2026-11-23).
 */
import type { Json, Turn } from '../answers/ask.ts'
import { isJson } from '../answers/ask.ts'
import type { ModelRules } from './models.ts'
import type { Version } from './request.ts'
import { Refused, refuse } from './shape.ts'
import { isOwnRedacted, isOwnThinking } from './signature.ts'

export interface Message {
  readonly role: 'user' | 'assistant' | 'system'
  readonly blocks: readonly Json[]
}

export function messagesOf(value: unknown): readonly Message[] {
  return (Array.isArray(value) ? value : []).filter(isJson).map((message) => {
    const role = message['role']
    return { role: role === 'assistant' || role === 'system' ? role : 'user', blocks: blocksOf(message['content']) }
  })
}

export function blocksOf(content: unknown): readonly Json[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  return Array.isArray(content) ? content.filter(isJson) : []
}

export interface TurnRules {
  readonly model: ModelRules
  /** Extended thinking in its manual mode: the one that insists on thinking blocks in a tool loop. */
  readonly insistsOnThinking: boolean
  readonly seed: number
  readonly version: Version
}

/** Throws `Refused`. */
export function checkMessages(messages: readonly Message[], rules: TurnRules): void {
  if (messages.length === 0) throw new Refused('messages: at least one message is required')
  if (messages[0]?.role !== 'user') throw new Refused('messages: first message must use the "user" role')
  for (const [index, message] of messages.entries()) {
    checkMessage(message, index, rules)
    checkSystemTurn(messages, index, rules.model)
    if (message.blocks.length === 0 && !(message.role === 'assistant' && index === messages.length - 1)) {
      refuse(
        `messages.${index}`,
        'all messages must have non-empty content except for the optional final assistant message',
      )
    }
  }
  checkToolPairs(messages)
  checkPrefill(messages, rules.model)
  if (rules.insistsOnThinking) checkLoopThinks(messages)
}

/** Which blocks only one role may have. */
const rolesOf: Readonly<Record<string, Message['role']>> = {
  tool_use: 'assistant',
  thinking: 'assistant',
  redacted_thinking: 'assistant',
  tool_result: 'user',
  image: 'user',
}

function checkMessage({ role, blocks }: Message, index: number, { seed, version }: TurnRules): void {
  for (const [at, block] of blocks.entries()) {
    const path = `messages.${index}.content.${at}`
    const type = String(block['type'])
    const owner = rolesOf[type]
    if (owner !== undefined && owner !== role) refuse(path, `\`${type}\` blocks can only be in \`${owner}\` messages`)
    if (version !== '2023-06-01') checkNewer(role, block, path)
    if (type === 'text') checkText(block, 'messages')
    if (type === 'thinking' && !isOwnThinking(seed, String(block['thinking']), String(block['signature']))) {
      refuse(path, 'Invalid `signature` in `thinking` block')
    }
    if (type === 'redacted_thinking' && !isOwnRedacted(seed, String(block['data']))) {
      refuse(path, 'Invalid `data` in `redacted_thinking` block')
    }
    if (type === 'tool_result')
      for (const part of blocksOf(block['content'])) if (part['type'] === 'text') checkText(part, path)
  }
}

/** What the version 2026-10-21 refuses and the one before took. */
function checkNewer(role: Message['role'], block: Json, path: string): void {
  if (role === 'assistant' && block['type'] === 'document') {
    refuse(path, '`document` blocks can only be in `user` messages')
  }
  for (const part of [block, ...blocksOf(block['content'])]) {
    const { citations } = part
    if (role !== 'user' || part['type'] !== 'text' || !Array.isArray(citations) || citations.length === 0) continue
    refuse(`${path}.text.citations`, '`citations` are not permitted on `text` blocks in `user` messages')
  }
}

export function checkText(block: Json, path: string): void {
  const words = String(block['text'])
  if (words === '') refuse(path, 'text content blocks must be non-empty')
  if (words.trim() === '') refuse(path, 'text content blocks must contain non-whitespace text')
}

function checkSystemTurn(messages: readonly Message[], index: number, rules: ModelRules): void {
  if (messages[index]?.role !== 'system') return
  if (!rules.systemTurns) refuse(`messages.${index}`, "role 'system' is not supported on this model")
  if (messages[index - 1]?.role !== 'user')
    refuse(`messages.${index}`, "a 'system' message must follow a 'user' message")
}

function idsOf(message: Message | undefined, type: string, key: string): readonly string[] {
  return (message?.blocks ?? []).filter((block) => block['type'] === type).map((block) => String(block[key]))
}

/** Every call is answered at the start of the very next message, every answer belongs to a call just before. */
function checkToolPairs(messages: readonly Message[]): void {
  const seen = new Set<string>()
  for (const [index, message] of messages.entries()) {
    const calls = idsOf(message, 'tool_use', 'id')
    for (const id of calls) {
      if (seen.has(id)) throw new Refused('messages: `tool_use` ids must be unique')
      seen.add(id)
    }
    const next = messages[index + 1]
    const firstOther = next?.blocks.findIndex((block) => block['type'] !== 'tool_result') ?? 0
    const answered = new Set(
      (firstOther < 0 ? (next?.blocks ?? []) : (next?.blocks.slice(0, firstOther) ?? [])).map(
        (block) => block['tool_use_id'],
      ),
    )
    const unanswered = calls.filter((id) => !answered.has(id))
    if (unanswered.length > 0) {
      refuse(
        `messages.${index}`,
        `\`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${unanswered.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
      )
    }
    checkResults(messages, index)
  }
}

function checkResults(messages: readonly Message[], index: number): void {
  const asked = new Set(idsOf(messages[index - 1], 'tool_use', 'id'))
  const given = new Set<string>()
  for (const [at, block] of (messages[index]?.blocks ?? []).entries()) {
    if (block['type'] !== 'tool_result') continue
    const id = String(block['tool_use_id'])
    const path = `messages.${index}.content.${at}`
    if (!asked.has(id)) {
      refuse(
        path,
        `unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
      )
    }
    if (given.has(id)) {
      refuse(path, `each \`tool_use\` must have a single result. Found multiple \`tool_result\` blocks with id: ${id}`)
    }
    given.add(id)
  }
}

function checkPrefill(messages: readonly Message[], rules: ModelRules): void {
  const last = messages.at(-1)
  if (last?.role !== 'assistant') return
  if (!rules.prefill) {
    throw new Refused(
      'This model does not support assistant message prefill. The conversation must end with a user message.',
    )
  }
  const words = last.blocks.at(-1)?.['text']
  if (typeof words === 'string' && words.trimEnd() !== words) {
    throw new Refused('messages: final assistant content cannot end with trailing whitespace')
  }
}

/** While a tool loop runs, its first assistant message must begin with the thinking that led to the call. */
function checkLoopThinks(messages: readonly Message[]): void {
  let start = -1
  for (let index = messages.length - 1; index > 0; index -= 2) {
    if (idsOf(messages[index], 'tool_result', 'tool_use_id').length === 0) break
    start = index - 1
  }
  const first = messages[start]?.blocks[0]?.['type']
  if (start < 0 || first === 'thinking' || first === 'redacted_thinking') return
  refuse(
    `messages.${start}.content.0.type`,
    `Expected \`thinking\` or \`redacted_thinking\`, but found \`${String(first)}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks). To avoid this requirement, disable \`thinking\`.`,
  )
}

/** The same conversation in no vendor's language. */
export function turnsOf(system: readonly Json[], messages: readonly Message[]): readonly Turn[] {
  const turns: Turn[] = system.map((block) => ({ role: 'system', text: String(block['text']) }))
  for (const { role, blocks } of messages) {
    for (const block of blocks) {
      if (block['type'] === 'tool_result') turns.push({ role: 'tool', ...saidBy(blocksOf(block['content'])) })
    }
    const said = blocks.filter((block) => block['type'] !== 'tool_result')
    if (said.length > 0) turns.push({ role, ...saidBy(said) })
  }
  return turns
}

function saidBy(blocks: readonly Json[]): Omit<Turn, 'role'> {
  let text = ''
  const images: string[] = []
  const documents: string[] = []
  for (const block of blocks) {
    if (block['type'] === 'text') text += String(block['text'])
    else if (block['type'] === 'image') images.push(sourceOf(block))
    else if (block['type'] === 'document') documents.push(sourceOf(block))
  }
  return { text, images, documents }
}

/** What is in a picture or document, or where it is. */
function sourceOf({ source }: Json): string {
  if (!isJson(source)) return ''
  const { data, url, file_id: file, content } = source
  const found = [data, url, file, content].find((value) => typeof value === 'string')
  return found === undefined ? JSON.stringify(content ?? '') : found
}
