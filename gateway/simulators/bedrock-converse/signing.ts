/**
 * Who is asking: a Bedrock API key, or a request signed with AWS signature version 4, whose signature is made again here
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, read 2026-11-24) with the
 * one pair of keys that the simulator knows.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { PlainReply } from '../exchange.ts'
import type { ChatRequest, Stamp } from '../wire.ts'
import { errorReply } from './errors.ts'

/** Public on purpose: nothing but a simulator takes them. */
export const simulatedKeys = {
  accessKeyId: 'AKIDSIMULATED0000000',
  secretAccessKey: 'simulated/secret/access/key/of/no/account',
} as const

/** The reply to a caller that is not known; null: it is. */
export function refusalOf(request: ChatRequest, stamp: Stamp): PlainReply | null {
  const { authorization } = request.headers
  const denied = (type: string, message: string) => errorReply({ status: 403, message }, stamp, type)
  if (authorization === undefined || authorization === '') {
    return denied('MissingAuthenticationTokenException', 'Missing Authentication Token')
  }
  if (/^Bearer\s+\S/.test(authorization)) return null
  const signed = readAuthorization(authorization)
  if (signed === null) {
    return denied(
      'IncompleteSignatureException',
      'Authorization header requires Credential, SignedHeaders and Signature.',
    )
  }
  if (signed.accessKeyId !== simulatedKeys.accessKeyId) {
    return denied('UnrecognizedClientException', 'The security token included in the request is invalid.')
  }
  const problem = signatureProblem(request, signed, stamp.atMs)
  return problem === null ? null : denied('InvalidSignatureException', problem)
}

interface Signed {
  readonly accessKeyId: string
  readonly date: string
  readonly region: string
  readonly service: string
  readonly headers: readonly string[]
  readonly signature: string
}

const signedForm =
  /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/(\d{8})\/([^/\s]+)\/([^/\s]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/

function readAuthorization(authorization: string): Signed | null {
  const found = signedForm.exec(authorization)
  if (found === null) return null
  const [, accessKeyId = '', date = '', region = '', service = '', headers = '', signature = ''] = found
  return { accessKeyId, date, region, service, headers: headers.split(';'), signature }
}

const fiveMinutesMs = 300_000

function signatureProblem(request: ChatRequest, signed: Signed, atMs: number): string | null {
  const moment = String(request.headers['x-amz-date'] ?? '')
  if (signed.service !== 'bedrock') return `Credential should be scoped to correct service: 'bedrock'.`
  if (!moment.startsWith(signed.date))
    return 'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date.'
  if (!signed.headers.includes('host')) return "'Host' must be a 'SignedHeader' in the AWS Authorization."
  if (!(Math.abs(timeOf(moment) - atMs) <= fiveMinutesMs)) return `Signature expired: ${moment}`
  const expected = Buffer.from(signatureFor(request, signed, moment), 'hex')
  if (timingSafeEqual(expected, Buffer.from(signed.signature, 'hex'))) return null
  return 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'
}

/** `20261124T120000Z`. */
function timeOf(moment: string): number {
  return Date.parse(moment.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}

function signatureFor(request: ChatRequest, { date, region, service, headers }: Signed, moment: string): string {
  const scope = `${date}/${region}/${service}/aws4_request`
  const text = ['AWS4-HMAC-SHA256', moment, scope, sha256(canonicalRequest(request, headers))].join('\n')
  const steps = [date, region, service, 'aws4_request']
  let key: string | Buffer = `AWS4${simulatedKeys.secretAccessKey}`
  for (const step of steps) key = hmac(key, step)
  return hmac(key, text).toString('hex')
}

function canonicalRequest(
  { method, path, query = '', headers, text = '' }: ChatRequest,
  signed: readonly string[],
): string {
  const lines = signed.map(
    (name) =>
      `${name}:${String(headers[name] ?? '')
        .trim()
        .replace(/\s+/g, ' ')}\n`,
  )
  return [method, encodedAgain(path), query, lines.join(''), signed.join(';'), sha256(text)].join('\n')
}

/** Every part of the path, which is encoded already, is encoded once more: AWS does so for all services but S3. */
function encodedAgain(path: string): string {
  return path.split('/').map(strictly).join('/')
}

function strictly(part: string): string {
  return encodeURIComponent(part).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
