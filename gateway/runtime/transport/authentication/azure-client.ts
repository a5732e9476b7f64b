/** How Microsoft's library speaks HTTP to those who give out tokens: over our own connections. */
import type { TokenCredentialOptions } from '@azure/identity'
import type { TokenHttp } from './token-http.ts'

type HttpClient = NonNullable<TokenCredentialOptions['httpClient']>
type PipelineRequest = Parameters<HttpClient['sendRequest']>[0]
type PipelineHeaders = PipelineRequest['headers']

/** Requests of this library have bodies of text, and want their answers as text. */
export function azureClientOver({ agent, direct }: TokenHttp): HttpClient {
  return {
    sendRequest: async (request) => {
      const { method, headers, body } = request
      const url = new URL(request.url)
      const reply = await (isOfThisMachine(url) ? direct : agent).request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers: headers.toJSON({ preserveCase: true }),
        body: typeof body === 'string' ? body : null,
      })
      const bodyAsText = await reply.body.text()
      return { request, status: reply.statusCode, headers: headersFrom(reply.headers), bodyAsText }
    },
  }
}

/** Who gives out the identity of a machine is on it, or on its own link. */
function isOfThisMachine({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && /^(?:169\.254\.|127\.|localhost$|\[::1\]$)/.test(hostname)
}

function headersFrom(received: Readonly<Record<string, string | string[] | undefined>>): PipelineHeaders {
  const headers = new Headers()
  for (const [name, value] of Object.entries(received)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one)
  }
  return {
    get: (name) => headers.get(name) ?? undefined,
    has: (name) => headers.has(name),
    set: (name, value) => headers.set(name, String(value)),
    delete: (name) => headers.delete(name),
    toJSON: () => Object.fromEntries(headers),
    [Symbol.iterator]: () => headers[Symbol.iterator](),
  }
}
