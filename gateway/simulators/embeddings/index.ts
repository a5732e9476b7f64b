/** The embeddings APIs there are, and which one stands beside which chat. */
import type { WireName } from '../wire.ts'
import type { WireWish } from '../wires.ts'
import { bedrockManner } from './bedrock.ts'
import { cohereManner } from './cohere.ts'
import { googleManner } from './google.ts'
import type { Manner } from './manner.ts'
import { ollamaManner } from './ollama.ts'
import { mistralManner, openaiManner, voyageManner } from './openai.ts'

const manners = {
  openai: openaiManner,
  mistral: mistralManner,
  voyage: voyageManner,
  cohere: cohereManner,
  bedrock: bedrockManner,
  google: googleManner,
  ollama: ollamaManner,
} as const satisfies Record<string, Manner>

export type MannerName = keyof typeof manners

export interface EmbeddingsWish extends WireWish {
  /** Default: those of the vendor whose chat is spoken; null: none. */
  readonly embeddings?: MannerName | null
}

/** Chats with no embeddings beside them are not here. */
const beside: Readonly<Partial<Record<WireName, MannerName>>> = {
  'openai-chat': 'openai',
  'ollama-chat': 'ollama',
  'cohere-chat': 'cohere',
  'gemini-generate-content': 'google',
  'bedrock-converse': 'bedrock',
}

export function mannerFor({ embeddings, wire = 'openai-chat', style }: EmbeddingsWish): Manner | null {
  const name = embeddings === undefined ? (style === 'mistral' ? 'mistral' : beside[wire]) : embeddings
  return name === undefined || name === null ? null : manners[name]
}
