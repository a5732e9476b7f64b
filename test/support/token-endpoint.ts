/** Who gives out tokens, played: Google's OAuth end point, on loopback, and a key file that leads there. */
import { generateKeyPairSync, verify } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

export interface TokenEndpoint {
  readonly url: string
  /** How many tokens were asked for. */
  readonly asked: () => number
  /** What the callers' assertions said, in order; only those whose signature is right. */
  readonly claims: readonly Readonly<Record<string, unknown>>[]
  /** How the next ones are answered; default: a token for an hour, `ya29.token-1` and so on. */
  answer: (response: ServerResponse, count: number) => void
  close(): Promise<void>
}

export function tokenFor(seconds: number): TokenEndpoint['answer'] {
  return (response, count) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ access_token: `ya29.token-${count}`, expires_in: seconds, token_type: 'Bearer' }))
  }
}

export async function startTokenEndpoint(): Promise<TokenEndpoint> {
  const claims: Record<string, unknown>[] = []
  let count = 0
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      count += 1
      const assertion = new URLSearchParams(Buffer.concat(parts).toString()).get('assertion') ?? ''
      const [header = '', payload = '', signature = ''] = assertion.split('.')
      const isRight = verify(
        'sha256',
        Buffer.from(`${header}.${payload}`),
        publicKey,
        Buffer.from(signature, 'base64url'),
      )
      if (isRight) claims.push(JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>)
      endpoint.answer(response, count)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server has an address and a port once it listens.
  const { port } = server.address() as AddressInfo
  const endpoint: TokenEndpoint = {
    url: `http://127.0.0.1:${port}/token`,
    asked: () => count,
    claims,
    answer: tokenFor(3600),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return endpoint
}

/** The text of a key file. */
export function keyFile(tokenUrl: string, email = 'gateway@project.iam.gserviceaccount.com'): string {
  const file = {
    type: 'service_account',
    client_email: email,
    private_key: pem,
    private_key_id: 'k1',
    token_uri: tokenUrl,
  }
  return JSON.stringify(file)
}

/** A line of the private key: it must be nowhere. */
export const keyLine = pem.split('\n')[5] ?? ''
