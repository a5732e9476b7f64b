/** The control endpoints: what a person or another process uses to change a simulator while it runs. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBehaviourPatch } from './behaviour-input.ts'
import type { Behaviour, BehaviourPatch } from './behaviour.ts'
import type { Recorder, SimulatorStats } from './records.ts'

export const controlPrefix = '/_simulator/'

export interface Controlled {
  readonly recorder: Recorder
  behaviour(): Behaviour
  /** Why a change cannot be made; null: it can. */
  problemWith(patch: BehaviourPatch): string | null
  behave(patch: BehaviourPatch): Promise<void>
  stats(): SimulatorStats
}

export interface ControlRequest {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly path: string
  readonly body: string
}

export function control(simulator: Controlled, { request, response, path, body }: ControlRequest): void {
  switch (`${request.method ?? ''} ${path.slice(controlPrefix.length)}`) {
    case 'GET behaviour':
      return answer(response, 200, simulator.behaviour())
    case 'POST behaviour':
      return changeBehaviour(simulator, { request, response, path, body })
    case 'GET requests':
      return answer(response, 200, simulator.recorder.requests())
    case 'DELETE requests':
      simulator.recorder.clear()
      return answer(response, 200, [])
    case 'GET stats':
      return answer(response, 200, simulator.stats())
    default:
      return answer(response, 404, {
        problem: 'known are GET and POST behaviour, GET and DELETE requests, and GET stats',
      })
  }
}

function changeBehaviour(simulator: Controlled, { request, response, body }: ControlRequest): void {
  // A web page can send text to a loopback port unasked, but not JSON: the browser would have to ask first.
  if (request.headers['content-type']?.startsWith('application/json') !== true) {
    return answer(response, 415, { problem: 'send content-type: application/json' })
  }
  const parsed = parseJson(body)
  const reading = parsed === undefined ? { problem: 'the body is not JSON' } : readBehaviourPatch(parsed)
  if ('problem' in reading) return answer(response, 400, reading)
  const problem = simulator.problemWith(reading.patch)
  if (problem !== null) return answer(response, 400, { problem })
  const { refuseConnections, ...rest } = reading.patch
  void simulator.behave(rest)
  answer(response, 200, { ...simulator.behaviour(), ...(refuseConnections === undefined ? {} : { refuseConnections }) })
  // Answered first: shutting the listener breaks this connection too.
  if (refuseConnections !== undefined) response.on('close', () => void simulator.behave({ refuseConnections }))
  if (refuseConnections !== undefined) response.socket?.end()
}

/** undefined when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function answer(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
