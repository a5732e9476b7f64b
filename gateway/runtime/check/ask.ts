/** One call of a check, over the pool that requests of this connection would use. */
import type { OriginPool } from '../transport/pools.ts'
import type { Answer } from './judge.ts'

export interface Question {
  readonly method: 'GET' | 'POST'
  /** After the origin. */
  readonly path: string
  /** Name, value, name, value … */
  readonly headers: readonly string[]
  readonly body: string | Uint8Array | null
}

export type Heard =
  | { readonly answer: Answer; readonly ms: number }
  /** `timedOut`: not the connection's own limits ended it, but ours. */
  | { readonly error: Error; readonly ms: number; readonly timedOut: boolean }

/** A longer list of models is no list of models. */
const longestAnswer = 8 * 1024 * 1024

/** Never throws. */
export async function ask({ pool }: OriginPool, question: Question, timeoutMs: number): Promise<Heard> {
  const abort = new AbortController()
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    abort.abort()
  }, timeoutMs)
  const startMs = performance.now()
  const elapsedMs = (): number => Math.round(performance.now() - startMs)
  try {
    const { method, path, headers, body } = question
    const reply = await pool.request({ method, path, headers: [...headers], body, signal: abort.signal })
    const parts: Buffer[] = []
    let size = 0
    for await (const part of reply.body as AsyncIterable<Buffer>) {
      size += part.byteLength
      if (size > longestAnswer) throw new Error('the answer goes on and on')
      parts.push(part)
    }
    const answer = { status: reply.statusCode, headers: flat(reply.headers), body: Buffer.concat(parts).toString() }
    return { answer, ms: elapsedMs() }
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)), ms: elapsedMs(), timedOut }
  } finally {
    clearTimeout(timer)
  }
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Answer['headers'] {
  const entries = Object.entries(headers)
  return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]))
}
