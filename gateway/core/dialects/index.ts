/** The registry of wire languages. A provider whose language is missing here cannot be called by this version. */
import type { DialectId } from '../providers/provider.ts'
import type { Dialect } from './dialect.ts'
import { openaiChat } from './openai-chat/index.ts'

export const dialects: Partial<Record<DialectId, Dialect>> = {
  'openai-chat': openaiChat,
}
