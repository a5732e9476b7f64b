import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime'
import { afterEach, describe, expect, it } from 'vitest'
import { openSigner } from './sigv4.ts'

const keys = { accessKeyId: 'AKIAEXAMPLE000000001', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const withToken = { ...keys, sessionToken: 'IQoJb3JpZ2luX2VjE/session+token==' }

interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function listen(): Promise<{ readonly origin: string; readonly seen: Seen[] }> {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      seen.push({ method, url, headers, body: Buffer.concat(parts).toString() })
      response.setHeader('content-type', 'application/json')
      response.end('{"output":{"message":{"role":"assistant","content":[]}},"stopReason":"end_turn","usage":{}}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => server.close())
  const { port } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${port}`, seen }
}

/** The signature that a request should have, by AWS's description of it and with nobody's code but this. */
function recompute({ method, url, headers, body }: Seen, secret: string): string {
  const [, date = '', region = '', service = '', signed = ''] =
    /Credential=[^/]+\/(\d+)\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+)/.exec(
      headers.authorization ?? '',
    ) ?? []
  const [path = '', query = ''] = url.split('?')
  const encoded = path
    .split('/')
    .map((segment) =>
      encodeURIComponent(segment).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join('/')
  const names = signed.split(';')
  const lines = names.map((name) => `${name}:${String(headers[name]).trim().replaceAll(/ +/g, ' ')}`)
  const hash = (text: string) => createHash('sha256').update(text).digest('hex')
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const canonical = [method, encoded, query, ...lines, '', signed, hash(body)].join('\n')
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], `${date}/${region}/${service}/aws4_request`, hash(canonical)]
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request')
  return createHmac('sha256', key).update(text.join('\n')).digest('hex')
}

function signatureOf({ headers }: Pick<Seen, 'headers'>): string | undefined {
  return /Signature=([0-9a-f]{64})$/.exec(headers.authorization ?? '')?.[1]
}

interface AwsRequest extends Omit<Seen, 'url' | 'body'> {
  readonly path: string
  readonly body: Uint8Array
}

/** What AWS's own client would send. */
async function sentByAws(modelId: string): Promise<Seen> {
  const seen: Seen[] = []
  const client = new BedrockRuntimeClient({
    region: 'eu-central-1',
    credentials: withToken,
    requestHandler: {
      handle: async ({ method, path, headers, body }: AwsRequest) => {
        seen.push({ method, url: path, headers, body: Buffer.from(body).toString() })
        return await Promise.reject(new Error('seen'))
      },
    },
    maxAttempts: 1,
  })
  const messages = [{ role: 'user' as const, content: [{ text: 'hi' }] }]
  await expect(client.send(new ConverseCommand({ modelId, messages }))).rejects.toThrow('seen')
  const [request] = seen
  if (request === undefined) throw new Error('nothing was sent')
  return request
}

const models = [
  'amazon.nova-lite-v1:0',
  'eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
  'arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.amazon.nova-lite-v1:0',
  "strange!'()*~name",
]

describe('a signed request', () => {
  it.each(models)('has the signature that AWS describes: %s', async (model) => {
    const { origin, seen } = await listen()
    const { host } = new URL(origin)
    const sign = await openSigner({ service: 'bedrock', region: 'eu-central-1', host })
    const path = `/model/${encodeURIComponent(model)}/converse`
    const body = '{"messages":[{"role":"user","content":[{"text":"grüß Gott"}]}]}'
    const headers = ['content-type', 'application/json', 'user-agent', 'aigw/1', 'X-Amzn-Trace', 'a  b']
    const signed = await sign({ method: 'POST', path, headers, body }, withToken)
    const pairs = Array.from({ length: signed.headers.length / 2 }, (_, index) =>
      signed.headers.slice(index * 2, index * 2 + 2),
    )
    await fetch(`${origin}${path}`, {
      method: 'POST',
      headers: pairs.map(([name = '', value = '']) => [name, value]),
      body,
    })
    const [request] = seen
    if (request === undefined) throw new Error('nothing came')
    expect(request.headers['x-amz-security-token']).toBe(withToken.sessionToken)
    expect(signatureOf(request)).toBe(recompute(request, keys.secretAccessKey))
    expect(request.headers.authorization).toContain(
      'SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token;x-amzn-trace,',
    )
  })

  it.each(models.slice(0, 3))("goes where AWS's own client goes, signed like there: %s", async (model) => {
    const theirs = await sentByAws(model)
    // The check below must hold for the vendor's signatures too, or it would prove nothing.
    expect(signatureOf(theirs)).toBe(recompute(theirs, keys.secretAccessKey))
    expect(theirs.url).toBe(`/model/${encodeURIComponent(model)}/converse`)
    const sign = await openSigner({ service: 'bedrock', region: 'eu-central-1', host: theirs.headers.host ?? '' })
    const ours = await sign({ method: 'POST', path: theirs.url, headers: [], body: theirs.body }, withToken)
    const [scope, theirScope] = [ours.headers.join(' '), String(theirs.headers.authorization)].map((text) =>
      /Credential=([^,]+),/.exec(text)?.[1]?.replace(/\/\d{8}\//, '/'),
    )
    expect(scope).toBe(theirScope)
  })

  it('signs a query too', async () => {
    const sign = await openSigner({ service: 'bedrock', region: 'us-east-1', host: 'h' })
    const plain = { method: 'GET' as const, headers: [], body: null }
    const one = await sign({ ...plain, path: '/a?b=1' }, keys)
    const other = await sign({ ...plain, path: '/a?b=2' }, keys)
    expect(one.headers.at(-1)).not.toBe(other.headers.at(-1))
  })

  it('names what of it must not be repeated', async () => {
    const sign = await openSigner({ service: 'bedrock', region: 'us-east-1', host: 'h' })
    const { headers, secrets } = await sign({ method: 'POST', path: '/', headers: [], body: '' }, withToken)
    const signature = /Signature=([0-9a-f]+)/.exec(headers.join(' '))?.[1]
    expect(secrets).toEqual(expect.arrayContaining([keys.secretAccessKey, withToken.sessionToken, signature]))
    expect(secrets).not.toContain(keys.accessKeyId)
  })
})
