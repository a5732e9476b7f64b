/** `POST /v1/chat/completions`: from bytes to an execution. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { validateChatCompletionRequest } from '../../../schemas/validate-chat-completion-request.ts'
import type { ChatCompletionRequest } from '../../../schemas/index.ts'
import { GatewayError } from '../../core/chat/errors.ts'
import { estimateTokens, readFeatures } from '../../core/chat/features.ts'
import type { RequestFacts, Seed } from '../../core/engine/events.ts'
import { renderSeed, seedForKey } from '../../core/routing/draw.ts'
import { Execution } from '../execute.ts'
import type { Generation } from '../reload/generations.ts'
import type { ClientRequest, Runtime } from '../runtime.ts'
import { identifyCaller } from './caller.ts'
import { readJsonBody } from './json-body.ts'
import { HttpReply } from './reply.ts'

const longestCorrelationId = 256

/** Longer than any name a provider gives; globs are compared with it, and every log line carries it. */
const longestModel = 1024

export interface ChatExchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly rawBody: Buffer
  readonly id: string
  readonly seed: Seed
  readonly arrivedUs: number
}

/** Starts the execution of one request, or throws a `GatewayError` before anything was begun. */
export function serveChatCompletion(runtime: Runtime, exchange: ChatExchange): void {
  const { response, arrivedUs } = exchange
  if (runtime.spool?.isFailing() === true) {
    runtime.process.counts.spoolRefusals += 1
    throw new GatewayError('not_ready', 'The audit trail cannot be written; no request is taken until it can.')
  }
  const generation = runtime.generations.lease()
  if (generation === null) throw new GatewayError('not_ready', 'No manifest has been published yet.')
  let client: ClientRequest
  let facts: RequestFacts
  try {
    client = readClient(exchange, generation)
    facts = factsOf(client, generation, exchange.seed)
  } catch (error) {
    runtime.generations.release(generation)
    throw error
  }
  const execution = new Execution(runtime, { client, facts, generation, arrivedUs }, new HttpReply(response))
  if (facts.features.stream) response.on('drain', () => execution.resume())
  runtime.process.answering += 1
  response.on('close', () => {
    runtime.process.answering -= 1
    if (!response.writableEnded) execution.callerGone()
  })
  execution.start()
}

function readClient({ request, rawBody, id }: ChatExchange, { table }: Generation): ClientRequest {
  const { headers } = request
  const caller = identifyCaller(headers.authorization, table, Date.now())
  const { source, value } = readJsonBody(rawBody)
  const body = checkBody(value)
  return { id, correlationId: correlationIdOf(headers['x-request-id']), caller, body, source, rawBody, headers }
}

function checkBody(value: unknown): ChatCompletionRequest {
  const checked = validateChatCompletionRequest(value)
  if (checked.valid && checked.value.model.length > longestModel) {
    throw new GatewayError('invalid_request', `model: longer than ${longestModel} characters`, 'model')
  }
  if (checked.valid) return checked.value
  const [{ path, message }] = checked.problems
  throw new GatewayError('invalid_request', `${path === '' ? 'the body' : path}: ${message}`, path === '' ? null : path)
}

function correlationIdOf(header: string | string[] | undefined): string | null {
  if (typeof header !== 'string' || header === '') return null
  return header.slice(0, longestCorrelationId)
}

function factsOf(client: ClientRequest, generation: Generation, seed: Seed): RequestFacts {
  const features = readFeatures(client.body)
  return {
    seed,
    model: client.body.model,
    credential: client.caller.credential,
    organization: client.caller.organization,
    headers: matchedHeaders(client, generation.table.matchedHeaders),
    features,
    estimate: estimateTokens(features),
    stickySeeds: stickySeedsOf(client, generation.stickyBy),
  }
}

const none: Readonly<Record<string, string>> = {}

function matchedHeaders(client: ClientRequest, names: readonly string[]): Readonly<Record<string, string>> {
  if (names.length === 0) return none
  const headers: Record<string, string> = {}
  for (const name of names) {
    const value = client.headers[name]
    if (typeof value === 'string') headers[name] = value
  }
  return headers
}

function stickySeedsOf(client: ClientRequest, keys: readonly string[]): Readonly<Record<string, string>> {
  if (keys.length === 0) return none
  const seeds: Record<string, string> = {}
  for (const key of keys) {
    const value = stickyValue(client, key)
    if (value !== null) seeds[key] = renderSeed(seedForKey(value))
  }
  return seeds
}

/** `credential`, `user`, or `header:name`. */
function stickyValue(client: ClientRequest, key: string): string | null {
  if (key === 'credential') return client.caller.credential
  if (key === 'organization') return client.caller.organization
  if (key === 'user') return client.body.user ?? null
  const value = client.headers[key.replace(/^header:/, '').toLowerCase()]
  return typeof value === 'string' ? value : null
}
