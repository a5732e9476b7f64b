/** The wires there are, by name. */
import { withClaude } from './anthropic-messages/on-vertex.ts'
import { anthropicMessages } from './anthropic-messages/wire.ts'
import { bedrockConverse } from './bedrock-converse/wire.ts'
import { cohereChat } from './cohere-chat/wire.ts'
import { geminiGenerateContent } from './gemini-generate-content/wire.ts'
import { ollamaChat } from './ollama-chat/wire.ts'
import type { Style, StyleName } from './openai-chat/styles.ts'
import { styles } from './openai-chat/styles.ts'
import { openaiChat } from './openai-chat/wire.ts'
import type { Wire, WireName } from './wire.ts'

export interface WireWish {
  /** Default: `openai-chat`. */
  readonly wire?: WireName
  /** A named style, or one of your own (`{...styles.openai, toolIndex: false}`). Only OpenAI's wire has any. */
  readonly style?: StyleName | Style
}

/** Those beside OpenAI's, which has styles. */
const others: Readonly<Record<Exclude<WireName, 'openai-chat'>, () => Wire>> = {
  'anthropic-messages': anthropicMessages,
  'bedrock-converse': bedrockConverse,
  'gemini-generate-content': () => withClaude(geminiGenerateContent(), anthropicMessages()),
  'ollama-chat': ollamaChat,
  'cohere-chat': cohereChat,
}

export function isWireName(name: string): name is WireName {
  return name === 'openai-chat' || Object.hasOwn(others, name)
}

export function wireFor({ wire = 'openai-chat', style }: WireWish): Wire {
  if (wire === 'openai-chat') return openaiChat(typeof style === 'object' ? style : styles[style ?? 'openai'])
  if (style !== undefined) throw new Error(`styles are of the openai-chat wire; ${wire} has none: leave style out`)
  return others[wire]()
}
