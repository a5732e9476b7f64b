/** The callers of the soak: plain and streamed, with a key, some of whom hang up; and a ledger of what each was told. */
import OpenAI from 'openai'
import { Agent } from 'undici'
import { keys } from './world.ts'

/**
 * `whole`: the last byte came. `hung up`: the caller left before that. `broken`: the connection ended before that, and
 * the caller had not left. `not heard`: there was no connection, or nothing came on it.
 */
export type Ending = 'whole' | 'hung up' | 'broken' | 'not heard'

export interface Heard {
  readonly kind: 'plain' | 'stream' | 'client'
  readonly ending: Ending
  /** Our own, of the answer; null where none came. */
  readonly id: string | null
  readonly status: number
  /** Of an error; null where there is none. */
  readonly code: string | null
  /** By the wall clock. */
  readonly fromMs: number
  readonly toMs: number
}

const models = ['weighted', 'openai', 'anthropic', 'ollama', 'alone', 'quickest', 'weighted', 'unknown'] as const

export class Callers {
  readonly heard: Heard[] = []
  private readonly url: string
  private readonly agent = new Agent({ keepAliveTimeout: 4000 })
  private readonly client: OpenAI
  private readonly open = new Set<Promise<void>>()
  private sent = 0

  constructor(url: string) {
    this.url = url
    this.client = new OpenAI({ baseURL: `${url}/v1`, apiKey: keys[1], maxRetries: 0 })
  }

  underWay(): number {
    return this.open.size
  }

  /** Sends so many a second until the time is over, then waits for those under way. */
  async run(perSecond: number, forMs: number): Promise<void> {
    const startedAt = performance.now()
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        const passedMs = Math.min(forMs, performance.now() - startedAt)
        for (const due = Math.floor((passedMs * perSecond) / 1000); this.sent < due;) this.send()
        if (passedMs < forMs) return
        clearInterval(timer)
        resolve()
      }, 10)
    })
    await Promise.all(this.open)
    await this.agent.close()
  }

  private send(): void {
    const number = this.sent
    this.sent += 1
    const call = (number % 8 === 5 ? this.callByClient(number) : this.callByHand(number)).finally(() =>
      this.open.delete(call),
    )
    this.open.add(call)
  }

  private async callByHand(number: number): Promise<void> {
    const stream = number % 3 !== 0
    const fromMs = Date.now()
    const abort = new AbortController()
    // Spread over everything that may happen to a request, its end included.
    const hangsUp = number % 7 === 0 ? setTimeout(() => abort.abort(), (number * 37) % 700) : null
    let told: Pick<Heard, 'id' | 'status'> = { id: null, status: 0 }
    let text = ''
    try {
      const reply = await this.agent.request({
        origin: this.url,
        path: '/v1/chat/completions',
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${keys[number % 2]}` },
        body: JSON.stringify({
          model: models[number % models.length],
          stream,
          max_tokens: 100,
          messages: [{ role: 'user', content: 'word '.repeat(number % 40) }],
        }),
        signal: abort.signal,
      })
      told = { id: String(reply.headers['x-request-id'] ?? ''), status: reply.statusCode }
      for await (const part of reply.body) text += String(part)
      this.note({ kind: stream ? 'stream' : 'plain', ending: 'whole', ...told, code: codeOf(text), fromMs })
    } catch {
      const ending = abort.signal.aborted ? 'hung up' : told.id === null ? 'not heard' : 'broken'
      this.note({ kind: stream ? 'stream' : 'plain', ending, ...told, code: null, fromMs })
    } finally {
      if (hangsUp !== null) clearTimeout(hangsUp)
    }
  }

  /** As most callers do: through OpenAI's own client. */
  private async callByClient(number: number): Promise<void> {
    const fromMs = Date.now()
    const kind = 'client'
    let id: string | null = null
    try {
      const { data, request_id: own } = await this.client.chat.completions
        .create({
          model: models[number % models.length] ?? 'weighted',
          stream: true,
          messages: [{ role: 'user', content: 'Hello' }],
        })
        .withResponse()
      id = own
      for await (const _ of data);
      this.note({ kind, ending: 'whole', id, status: 200, code: null, fromMs })
    } catch (error) {
      // A connection that breaks in the middle of a stream is told by whatever the system calls it.
      const told = error instanceof OpenAI.APIError ? error : null
      const requestId = told?.requestID ?? id
      // An error event inside a stream has no status, and a connection that failed has no code.
      const code = told?.code ?? null
      const ending = code !== null ? 'whole' : requestId === null ? 'not heard' : 'broken'
      this.note({ kind, ending, id: requestId, status: Number(told?.status ?? 0), code, fromMs })
    }
  }

  private note(heard: Omit<Heard, 'toMs'>): void {
    this.heard.push({ ...heard, toMs: Date.now() })
  }
}

/** Of an error body, or of an error event at the end of a stream. */
function codeOf(text: string): string | null {
  return /"error":\{.*?"code":"(\w+)"/s.exec(text)?.[1] ?? null
}
