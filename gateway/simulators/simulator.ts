/**
 * A simulated provider: a real HTTP server on loopback that speaks OpenAI's chat wire, healthy or ill. It shares no
 * code with the gateway: what it sends was written from recordings, or a test against it would prove nothing.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readRequestPatch } from './behaviour-input.ts'
import type { Behaviour, BehaviourPatch, RequestPatch } from './behaviour.ts'
import { healthy } from './behaviour.ts'
import { control, controlPrefix, parseJson } from './control.ts'
import { mix } from './draw.ts'
import { openExchange, sendPlain } from './exchange.ts'
import { planFaults } from './faults.ts'
import type { Listener } from './listener.ts'
import { openListener } from './listener.ts'
import { answerChat } from './openai-chat/answering.ts'
import { renderErrorBody, usualError } from './openai-chat/errors.ts'
import type { Style, StyleName } from './openai-chat/styles.ts'
import { styles } from './openai-chat/styles.ts'
import type { RecordedRequest, Recorder, SimulatorStats } from './records.ts'
import { createRecorder } from './records.ts'

export interface SimulatorOptions {
  /** Used in ids and logs. */
  readonly name: string
  /** 0 (the default) takes a free port. */
  readonly port?: number
  readonly host?: string
  /** A named style, or one of your own (`{...styles.openai, toolIndex: false}`). Default: OpenAI's own. */
  readonly style?: StyleName | Style
  readonly behaviour?: BehaviourPatch
  readonly seed?: number
  /** How many requests are remembered; default 10,000. */
  readonly keep?: number
}

export interface Simulator {
  readonly name: string
  /** The origin, without a slash at the end. */
  readonly url: string
  /** What a client or connection is given as base URL. */
  readonly baseUrl: string
  readonly port: number
  behaviour(): Behaviour
  /** Changes what is named and leaves the rest. Resolves once the listener is as asked. */
  behave(patch: BehaviourPatch): Promise<void>
  requests(): readonly RecordedRequest[]
  clearRequests(): void
  stats(): SimulatorStats
  close(): Promise<void>
}

interface State {
  readonly options: Required<Omit<SimulatorOptions, 'behaviour' | 'style'>>
  readonly style: Style
  readonly recorder: Recorder
  behaviour: Behaviour
  next: readonly RequestPatch[]
}

export async function startSimulator(given: SimulatorOptions): Promise<Simulator> {
  const options = { port: 0, host: '127.0.0.1', seed: 1, keep: 10_000, ...given }
  const style = typeof given.style === 'object' ? given.style : styles[given.style ?? 'openai']
  const state: State = { options, style, recorder: createRecorder(options.keep), behaviour: healthy, next: [] }
  let listener: Listener | null = null
  let reopening: NodeJS.Timeout | null = null
  const behave = async ({ next, ...patch }: BehaviourPatch): Promise<void> => {
    state.behaviour = { ...state.behaviour, ...patch }
    if (next !== undefined) state.next = next
    if (patch.refuseConnections === undefined || listener === null) return
    if (reopening !== null) clearTimeout(reopening)
    const refuse = patch.refuseConnections
    if (refuse === false) return listener.open()
    await shut(state.recorder, listener)
    if (typeof refuse === 'number') reopening = setTimeout(() => void behave({ refuseConnections: false }), refuse)
  }
  const stats = () => state.recorder.stats(listener?.connections() ?? 0)
  const controlled = { recorder: state.recorder, behaviour: () => state.behaviour, behave, stats }
  const opened = await openListener((request, response) => {
    readBody(request, (body) => {
      const path = pathOf(request)
      if (path.startsWith(controlPrefix)) control(controlled, { request, response, path, body })
      else serve(state, { request, response, path, body })
    })
  }, options)
  listener = opened
  await behave(given.behaviour ?? {})
  const url = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${opened.port}`
  return {
    name: options.name,
    url,
    baseUrl: url + style.basePath,
    port: opened.port,
    behaviour: () => state.behaviour,
    behave,
    requests: () => state.recorder.requests(),
    clearRequests: () => state.recorder.clear(),
    stats,
    close: async () => {
      if (reopening !== null) clearTimeout(reopening)
      await shut(state.recorder, opened)
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
  const { recorder, style, options } = state
  const parsed = body === '' ? undefined : parseJson(body)
  const record = recorder.open({ method: request.method ?? '', path: request.url ?? '', headers: request.headers })
  record.body = parsed ?? body
  const seed = mix(options.seed, record.number)
  const behaviour = behaviourFor(state, request)
  if ('problem' in behaviour) {
    const exchange = openExchange(response, record, { recorder, pace: { ...healthy, slowness: 1, extraMs: 0, seed } })
    const error = usualError(400, { message: `${options.name}: ${behaviour.problem}` })
    return sendPlain(exchange, { status: 400, body: renderErrorBody(style.errors, error) })
  }
  const plan = planFaults(behaviour.faults, { seed: options.seed, request: record.number, model: modelOf(parsed) })
  if (plan.kinds.length > 0) recorder.fault(record, plan.kinds)
  const { firstContentMs, tokensPerSecond, jitter } = behaviour
  const { slowness, extraMs } = plan
  const pace = { firstContentMs, tokensPerSecond, jitter, slowness, extraMs, seed }
  const exchange = openExchange(response, record, { recorder, pace })
  const asksChat = path.endsWith('/chat/completions')
  if (asksChat && request.method === 'POST') {
    return answerChat(exchange, { body: parsed, behaviour, plan, style, seed: options.seed })
  }
  if (path === `${style.basePath}/models` && request.method === 'GET') {
    return sendPlain(exchange, { status: 200, body: modelList(options.name) })
  }
  const error = usualError(asksChat ? 405 : 404, { message: `Unknown request: ${request.method ?? ''} ${path}` })
  sendPlain(exchange, { status: error.status, body: renderErrorBody(style.errors, { ...error, code: null }) })
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
  return 'problem' in reading ? reading : { ...behaviour, ...reading.patch }
}

function readBody(request: IncomingMessage, done: (body: string) => void): void {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => done(parts.length === 1 ? String(parts[0]) : Buffer.concat(parts).toString()))
  // A caller that goes away while it still sends has asked nothing yet.
  request.on('error', () => {})
}

function modelOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'model' in body ? body.model : undefined
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? ''
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}

function modelList(name: string): string {
  return JSON.stringify({
    object: 'list',
    data: [{ id: `${name}-model`, object: 'model', created: 0, owned_by: name }],
  })
}
