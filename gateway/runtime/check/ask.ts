/** One call of a check, over the pool and with the credentials that requests of this connection would use. */
import type { Authenticator, OutgoingCall } from '../transport/authentication/authenticator.ts'
import { credentialsFailure } from '../transport/authentication/trouble.ts'
import type { OriginPool } from '../transport/pools.ts'
import { type Answer, EndlessAnswer } from './judge.ts'

export interface Asking {
  readonly pool: OriginPool
  /** null: who calls stands in the headers already, by a key or not at all. */
  readonly authenticator: Authenticator | null
  readonly timeoutMs: number
}

export type Heard =
  /** `secrets`: what was sent beside the connection's own, in every form it may come back in. */
  | { readonly answer: Answer; readonly ms: number; readonly secrets: readonly string[] }
  /** `timedOut`: not the connection's own limits ended it, but ours. */
  | { readonly error: Error; readonly ms: number; readonly timedOut: boolean }
  /** There was nothing to say who calls, in one sentence. */
  | { readonly unidentified: string; readonly ms: number }

/** Never throws. */
export async function ask(call: OutgoingCall, { pool, authenticator, timeoutMs }: Asking): Promise<Heard> {
  const abort = new AbortController()
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    abort.abort()
  }, timeoutMs)
  const startMs = performance.now()
  const elapsedMs = (): number => Math.round(performance.now() - startMs)
  try {
    const identified = await identify(call, authenticator, abort.signal)
    if ('unidentified' in identified) return { ...identified, ms: elapsedMs() }
    const answer = await send({ ...call, headers: identified.headers }, pool, abort.signal)
    return { answer, ms: elapsedMs(), secrets: identified.secrets }
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)), ms: elapsedMs(), timedOut }
  } finally {
    clearTimeout(timer)
  }
}

type Identified = Pick<OutgoingCall, 'headers'> & { readonly secrets: readonly string[] }

/** The provider is not to blame when the time is over before anybody has called it. */
async function identify(
  call: OutgoingCall,
  authenticator: Authenticator | null,
  signal: AbortSignal,
): Promise<Identified | { readonly unidentified: string }> {
  if (authenticator === null) return { headers: call.headers, secrets: [] }
  const over = new Promise<{ readonly unidentified: string }>((resolve) => {
    const unidentified = 'no credentials came in time: allow more with --timeout'
    signal.addEventListener('abort', () => resolve({ unidentified }), { once: true })
  })
  const told = authenticator.identify(call).catch((error: unknown) => {
    const { message } = credentialsFailure(error instanceof Error ? error : new Error(String(error)))
    return { unidentified: message }
  })
  return await Promise.race([told, over])
}

async function send(
  { method, path, headers, body }: OutgoingCall,
  { pool }: OriginPool,
  signal: AbortSignal,
): Promise<Answer> {
  const reply = await pool.request({ method, path, headers: [...headers], body, signal })
  const parts: Buffer[] = []
  let size = 0
  for await (const part of reply.body as AsyncIterable<Buffer>) {
    size += part.byteLength
    if (size > longestAnswer) throw new EndlessAnswer()
    parts.push(part)
  }
  return { status: reply.statusCode, headers: flat(reply.headers), body: Buffer.concat(parts).toString() }
}

/** A longer list of models is no list of models. */
const longestAnswer = 8 * 1024 * 1024

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Answer['headers'] {
  const entries = Object.entries(headers)
  return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]))
}
