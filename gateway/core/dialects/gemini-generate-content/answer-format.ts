/** `response_format`: JSON, of a schema or any; where it may not stand beside tools, by asking for it. */
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { fitSchema } from './schema.ts'

export interface AnswerFormat {
  /** Fields of `generationConfig`. */
  readonly config: LooseRecord
  /** To be said in `systemInstruction`. */
  readonly instruction: string | null
}

const json = { responseMimeType: 'application/json' }
const free: AnswerFormat = { config: {}, instruction: null }
const jsonOnly = 'Answer with one JSON object and nothing else: no explanation, no code fence.'

export function encodeFormat(request: ChatCompletionRequest, isTaken: boolean, notes: EncodeNotes): AnswerFormat {
  const { response_format: format } = request
  if (format?.type === 'json_object') {
    if (isTaken) return { config: json, instruction: null }
    notes.approximate('response_format[json_object]')
    return { config: {}, instruction: jsonOnly }
  }
  if (format?.type !== 'json_schema') return free
  const schema = format.json_schema?.schema ?? {}
  if (!isTaken) {
    notes.approximate('response_format[json_schema]')
    const told = `${jsonOnly} It must be valid against this JSON schema:\n${JSON.stringify(schema)}`
    return { config: {}, instruction: told }
  }
  const fitted = fitSchema(schema)
  if (fitted.isLoosened) notes.approximate('response_format[json_schema]')
  const hasSchema = Object.keys(fitted.schema).length > 0
  return { config: { ...json, ...(hasSchema && { responseJsonSchema: fitted.schema }) }, instruction: null }
}
