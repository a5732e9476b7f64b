/**
 * What of a provider's chat API was recorded from life and could be used to check this project. The recordings are not
 * part of the repository; `test/recorded/provider-recordings.test.ts` holds this table against them where they are. What
 * was typed by hand, or framed anew, counts for nothing here.
 */
import type { ProviderId } from '../../../schemas/index.ts'

/**
 * - exchanges: live calls, each with its request and its reply;
 * - replies: replies only, so that nothing is known of what the provider takes;
 * - none: everything rests on what the vendor, or its users, have written.
 */
export type Recordings = 'exchanges' | 'replies' | 'none'

const recorded: Partial<Record<ProviderId, Recordings>> = {
  openai: 'exchanges',
  'azure-openai': 'exchanges',
  anthropic: 'exchanges',
  bedrock: 'exchanges',
  vertex: 'exchanges',
  cohere: 'exchanges',
  mistral: 'exchanges',
  deepseek: 'exchanges',
  groq: 'exchanges',
  moonshot: 'replies',
  'qwen-dashscope': 'replies',
  ollama: 'exchanges',
  gemini: 'exchanges',
  xai: 'replies',
  openrouter: 'exchanges',
  together: 'exchanges',
  perplexity: 'exchanges',
}

export function recordingsOf(id: ProviderId): Recordings {
  return recorded[id] ?? 'none'
}

const recordedEmbeddings: Partial<Record<ProviderId, Recordings>> = {
  openai: 'exchanges',
  'azure-openai': 'exchanges',
  vertex: 'exchanges',
  cohere: 'exchanges',
  mistral: 'exchanges',
  ollama: 'replies',
  voyage: 'exchanges',
  gemini: 'exchanges',
  openrouter: 'exchanges',
}

/** The same of its embeddings. */
export function embeddingsRecordingsOf(id: ProviderId): Recordings {
  return recordedEmbeddings[id] ?? 'none'
}
