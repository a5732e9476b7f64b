/**
 * Recorded exchanges, played back as if the provider were still there: a server that answers what was recorded, a
 * gateway with one connection per provider of the recordings, and the official client with its wire laid open.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import OpenAI from 'openai'
import { providers } from '../../gateway/core/providers/index.ts'
import type { ProviderId } from '../../schemas/index.ts'
import type { TestGateway } from '../support/gateway.ts'
import { startTestGateway } from '../support/gateway.ts'
import type { Exchange } from './fixtures.ts'
import { bytesOf, missingFixtures, readContract } from './fixtures.ts'

// ---- the provider ----

/** How a recording goes over the wire. `cut` sends that many bytes, then ends cleanly or drops the connection. */
export type Delivery =
  | { readonly kind: 'whole' }
  | { readonly kind: 'pieces' }
  | { readonly kind: 'cut'; readonly bytes: number; readonly after: 'end' | 'drop' }

/** A request as it reached the provider. */
export interface Arrived {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

/** The header that says which recording answers; the gateway's connections are told to forward it. */
export const recordingHeader = 'x-recording'

interface Play {
  readonly exchange: Exchange
  readonly delivery: Delivery
  readonly arrived: Arrived[]
}

export interface Playback {
  readonly url: string
  /** Makes a recording ready; the name goes into the recording header. */
  load(exchange: Exchange, delivery: Delivery): string
  arrived(name: string): readonly Arrived[]
  close(): Promise<void>
}

export async function startPlayback(): Promise<Playback> {
  const plays = new Map<string, Play>()
  const server = createServer((request, response) => {
    answer(plays, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // An address with a port: the server listens on one.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    load(exchange, delivery) {
      const name = `${plays.size}:${exchange.id}`
      plays.set(name, { exchange, delivery, arrived: [] })
      return name
    },
    arrived: (name) => plays.get(name)?.arrived ?? [],
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answer(
  plays: ReadonlyMap<string, Play>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const play = plays.get(String(request.headers[recordingHeader]))
  if (play === undefined) {
    response.writeHead(599).end('nobody said which recording to play')
    return
  }
  const { method = '', url = '', headers } = request
  play.arrived.push({ method, path: url, headers, body: JSON.parse(Buffer.concat(parts).toString()) as unknown })
  const bytes = bytesOf(play.exchange)
  response.socket?.setNoDelay(true)
  writeHead(response, play)
  await deliver(response, bytes, play)
}

function writeHead(response: ServerResponse, { exchange, delivery }: Play): void {
  const { status, headers = {} } = exchange.response
  const type = contentTypeOf(exchange)
  const length = delivery.kind === 'whole' ? { 'content-length': String(bytesOf(exchange).length) } : {}
  response.writeHead(status, { ...headers, ...(type !== null && { 'content-type': type }), ...length })
  response.flushHeaders()
}

/** Null where the recorded reply had none, or whoever published it took it out. */
function contentTypeOf({ response }: Exchange): string | null {
  if (!('contentType' in response) || typeof response.contentType !== 'string') return null
  return response.contentType.includes('REDACTED') ? null : response.contentType
}

async function deliver(response: ServerResponse, bytes: Buffer, { exchange, delivery }: Play): Promise<void> {
  if (delivery.kind === 'whole') {
    response.end(bytes)
    return
  }
  const sent = delivery.kind === 'cut' ? bytes.subarray(0, delivery.bytes) : bytes
  for (const piece of cutInPieces(sent, randomOf(exchange.id))) {
    if (response.destroyed) return
    response.write(piece)
    // The reader gets its turn, so that pieces arrive one by one.
    await nextTurn()
  }
  if (delivery.kind === 'cut' && delivery.after === 'drop') response.destroy()
  else response.end()
}

// ---- pieces ----

const longestPiece = 120
const cutsInCharacters = 8

/** Cuts at random places, and surely inside the first characters that take several bytes and inside the first CRLF. */
export function cutInPieces(bytes: Buffer, random: () => number): Buffer[] {
  const cuts = new Set<number>()
  for (let at = 0; at < bytes.length; at += 1 + Math.floor(random() * longestPiece)) cuts.add(at)
  let inside = 0
  for (let at = 1; at < bytes.length && inside < cutsInCharacters; at += 1) {
    if (!isContinuation(bytes[at] ?? 0)) continue
    cuts.add(at)
    inside += 1
  }
  const lineEnd = bytes.indexOf('\r\n')
  if (lineEnd !== -1) cuts.add(lineEnd + 1)
  const places = [...cuts].sort((a, b) => a - b)
  return places.map((at, index) => bytes.subarray(at, places[index + 1] ?? bytes.length))
}

/** Is this a byte of a UTF-8 character other than its first? */
export function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte < 0xc0
}

/** Numbers from 0 to 1, the same for the same seed on any machine (mulberry32 over FNV-1a). */
export function randomOf(seed: string): () => number {
  let state = 0x811c9dc5
  for (const character of seed) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

// ---- the gateway ----

/** Who was recorded, and the type of connection that calls them. */
const typeOfRecorded: Readonly<Record<string, ProviderId>> = {
  openai: 'openai',
  'azure-openai': 'azure-openai',
  mistral: 'mistral',
  deepseek: 'deepseek',
  groq: 'groq',
  xai: 'xai',
  openrouter: 'openrouter',
  perplexity: 'perplexity',
  together: 'together',
  moonshot: 'moonshot',
  zhipu: 'zhipu',
  'qwen-dashscope': 'qwen-dashscope',
  gpustack: 'vllm',
  // Its OpenAI-shaped endpoint; the type `ollama` speaks the native language.
  ollama: 'openai-compatible',
  'openai-compatible': 'openai-compatible',
}

export const recordedProviders: readonly string[] = Object.keys(typeOfRecorded)
export const targetModel = 'target-model'
export const providerKey = 'sk-provider-key-0123456789'
const azureVersion = '2024-10-21'

/** The model that callers ask for to reach one provider. */
export function routeModel(recorded: string): string {
  return `by-${recorded}`
}

export function targetId(recorded: string): string {
  return `${recorded}-played/${targetModel}`
}

const minimal = { messages: [{ role: 'user', content: 'Hello' }] }
const minimalStream = { ...minimal, stream: true, stream_options: { include_usage: true } }

/** The recorded request in OpenAI's form, or a short one where only the reply was kept. */
export function requestOf({ provider, stream, request }: Exchange): Body {
  const recorded = request?.body ?? (stream ? minimalStream : minimal)
  return { ...recorded, messages: listOf(recorded['messages']).map(withImageObjects), model: routeModel(provider) }
}

export type Body = Record<string, unknown>

/** Two requests were sent with `image_url` as a bare text, which their provider takes and OpenAI's API does not. */
function withImageObjects(message: Body): Body {
  const { content } = message
  if (!Array.isArray(content)) return message
  const parts = listOf(content).map((part) =>
    typeof part['image_url'] === 'string' ? { ...part, image_url: { url: part['image_url'] } } : part,
  )
  return { ...message, content: parts }
}

function listOf(value: unknown): Body[] {
  // Recorded JSON: messages and parts of messages are lists of objects.
  return value as Body[]
}

/** The path our requests must arrive at: what the registry says of the provider, and nothing else. */
export function chatPath(recorded: string): string {
  if (recorded === 'azure-openai') {
    return `/openai/deployments/${targetModel}/chat/completions?api-version=${azureVersion}`
  }
  return `${basePath(recorded)}/chat/completions`
}

function basePath(recorded: string): string {
  if (recorded === 'azure-openai') return ''
  const address = providers[typeOf(recorded)].baseUrl
  return address === null ? '/v1' : new URL(address).pathname.replace(/\/$/, '')
}

function typeOf(recorded: string): ProviderId {
  const type = typeOfRecorded[recorded]
  if (type === undefined) throw new Error(`no connection plays ${recorded}`)
  return type
}

function manifestOf(url: string): string {
  const connections = recordedProviders.map((recorded) => {
    const type = typeOf(recorded)
    const version = recorded === 'azure-openai' ? `, api_version: "${azureVersion}"` : ''
    const rest = `api_key: {env: TEST_KEY}, forward_headers: [${recordingHeader}]${version}`
    return `  ${recorded}-played: {type: ${type}, base_url: "${url}${basePath(recorded)}", ${rest}}`
  })
  const routes = recordedProviders.map(
    (recorded) => `  - name: ${recorded}
    match: {model: ${routeModel(recorded)}}
    targets: [{provider: ${recorded}-played, model: ${targetModel}}]`,
  )
  return ['providers:', ...connections, 'ai_routes:', ...routes, ''].join('\n')
}

/** The provider and the gateway before it, together. */
export class Stage {
  readonly playback: Playback
  readonly gateway: TestGateway

  private constructor(playback: Playback, gateway: TestGateway) {
    this.playback = playback
    this.gateway = gateway
  }

  static async open(): Promise<Stage> {
    const playback = await startPlayback()
    return new Stage(
      playback,
      await startTestGateway({ manifest: manifestOf(playback.url), env: { TEST_KEY: providerKey } }),
    )
  }

  async close(): Promise<void> {
    await this.gateway.close()
    await this.playback.close()
  }

  /** A client of the gateway for one request, which this recording answers. */
  viaGateway(exchange: Exchange, delivery: Delivery): Line {
    return this.line(`${this.gateway.gateway.url}/v1`, this.playback.load(exchange, delivery))
  }

  /** The same without the gateway. */
  direct(exchange: Exchange): Line {
    return this.line(`${this.playback.url}/v1`, this.playback.load(exchange, { kind: 'whole' }))
  }

  private line(baseURL: string, name: string): Line {
    return new Line({ baseURL, name, arrived: () => this.playback.arrived(name) })
  }
}

// ---- the caller ----

/** What went over the caller's wire, byte for byte. */
export interface Heard {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** One caller, one recording. The client is as it comes: with its own retries. */
export class Line {
  readonly client: OpenAI
  /** The provider's side. */
  readonly arrived: () => readonly Arrived[]
  private readonly replies: Promise<Heard>[] = []

  constructor(options: { readonly baseURL: string; readonly name: string; readonly arrived: Line['arrived'] }) {
    this.arrived = options.arrived
    this.client = new OpenAI({
      baseURL: options.baseURL,
      apiKey: 'sk-the-callers-own-key',
      defaultHeaders: { [recordingHeader]: options.name },
      // It complains on stderr of what it cannot read; the tests look at what it throws.
      logLevel: 'off',
      fetch: (url, init) => this.listen(url, init),
    })
  }

  /** The reply, whole. The client must have asked once: retries are for gateways that leave the work to it. */
  async heard(): Promise<Heard> {
    const [heard, ...more] = await Promise.all(this.replies)
    if (heard === undefined || more.length > 0) throw new Error(`the client called ${this.replies.length} times`)
    return heard
  }

  /** A client that has seen enough hangs up; here its wire stays open, so that what comes after is seen as well. */
  private async listen(url: string | URL | Request, init?: RequestInit): Promise<Response> {
    const response = await fetch(url, { ...init, signal: null })
    const { status, headers } = response
    this.replies.push(
      response
        .clone()
        .text()
        .then((text) => ({ status, headers, text })),
    )
    return response
  }
}

// ---- the contract ----

const contract = (() => {
  if (missingFixtures !== null) return null
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  return ajv.addSchema(readContract())
})()

/** Throws what OpenAI's own schema says against the value. */
export function assertContract(name: string, value: unknown): void {
  const validate = contract?.getSchema(`openai-contract.schema.json#/$defs/${name}`)
  if (validate === undefined) throw new Error(`the contract has no ${name}`)
  if (validate(value) !== true) throw new Error(`${name}: ${JSON.stringify(validate.errors)}`)
}
