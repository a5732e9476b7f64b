/** What a chat request sends to one target: encoded from the client's untouched request, each time anew. */
import type { ChatCompletionRequest } from '../../../schemas/index.ts'
import type { ProviderFailure } from '../../core/chat/failure.ts'
import type { DecodeContext, Dialect, WireRequest } from '../../core/dialects/dialect.ts'
import { encodeRequest } from '../../core/dialects/encode-request.ts'
import { ChatReader } from '../operations/chat-reader.ts'
import type { CallerRequest, EncodedAttempt } from '../operations/operation.ts'
import type { PreparedTarget } from '../reload/generations.ts'
import { failed } from './failures.ts'

/** A caller's request for a chat. */
export interface ChatCall extends CallerRequest {
  readonly body: ChatCompletionRequest
  /** The text `body` was parsed from. */
  readonly source: string
}

/** `fields` are those of the request's features. */
export function encodeAttempt(
  prepared: PreparedTarget,
  client: ChatCall,
  fields: readonly string[],
): EncodedAttempt | { readonly failure: ProviderFailure } {
  const { target, dialect } = prepared
  const { body } = client
  if (dialect === null) throw new Error(`${target.id} has no chat, and was asked for one`)
  const encoded = encode({ target, dialect }, client, fields)
  if ('failure' in encoded) return encoded
  const { wire, lost } = encoded
  const stream = body.stream === true
  const context: DecodeContext = {
    fallbackId: `chatcmpl-${client.id}`,
    createdSeconds: Math.floor(Date.now() / 1000),
    model: target.model,
    includeUsage: body.stream_options?.include_usage === true,
    ...(typeof body.n === 'number' && { choices: body.n }),
    ...(wire.answerTool !== undefined && { answerTool: wire.answerTool }),
    ...(wire.legacyCalls === true && { legacyCalls: wire.legacyCalls }),
    quirks: target.encode.quirks,
  }
  const request = {
    prepared,
    path: stream && wire.asWhole !== true ? prepared.streamPath : prepared.path,
    headers: headersFor(prepared, client, wire.headers),
    body: bodyOf(wire, client),
    reader: new ChatReader(dialect, context, stream),
  }
  return { request, lost }
}

/** Some JSON can be parsed that cannot be written again: no recursion gets through a request as deep as that. */
function encode(
  { target, dialect }: Pick<PreparedTarget, 'target'> & { readonly dialect: Dialect },
  { body: request, source }: ChatCall,
  fields: readonly string[],
): ReturnType<typeof encodeRequest> {
  try {
    return encodeRequest(dialect, { request, fields, source }, target.encode)
  } catch (error) {
    if (error instanceof RangeError) return { failure: failed('invalid_request', 'the request is nested too deeply') }
    throw error
  }
}

/** The callers' headers that a connection asks for; no other header of theirs ever travels to a provider. */
function forwarded(names: readonly string[], client: Pick<CallerRequest, 'headers'>): string[] {
  const headers: string[] = []
  for (const name of names) {
    const value = client.headers[name.toLowerCase()]
    if (typeof value === 'string') headers.push(name, value)
  }
  return headers
}

function bodyOf({ body, sourceFrom }: WireRequest, client: ChatCall): string | Uint8Array {
  if (sourceFrom === null) return body
  return Buffer.concat([Buffer.from(body), client.rawBody.subarray(sourceFrom)])
}

/** `own`: those the wire language demands. Name, value, name, value … */
export function headersFor(
  { headers, target }: PreparedTarget,
  client: Pick<CallerRequest, 'headers'>,
  own: WireRequest['headers'],
): readonly string[] {
  const extra = forwarded(target.connection.forwardHeaders, client)
  if (own === null && extra.length === 0) return headers
  return [...headers, ...Object.entries(own ?? {}).flat(), ...extra]
}
