/** What is sent to one target: encoded from the client's untouched request, each time anew. */
import type { ProviderFailure } from '../../core/chat/failure.ts'
import type { WireRequest } from '../../core/dialects/dialect.ts'
import { encodeRequest } from '../../core/dialects/encode-request.ts'
import type { PreparedTarget } from '../reload/generations.ts'
import type { ClientRequest } from '../runtime.ts'
import type { AttemptRequest } from './attempt.ts'
import { failed } from './failures.ts'

export interface EncodedAttempt {
  readonly request: AttemptRequest
  /** Parts of the client's request that this target cannot carry as they are (see `EncodedRequest`). */
  readonly lost: readonly string[]
}

/** `fields` are those of the request's features. */
export function encodeAttempt(
  prepared: PreparedTarget,
  client: ClientRequest,
  fields: readonly string[],
): EncodedAttempt | { readonly failure: ProviderFailure } {
  const { target } = prepared
  const { body } = client
  const encoded = encode(prepared, client, fields)
  if ('failure' in encoded) return encoded
  const { wire, lost } = encoded
  const request: AttemptRequest = {
    prepared,
    headers: headersFor(prepared.headers, wire, forwarded(target.connection.forwardHeaders, client)),
    body: bodyOf(wire, client),
    stream: body.stream === true,
    context: {
      fallbackId: `chatcmpl-${client.id}`,
      createdSeconds: Math.floor(Date.now() / 1000),
      model: target.model,
      includeUsage: body.stream_options?.include_usage === true,
      ...(typeof body.n === 'number' && { choices: body.n }),
      ...(wire.answerTool !== undefined && { answerTool: wire.answerTool }),
      ...(wire.legacyCalls === true && { legacyCalls: wire.legacyCalls }),
      quirks: target.encode.quirks,
    },
  }
  return { request, lost }
}

/** Some JSON can be parsed that cannot be written again: no recursion gets through a request as deep as that. */
function encode(
  { target, dialect }: PreparedTarget,
  { body: request, source }: ClientRequest,
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
function forwarded(names: readonly string[], client: ClientRequest): string[] {
  const headers: string[] = []
  for (const name of names) {
    const value = client.headers[name.toLowerCase()]
    if (typeof value === 'string') headers.push(name, value)
  }
  return headers
}

function bodyOf({ body, sourceFrom }: WireRequest, client: ClientRequest): string | Uint8Array {
  if (sourceFrom === null) return body
  return Buffer.concat([Buffer.from(body), client.rawBody.subarray(sourceFrom)])
}

function headersFor(prepared: readonly string[], wire: WireRequest, extra: readonly string[]): readonly string[] {
  if (wire.headers === null && extra.length === 0) return prepared
  return [...prepared, ...Object.entries(wire.headers ?? {}).flat(), ...extra]
}
