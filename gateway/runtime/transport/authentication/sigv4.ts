/**
 * AWS signature version 4, made by AWS's own signer. Signed are the host, the type of the body and what AWS reads
 * (`x-amz…`), and not what a proxy on the way may rewrite. The path is signed as it is sent, encoded once more, as AWS
 * wants it of every service but S3: a model's `:` and an ARN's `/` are encoded in the path already.
 */
import { type Hash, type Hmac, createHash, createHmac } from 'node:crypto'
import type { SignatureV4 } from '@smithy/signature-v4'
import { formsOf } from '../without-secrets.ts'
import type { AwsKeys } from './aws-keys.ts'
import type { IdentifiedCall, OutgoingCall } from './authenticator.ts'

/** The hash that the signer is given; with a key, the keyed one. */
class Sha256 {
  private readonly hash: Hash | Hmac

  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = key === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(key))
  }

  update(data: Uint8Array): void {
    this.hash.update(data)
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest())
  }

  reset(): void {
    throw new Error('the signer hashes everything once')
  }
}

function bytesOf(key: string | ArrayBuffer | ArrayBufferView): string | Buffer {
  if (typeof key === 'string') return key
  return ArrayBuffer.isView(key) ? Buffer.from(key.buffer, key.byteOffset, key.byteLength) : Buffer.from(key)
}

export interface SigningPlace {
  readonly service: string
  readonly region: string
  /** `host` or `host:port`, as the `host` header has it. */
  readonly host: string
}

export type Signer = (call: OutgoingCall, keys: AwsKeys) => Promise<IdentifiedCall>

/** Loads the signer. */
export async function openSigner({ service, region, host }: SigningPlace): Promise<Signer> {
  const library = await import('@smithy/signature-v4')
  return async (call, keys) => {
    const signer: SignatureV4 = new library.SignatureV4({ service, region, credentials: keys, sha256: Sha256 })
    const [path = '', query = ''] = call.path.split('?', 2)
    const signed = await signer.sign({
      method: call.method,
      protocol: 'https:',
      hostname: host,
      path,
      query: Object.fromEntries(new URLSearchParams(query)),
      headers: { ...signedHeaders(call.headers), host },
      ...(call.body !== null && { body: call.body }),
    })
    const { host: _sentAnyway, ...headers } = signed.headers
    const added = Object.entries(headers).filter(([name]) => !isAmong(call.headers, name))
    const signature = /Signature=([0-9a-f]+)/.exec(headers['authorization'] ?? '')?.[1]
    return { headers: [...call.headers, ...added.flat()], secrets: secretsOf(keys, signature) }
  }
}

/** Who reads a signature can repeat this one request for a few minutes. */
function secretsOf({ secretAccessKey, sessionToken }: AwsKeys, signature: string | undefined): string[] {
  const secrets = [secretAccessKey, sessionToken, signature].filter((secret) => secret !== undefined)
  return secrets.flatMap(formsOf)
}

function signedHeaders(headers: readonly string[]): Record<string, string> {
  const signed: Record<string, string> = {}
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]?.toLowerCase() ?? ''
    if (name === 'content-type' || name.startsWith('x-amz')) signed[name] = headers[index + 1] ?? ''
  }
  return signed
}

function isAmong(headers: readonly string[], name: string): boolean {
  return headers.some((header, index) => index % 2 === 0 && header.toLowerCase() === name)
}
