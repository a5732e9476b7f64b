/** The shortest question there is, encoded as the gateway would encode it for this target. */
import { readFields } from '../../core/chat/request-fields.ts'
import type { PreparedTarget } from '../reload/generations.ts'
import { type ChatCall, encodeAttempt } from '../transport/attempt-request.ts'
import type { Question } from './ask.ts'

const body: ChatCall['body'] = {
  model: 'check',
  messages: [{ role: 'user', content: 'Hello' }],
  max_completion_tokens: 1,
}

/** null: this version cannot ask the target anything. */
export function chatQuestion(prepare: () => PreparedTarget): Question | null {
  const source = JSON.stringify(body)
  const client = { id: 'check', body, source, rawBody: Buffer.from(source), headers: {} }
  const encoded = encodeAttempt(prepare(), client, readFields(body))
  if ('failure' in encoded) return null
  const { prepared, headers, body: text } = encoded.request
  return { method: 'POST', path: prepared.path, headers, body: text }
}
