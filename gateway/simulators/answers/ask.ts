/**
 * What a request asks for, whichever wire it came over. Each wire reads its own language into this, as strictly as the
 * vendor does; what is answered follows from here on, so the same conversation gets the same answer on every wire.
 */
import { hashText } from '../draw.ts'

export type Json = Readonly<Record<string, unknown>>

export interface AskedTool {
  readonly name: string
  readonly parameters: Json | null
}

export interface Ask {
  readonly model: string
  readonly stream: boolean
  readonly choices: number
  /** Of text and reasoning together; null: no limit. */
  readonly maxTokens: number | null
  readonly stop: readonly string[]
  readonly tools: readonly AskedTool[]
  /** Tools to be called: forced by the request, or mentioned in the last user message. */
  readonly calls: readonly AskedTool[]
  /** text: prose. json: any object. A schema: a value that fits it. */
  readonly format: { readonly kind: 'text' | 'json' } | { readonly kind: 'schema'; readonly schema: unknown }
  /** asked: always there, made up if need be. allowed: where a reply scripts it. off: never. */
  readonly reasoning: 'asked' | 'allowed' | 'off'
  readonly conversation: Conversation
}

export interface Turn {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly text: string
  /** Addresses, or base64 without anything around it. */
  readonly images?: readonly string[]
  /** Their text, as far as it is text. */
  readonly documents?: readonly string[]
}

export interface Conversation {
  readonly characters: number
  /** The same for the same conversation on any wire: white space and the borders between messages do not count. */
  readonly hash: number
  /** The user's last words, over several messages if they follow each other; null when another role spoke last. */
  readonly lastUserText: string | null
  /** Text of the last message when it is a tool's result; the answer quotes it. */
  readonly toolResult: string | null
  /** In the user's last words. */
  readonly images: number
  readonly documents: number
}

/** About 85 tokens, what vendors charge for a small image. */
const charactersOfImage = 340

export function readConversation(turns: readonly Turn[]): Conversation {
  let characters = 0
  const pieces: string[] = []
  for (const { text, images = [], documents = [] } of turns) {
    for (const piece of [text, ...documents]) characters += piece.length
    characters += images.length * charactersOfImage
    pieces.push(text, ...images, ...documents)
  }
  const last = turns.at(-1)
  const lastOther = turns.findLastIndex(({ role }) => role !== 'user')
  const trailing = turns.slice(lastOther + 1)
  return {
    characters,
    hash: hashText(pieces.map(withoutSpace).join('')),
    lastUserText: trailing.length === 0 ? null : trailing.map(({ text }) => text).join('\n'),
    toolResult: last?.role === 'tool' ? last.text : null,
    images: trailing.reduce((count, { images = [] }) => count + images.length, 0),
    documents: trailing.reduce((count, { documents = [] }) => count + documents.length, 0),
  }
}

/** A long text is known by its ends: a 50 kB prompt must not cost more than a short one. */
const longText = 8_192

function withoutSpace(text: string): string {
  if (text.length <= longText) return text.replaceAll(/\s+/g, '')
  return `${text.slice(0, longText / 2)}${text.slice(-longText / 2)}`.replaceAll(/\s+/g, '')
}

export interface ToolWish {
  /** none: no call. auto: those that are mentioned. any: one at least. A tool: that one. */
  readonly choice: 'none' | 'auto' | 'any' | AskedTool
  readonly parallel: boolean
}

/** Which tools the simulator calls: what the request forces, else those the last user message speaks of by name. */
export function chooseCalls(
  tools: readonly AskedTool[],
  { choice, parallel }: ToolWish,
  lastUserText: string | null,
): readonly AskedTool[] {
  if (choice === 'none') return []
  if (typeof choice === 'object') return [choice]
  const said = plainWords(lastUserText ?? '')
  const mentioned = tools.filter((tool) => said.includes(plainWords(tool.name)))
  const called = mentioned.length === 0 && choice === 'any' ? tools.slice(0, 1) : mentioned
  return parallel ? called : called.slice(0, 1)
}

function plainWords(text: string): string {
  return text.toLowerCase().replaceAll('_', ' ')
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
