/**
 * Claude as Vertex AI serves it: Anthropic's language at Google's paths, with the model in the path and the version in
 * the body. What is asked so is passed on to a simulator of Anthropic; what is not is refused.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface VertexBridge {
  /** The origin. */
  readonly url: string
  close(): Promise<void>
}

const path =
  /^\/v1\/projects\/[^/]+\/locations\/[^/]+\/publishers\/anthropic\/models\/([^/:]+):(rawPredict|streamRawPredict)$/

export async function startVertexBridge(simulatorUrl: string): Promise<VertexBridge> {
  const server = createServer((incoming, response) => void serve(incoming, response, simulatorUrl))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server has an address and a port once it listens.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

async function serve(incoming: IncomingMessage, response: ServerResponse, simulatorUrl: string): Promise<void> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  const passed = translate(incoming, Buffer.concat(parts).toString())
  if ('refused' in passed) {
    response.writeHead(400, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: { code: 400, message: passed.refused, status: 'INVALID_ARGUMENT' } }))
    return
  }
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(passed.body),
    'anthropic-version': '2023-06-01',
    'x-api-key': 'sk-simulated',
  }
  const onward = request(`${simulatorUrl}/v1/messages`, { method: 'POST', headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers)
    answer.pipe(response)
    // A cut here is a cut there.
    answer.on('close', () => answer.complete || response.destroy())
  })
  onward.on('error', () => response.destroy())
  onward.end(passed.body)
}

function translate(
  { method, url = '', headers }: IncomingMessage,
  text: string,
): { body: string } | { refused: string } {
  const [, model, call] = path.exec(url) ?? []
  if (method !== 'POST' || model === undefined) return { refused: `no such path: ${method} ${url}` }
  if (headers.authorization?.startsWith('Bearer ') !== true) return { refused: 'no token' }
  const { anthropic_version: version, ...body } = JSON.parse(text) as Record<string, unknown>
  if (version !== 'vertex-2023-10-16') return { refused: `anthropic_version: ${String(version)}` }
  if ('model' in body) return { refused: 'the model stands in the path' }
  if ((body['stream'] === true) !== (call === 'streamRawPredict')) return { refused: `stream at ${call ?? ''}` }
  return { body: JSON.stringify({ ...body, model: decodeURIComponent(model) }) }
}
