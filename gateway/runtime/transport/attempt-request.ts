/** What is sent to one target: encoded from the client's untouched request, each time anew. */
import type { ProviderFailure } from '../../core/chat/failure.ts'
import type { WireRequest } from '../../core/dialects/dialect.ts'
import type { PreparedTarget } from '../reload/generations.ts'
import type { ClientRequest } from '../runtime.ts'
import type { AttemptRequest } from './attempt.ts'
import { failed } from './failures.ts'

export interface EncodedAttempt {
  readonly request: AttemptRequest
  /** Fields of the client's request that this target cannot carry. */
  readonly lost: readonly string[]
}

export function encodeAttempt(
  prepared: PreparedTarget,
  client: ClientRequest,
): EncodedAttempt | { readonly failure: ProviderFailure } {
  const { target } = prepared
  const { body } = client
  const wire = encode(prepared, client)
  if (wire === null) return { failure: failed('invalid_request', 'the request is nested too deeply') }
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
      quirks: target.encode.quirks,
    },
  }
  return { request, lost: wire.lost }
}

/** Null for a request so deep that no recursion gets through it: JSON can be parsed that cannot be written again. */
function encode({ target, dialect }: PreparedTarget, { body, source }: ClientRequest): WireRequest | null {
  try {
    return dialect.encode(body, target.encode, source)
  } catch (error) {
    if (error instanceof RangeError) return null
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
