/** Calls of the past, as a wire takes them whose tools have narrower names and whose arguments are objects. */
import type { EncodeNotes } from './encode-notes.ts'
import { parseExactJson } from './exact-json.ts'
import { isRecord } from './loose.ts'

/** Calls of the past may have names that no tool may have here; nobody looks for a tool behind them. */
export function pastCallName(name: string, longest: number, notes: EncodeNotes): string {
  if (name !== '' && name.length <= longest && /^[a-zA-Z0-9_-]+$/.test(name)) return name
  notes.approximate('messages[].tool_calls')
  return name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, longest)
}

/** The API takes an object only; a model's words that are none are handed back as words. */
export function pastCallInput(text: string, notes: EncodeNotes): unknown {
  if (text.trim() === '') return {}
  const input = parseExactJson(text)
  if (isRecord(input)) return input
  notes.approximate('messages[].tool_calls')
  return { arguments: text }
}
