/** The shared fixtures: recorded exchanges, errors and contracts. They are not part of the repository. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const shared = process.env['AIGW_SHARED'] ?? join(import.meta.dirname, '../../../shared')
const fixtures = join(shared, 'fixtures')

/** Why suites that read recordings are skipped; null when they can run. */
export const missingFixtures = existsSync(join(fixtures, 'exchanges'))
  ? null
  : `no recordings at ${fixtures}; set AIGW_SHARED to the folder that holds fixtures/`

/** Conversations that one client library had with many providers, one file each. */
export const pairsFolder = join(fixtures, 'pairs')

export interface Exchange {
  readonly id: string
  readonly provider: string
  readonly api: string
  readonly fidelity: 'recorded' | 'reply-only' | 'reframed' | 'suspect'
  readonly stream: boolean
  readonly quirks?: readonly string[]
  readonly request: { readonly path: string; readonly body: Record<string, unknown> } | null
  readonly response: {
    readonly status: number
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: unknown
    readonly bodyText?: string
    /** Of streams that are no text. */
    readonly bodyBase64?: string
  }
}

export interface RecordedError {
  readonly case?: string
  readonly provider?: string
  readonly api: string
  readonly response: Exchange['response']
}

export function readExchanges(api: string): Exchange[] {
  if (missingFixtures !== null) return []
  const root = join(fixtures, 'exchanges')
  return readdirSync(root)
    .flatMap((provider) => readdirSync(join(root, provider)).map((name) => join(root, provider, name)))
    .map((path) => JSON.parse(readFileSync(path, 'utf8')) as Exchange)
    .filter((exchange) => exchange.api === api)
}

export function readErrors(name: string): RecordedError[] {
  if (missingFixtures !== null) return []
  const file = JSON.parse(readFileSync(join(fixtures, 'errors', `${name}.json`), 'utf8')) as { errors: RecordedError[] }
  return file.errors
}

export function errorFileNames(): string[] {
  if (missingFixtures !== null) return []
  return readdirSync(join(fixtures, 'errors')).map((name) => name.replace(/\.json$/, ''))
}

export function readContract(): Record<string, unknown> {
  return JSON.parse(readFileSync(join(fixtures, 'contracts/openai.schema.json'), 'utf8')) as Record<string, unknown>
}

/** A published contract, as text. */
export function readContractText(name: string): string {
  return readFileSync(join(fixtures, 'contracts', name), 'utf8')
}

/** One message or stream of the binary framing, with what must be read from it. */
export interface EventStreamVector {
  readonly name: string
  readonly bytesBase64: string
  readonly decoded?: {
    readonly total_length: number
    readonly headers: readonly { readonly name: string; readonly value: unknown }[]
    readonly payload: string
  }
  readonly frames?: readonly { readonly headers: Readonly<Record<string, string>>; readonly payload: unknown }[]
  readonly error?: string
}

export function readEventStreamVectors(): EventStreamVector[] {
  if (missingFixtures !== null) return []
  const folder = join(fixtures, 'eventstream')
  return readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as EventStreamVector)
}

/** The reply's body as it came over the wire, white space of documents apart. */
export function bytesOf(exchange: { readonly response: Exchange['response'] }): Buffer {
  const { bodyBase64 } = exchange.response
  return bodyBase64 === undefined ? Buffer.from(bodyOf(exchange)) : Buffer.from(bodyBase64, 'base64')
}

/** The same as text. */
export function bodyOf({ response }: { readonly response: Exchange['response'] }): string {
  return response.bodyText ?? JSON.stringify(response.body)
}
