/** The shortest questions there are, encoded as the gateway would encode them for this target. */
import { readFields } from '../../core/chat/request-fields.ts'
import { dialects } from '../../core/dialects/index.ts'
import { readEmbeddingsShape } from '../../core/embeddings/features.ts'
import type { CompiledTarget } from '../../core/routing/table.ts'
import { EmbeddingsOperation } from '../operations/embeddings.ts'
import type { EncodedAttempt } from '../operations/operation.ts'
import type { PreparedTarget } from '../reload/generations.ts'
import type { OutgoingCall } from '../transport/authentication/authenticator.ts'
import { type ChatCall, encodeAttempt } from '../transport/attempt-request.ts'

const chat: ChatCall['body'] = {
  model: 'check',
  messages: [{ role: 'user', content: 'Hello' }],
  max_completion_tokens: 1,
}
const embedding = { model: 'check', input: 'Hello' }

/** null: this version cannot ask the target anything. */
export function questionFor(target: CompiledTarget, prepare: () => PreparedTarget): OutgoingCall | null {
  if (target.dialect !== null && dialects[target.dialect] === undefined) return null
  const encoded = isForEmbeddings(target) ? encodeEmbedding(prepare()) : encodeChat(prepare())
  if (encoded === null || 'failure' in encoded) return null
  const { path, headers, body } = encoded.request
  return { method: 'POST', path, headers, body }
}

/** Models for embeddings would refuse to chat. All there are call themselves so. */
export function isForEmbeddings({ model, dialect, embeddings }: CompiledTarget): boolean {
  return embeddings !== null && (dialect === null || /embed/i.test(model))
}

function encodeChat(prepared: PreparedTarget): EncodedAttempt | { readonly failure: unknown } | null {
  if (prepared.dialect === null) return null
  return encodeAttempt(prepared, { ...callerOf(chat), body: chat }, readFields(chat))
}

function encodeEmbedding(prepared: PreparedTarget): EncodedAttempt | { readonly failure: unknown } | null {
  const shape = readEmbeddingsShape(embedding)
  if (shape === null) return null
  const operation = new EmbeddingsOperation(embedding)
  const caller = { credential: null, organization: null, project: null }
  const client = { ...callerOf(embedding), correlationId: null, caller, operation }
  return operation.encode(prepared, client, shape.features)
}

function callerOf(body: object): Pick<ChatCall, 'id' | 'source' | 'rawBody' | 'headers'> {
  const source = JSON.stringify(body)
  return { id: 'check', source, rawBody: Buffer.from(source), headers: {} }
}
