/**
 * The floor: the least a proxy on Node can do that reads what it carries. Bare `node:http` in front, an undici pool
 * behind, JSON parsed and written again, of streams every event, one write per network read. Nothing else: no routes,
 * no keys, no audit. What a gateway costs is told as a multiple of this.
 *
 * node bench/floor.ts --port 0 --upstream http://127.0.0.1:9000
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { Pool } from 'undici'

const { values } = parseArgs({ options: { port: { type: 'string' }, upstream: { type: 'string' } } })
const pool = new Pool(values.upstream ?? 'http://127.0.0.1:9000', { connections: 512, pipelining: 1 })

function serve(request: IncomingMessage, response: ServerResponse): void {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    const body = JSON.stringify(JSON.parse(Buffer.concat(parts).toString()))
    forward(request.url ?? '/', body, response).catch((error: unknown) => response.destroy(new Error(String(error))))
  })
}

async function forward(path: string, body: string, response: ServerResponse): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer bench' }
  const reply = await pool.request({ method: 'POST', path, headers, body })
  const contentType = String(reply.headers['content-type'])
  if (contentType.startsWith('text/event-stream')) {
    response.writeHead(reply.statusCode, { 'content-type': contentType })
    return carryEvents(reply.body, response)
  }
  const text = JSON.stringify(JSON.parse(await reply.body.text()))
  response.writeHead(reply.statusCode, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

function carryEvents(body: NodeJS.ReadableStream, response: ServerResponse): void {
  const decoder = new TextDecoder()
  let rest = ''
  body.on('data', (part: Buffer) => {
    rest += decoder.decode(part, { stream: true })
    let written = ''
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      // Some languages name their events in a line before the data.
      const from = rest.startsWith('data: ') ? 0 : rest.indexOf('\ndata: ') + 1
      const data = rest.slice(from + 'data: '.length, end)
      const name = from === 0 ? '' : rest.slice(0, from)
      written += `${name}data: ${data === '[DONE]' ? data : JSON.stringify(JSON.parse(data))}\n\n`
      rest = rest.slice(end + 2)
    }
    if (written !== '') response.write(written)
  })
  body.on('end', () => response.end())
  body.on('error', () => response.destroy())
}

createServer({ keepAliveTimeout: 0 }, serve).listen(Number(values.port ?? 0), '127.0.0.1')
