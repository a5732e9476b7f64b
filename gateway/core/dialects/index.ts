/** The registry of wire languages. A provider whose language is missing here cannot be called by this version. */
import type { DialectId, Provider } from '../providers/provider.ts'
import type { Dialect } from './dialect.ts'
import type { LossTable } from './losses.ts'
import { compileLosses, lossless } from './losses.ts'
import { openaiChat } from './openai-chat/index.ts'

export const dialects: Partial<Record<DialectId, Dialect>> = {
  'openai-chat': openaiChat,
}

const lossTables = new WeakMap<Provider, LossTable>()

/** One table for all targets of a provider: a thousand routes need not hold a thousand of them. */
export function lossTableOf(provider: Provider): LossTable {
  const known = lossTables.get(provider)
  if (known !== undefined) return known
  const dialect = provider.dialect === null ? undefined : dialects[provider.dialect]
  const table = dialect === undefined ? lossless : compileLosses(dialect, provider.quirks.losses)
  lossTables.set(provider, table)
  return table
}
