/**
 * A simulated provider: a real HTTP server on loopback that speaks one of the vendors' wires, healthy or ill. It shares
 * no code with the gateway: what it sends was written from recordings, or a test against it would prove nothing.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerChat } from './answering.ts'
import { readRequestPatch } from './behaviour-input.ts'
import type { Behaviour, BehaviourPatch, RequestPatch } from './behaviour.ts'
import { healthy } from './behaviour.ts'
import { control, controlPrefix, parseJson } from './control.ts'
import { mix } from './draw.ts'
import { answerEmbeddings } from './embeddings/answering.ts'
import { type EmbeddingsWish, mannerFor } from './embeddings/index.ts'
import type { Manner } from './embeddings/manner.ts'
import { openExchange, sendPlain } from './exchange.ts'
import { faultProblem, planFaults } from './faults.ts'
import type { Listener } from './listener.ts'
import { openListener } from './listener.ts'
import type { RecordedRequest, Recorder, SimulatorStats } from './records.ts'
import { createRecorder } from './records.ts'
import type { Stamp, Wire, WireName } from './wire.ts'
import { wireFor } from './wires.ts'

/** `wire`, `style` and `embeddings` say which language it speaks; default: OpenAI's own. */
export interface SimulatorOptions extends EmbeddingsWish {
  /** Used in ids and logs. */
  readonly name: string
  /** 0 (the default) takes a free port. */
  readonly port?: number
  readonly host?: string
  readonly behaviour?: BehaviourPatch
  readonly seed?: number
  /** How many requests are remembered; default 10,000. */
  readonly keep?: number
}

export interface Simulator {
  readonly name: string
  readonly wire: WireName
  /** The origin, without a slash at the end. */
  readonly url: string
  /** What a client or connection is given as base URL. */
  readonly baseUrl: string
  readonly port: number
  behaviour(): Behaviour
  /** Changes what is named and leaves the rest. Resolves once the listener is as asked; rejects what the wire cannot. */
  behave(patch: BehaviourPatch): Promise<void>
  requests(): readonly RecordedRequest[]
  clearRequests(): void
  stats(): SimulatorStats
  close(): Promise<void>
}

interface State {
  readonly options: Required<Omit<SimulatorOptions, 'behaviour' | 'style' | 'wire' | 'embeddings'>>
  readonly wire: Wire
  /** null: it has no embeddings. */
  readonly manner: Manner | null
  readonly recorder: Recorder
  /** Models that have been asked for, so that the next one need not wait. */
  readonly loaded: Set<string>
  behaviour: Behaviour
  next: readonly RequestPatch[]
}

export async function startSimulator(given: SimulatorOptions): Promise<Simulator> {
  const options = { port: 0, host: '127.0.0.1', seed: 1, keep: 10_000, ...given }
  const wire = wireFor(given)
  const recorder = createRecorder(options.keep)
  const manner = mannerFor(given)
  const state: State = { options, wire, manner, recorder, loaded: new Set(), behaviour: healthy, next: [] }
  let listener: Listener | null = null
  let reopening: NodeJS.Timeout | null = null
  const problemWith = (patch: BehaviourPatch) => faultProblem(patch, wire)
  const behave = async ({ next, ...patch }: BehaviourPatch): Promise<void> => {
    const problem = problemWith({ ...patch, ...(next === undefined ? {} : { next }) })
    if (problem !== null) throw new Error(problem)
    state.behaviour = { ...state.behaviour, ...patch }
    if (next !== undefined) state.next = next
    if (patch.refuseConnections === undefined || listener === null) return
    if (reopening !== null) clearTimeout(reopening)
    const refuse = patch.refuseConnections
    if (refuse === false) return listener.open()
    await shut(recorder, listener)
    if (typeof refuse === 'number') reopening = setTimeout(() => void behave({ refuseConnections: false }), refuse)
  }
  const stats = () => recorder.stats(listener?.connections() ?? 0)
  const controlled = { recorder, behaviour: () => state.behaviour, problemWith, behave, stats }
  const opened = await openListener((request, response) => {
    readBody(request, (body) => {
      const path = pathOf(request)
      if (path.startsWith(controlPrefix)) control(controlled, { request, response, path, body })
      else serve(state, { request, response, path, body })
    })
  }, options)
  listener = opened
  await behave(given.behaviour ?? {}).catch(async (error: unknown) => {
    await opened.shut()
    throw error
  })
  const url = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${opened.port}`
  return {
    name: options.name,
    wire: wire.name,
    url,
    baseUrl: url + wire.basePath,
    port: opened.port,
    behaviour: () => state.behaviour,
    behave,
    requests: () => recorder.requests(),
    clearRequests: () => recorder.clear(),
    stats,
    close: async () => {
      if (reopening !== null) clearTimeout(reopening)
      await shut(recorder, opened)
    },
  }
}

async function shut(recorder: Recorder, listener: Listener): Promise<void> {
  recorder.setGone(true)
  await listener.shut()
  recorder.setGone(false)
}

interface Incoming {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly path: string
  readonly body: string
}

function serve(state: State, { request, response, path, body }: Incoming): void {
  const { recorder, wire, options } = state
  const { method = '', headers } = request
  const parsed = body === '' ? undefined : parseJson(body)
  const record = recorder.open({ method, path: request.url ?? '', headers })
  record.body = parsed ?? body
  const { number } = record
  const seed = mix(options.seed, number)
  const key = `${seed.toString(16).padStart(8, '0')}${number.toString(36)}`
  const unhurried = { loadMs: 0, promptMs: 0, tokenMs: 0 }
  const behaviour = behaviourFor(state, request)
  if ('problem' in behaviour) {
    const exchange = openExchange(response, record, { recorder, pace: { ...healthy, slowness: 1, extraMs: 0, seed } })
    const stamp = { key, seed: options.seed, atMs: record.at, timing: unhurried }
    return sendPlain(exchange, wire.fail({ status: 400, message: `${options.name}: ${behaviour.problem}` }, stamp))
  }
  const asksChat = wire.isChat(path)
  const asked = { method, path, query: queryOf(request), headers, body: parsed, text: body }
  const embedder = !asksChat && state.manner?.isEmbeddings(path) === true ? state.manner : null
  const model = (embedder ?? wire).modelOf(asked)
  const plan = planFaults(behaviour.faults, { seed: options.seed, request: number, model })
  if (plan.kinds.length > 0) recorder.fault(record, plan.kinds)
  const { firstContentMs, tokensPerSecond, jitter } = behaviour
  const { slowness } = plan
  const loadMs = asksChat && typeof model === 'string' ? loadTime(state, model, behaviour) : 0
  const pace = { firstContentMs, tokensPerSecond, jitter, slowness, extraMs: plan.extraMs + loadMs, seed }
  const timing = {
    loadMs,
    promptMs: firstContentMs * slowness,
    tokenMs: tokensPerSecond === null ? 0 : (slowness * 1000) / tokensPerSecond,
  }
  const stamp: Stamp = { key, seed: options.seed, atMs: record.at, timing }
  const exchange = openExchange(response, record, { recorder, pace })
  if (asksChat) {
    const unload = (name: string): void => void state.loaded.delete(name)
    return answerChat(exchange, { request: asked, behaviour, plan, wire, stamp, seed: options.seed, unload })
  }
  if (embedder !== null) {
    return answerEmbeddings(exchange, { request: asked, behaviour, plan, manner: embedder, stamp })
  }
  const { models } = behaviour
  sendPlain(exchange, wire.answerOther({ ...asked, models, name: options.name }, stamp))
}

/** What the first request for a model waits longer. */
function loadTime({ loaded }: State, model: string, { loadMs }: Behaviour): number {
  if (loaded.has(model)) return 0
  loaded.add(model)
  return loadMs
}

/** The simulator's own behaviour, with the next scripted entry and the request's header laid over it. */
function behaviourFor(state: State, request: IncomingMessage): Behaviour | { readonly problem: string } {
  const header = request.headers['x-simulator']
  if (state.next.length === 0 && header === undefined) return state.behaviour
  const [scripted, ...rest] = state.next
  state.next = rest
  const behaviour = { ...state.behaviour, ...scripted }
  if (typeof header !== 'string') return behaviour
  const reading = readRequestPatch(parseJson(header))
  if ('problem' in reading) return reading
  const problem = faultProblem(reading.patch, state.wire)
  return problem === null ? { ...behaviour, ...reading.patch } : { problem }
}

function readBody(request: IncomingMessage, done: (body: string) => void): void {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => done(parts.length === 1 ? String(parts[0]) : Buffer.concat(parts).toString()))
  // A caller that goes away while it still sends has asked nothing yet.
  request.on('error', () => {})
}

function queryOf({ url = '' }: IncomingMessage): string {
  const start = url.indexOf('?')
  return start < 0 ? '' : url.slice(start + 1)
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? ''
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}
