/** From the bytes of a request to its execution, whatever it asks for. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { GatewayError } from '../../core/chat/errors.ts'
import type { RequestFeatures, TokenEstimate } from '../../core/chat/features.ts'
import type { RequestFacts, Seed } from '../../core/engine/events.ts'
import { renderSeed, seedForKey } from '../../core/routing/draw.ts'
import type { Operation as OperationName } from '../../core/routing/operation.ts'
import { Execution } from '../execute.ts'
import type { Operation } from '../operations/operation.ts'
import type { Generation } from '../reload/generations.ts'
import type { ClientRequest, Runtime } from '../runtime.ts'
import type { ValidationResult } from '../../../schemas/index.ts'
import { identifyCaller } from './caller.ts'
import { type JsonBody, readJsonBody } from './json-body.ts'
import { HttpReply } from './reply.ts'

const longestCorrelationId = 256

/** Longer than any name a provider gives; globs are compared with it, and every log line carries it. */
const longestModel = 1024

export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly rawBody: Buffer
  readonly id: string
  readonly seed: Seed
  readonly arrivedUs: number
}

/** What one endpoint has read in a body. */
export interface Asked {
  readonly name: OperationName
  readonly operation: Operation
  readonly model: string
  /** What the caller calls its own user; null when it names none. */
  readonly user: string | null
  readonly features: RequestFeatures
  readonly estimate: TokenEstimate
}

/** Throws a `GatewayError` for a body that asks for nothing that could be done. */
export type ReadBody = (body: JsonBody) => Asked

/** Starts the execution of one request, or throws a `GatewayError` before anything was begun. */
export function serveExchange(runtime: Runtime, exchange: Exchange, readBody: ReadBody): void {
  const { response, arrivedUs } = exchange
  if (runtime.spool?.mustRefuse() === true) {
    runtime.process.counts.spoolRefusals += 1
    throw new GatewayError('not_ready', 'The audit trail cannot be written; no request is taken until it can.')
  }
  const generation = runtime.generations.lease()
  if (generation === null) throw new GatewayError('not_ready', 'No manifest has been published yet.')
  let client: ClientRequest
  let facts: RequestFacts
  try {
    const { request, rawBody, id } = exchange
    const { headers } = request
    const caller = identifyCaller(headers.authorization, generation.table, Date.now())
    const asked = readBody(readJsonBody(rawBody))
    const { operation } = asked
    client = { id, correlationId: correlationIdOf(headers['x-request-id']), caller, operation, rawBody, headers }
    facts = factsOf(client, asked, { generation, seed: exchange.seed })
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

/** The body, if the validator lets it pass; the first problem otherwise. */
export function checkBody<Body extends { readonly model: string }>(checked: ValidationResult<Body>): Body {
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

function factsOf(
  client: ClientRequest,
  { name, model, user, features, estimate }: Asked,
  { generation, seed }: { readonly generation: Generation; readonly seed: Seed },
): RequestFacts {
  return {
    seed,
    operation: name,
    model,
    credential: client.caller.credential,
    organization: client.caller.organization,
    headers: matchedHeaders(client, generation.table.matchedHeaders),
    features,
    estimate,
    stickySeeds: stickySeedsOf(client, user, generation.stickyBy),
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

function stickySeedsOf(
  client: ClientRequest,
  user: string | null,
  keys: readonly string[],
): Readonly<Record<string, string>> {
  if (keys.length === 0) return none
  const seeds: Record<string, string> = {}
  for (const key of keys) {
    const value = key === 'user' ? user : stickyValue(client, key)
    if (value !== null) seeds[key] = renderSeed(seedForKey(value))
  }
  return seeds
}

/** `credential`, `organization`, or `header:name`. */
function stickyValue(client: ClientRequest, key: string): string | null {
  if (key === 'credential') return client.caller.credential
  if (key === 'organization') return client.caller.organization
  const value = client.headers[key.replace(/^header:/, '').toLowerCase()]
  return typeof value === 'string' ? value : null
}
