/** The registry of wire languages. A provider whose language is missing here cannot be called by this version. */
import { type ChatWire, type DialectId, type Provider, chatWireOf } from '../providers/provider.ts'
import { anthropicMessages } from './anthropic-messages/index.ts'
import { bedrockConverse } from './bedrock-converse/index.ts'
import { cohereChat } from './cohere-chat/index.ts'
import type { Dialect } from './dialect.ts'
import type { LossTable, OwnLosses } from './losses.ts'
import { compileLosses, lossless } from './losses.ts'
import { geminiGenerateContent } from './gemini-generate-content/index.ts'
import { ollamaChat } from './ollama-chat/index.ts'
import { openaiChat } from './openai-chat/index.ts'

export const dialects: Partial<Record<DialectId, Dialect>> = {
  'openai-chat': openaiChat,
  'anthropic-messages': anthropicMessages,
  'bedrock-converse': bedrockConverse,
  'cohere-chat': cohereChat,
  'gemini-generate-content': geminiGenerateContent,
  'ollama-chat': ollamaChat,
}

/** By provider, or the wire of some of its models, then by the rows that its language has for the model. */
const lossTables = new WeakMap<ChatWire, Map<OwnLosses, LossTable>>()
const sameForAll: OwnLosses = {}

/**
 * One table for all targets of a provider with alike models: a thousand routes need not hold a thousand of them. Without
 * a model it is what the language says of models at large.
 */
export function lossTableOf(provider: Provider, model: string | null = null): LossTable {
  const wire = chatWireOf(provider, model)
  const dialect = wire.dialect === null ? undefined : dialects[wire.dialect]
  if (dialect === undefined) return lossless
  const ofModel = (model === null ? undefined : dialect.modelLosses?.(model)) ?? sameForAll
  const tables = lossTables.get(wire) ?? new Map<OwnLosses, LossTable>()
  lossTables.set(wire, tables)
  const known = tables.get(ofModel)
  if (known !== undefined) return known
  const table = compileLosses(dialect, { ...ofModel, ...wire.quirks.losses })
  tables.set(ofModel, table)
  return table
}
