/** How AWS's library speaks HTTP to those who give out credentials: over our own connections. */
import type { TokenHttp } from './token-http.ts'

interface AwsRequest {
  readonly method: string
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** Sends what the library has made of a request. Bodies of such requests are text. */
export function awsHandlerOver({ agent }: TokenHttp) {
  return {
    handle: async (request: AwsRequest, options: { readonly abortSignal?: unknown } = {}) => {
      const { method, headers, body } = request
      const reply = await agent.request({
        origin: `${request.protocol}//${request.hostname}${request.port === undefined ? '' : `:${request.port}`}`,
        path: pathOf(request),
        method: method === 'GET' || method === 'PUT' ? method : 'POST',
        headers: { ...headers },
        body: typeof body === 'string' || body instanceof Uint8Array ? body : null,
        signal: options.abortSignal instanceof AbortSignal ? options.abortSignal : null,
      })
      const told = Object.entries(reply.headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
      )
      return { response: { statusCode: reply.statusCode, headers: Object.fromEntries(told), body: reply.body } }
    },
    metadata: { handlerProtocol: 'http/1.1' },
    destroy: () => {},
  }
}

function pathOf({ path, query = {} }: AwsRequest): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of typeof value === 'string' || value === null ? [value ?? ''] : value) search.append(name, one)
  }
  return search.size === 0 ? path : `${path}?${search.toString()}`
}
