/**
 * Callers that do not wait for one another: a request is sent when it is due, whatever became of those before it. That
 * is how traffic comes, and only that shows what an overloaded gateway does to it.
 */
import { Agent } from 'undici'

export interface OpenLoop {
  /** Of the gateway. */
  readonly url: string
  readonly perSecond: number
  readonly forMs: number
  /** JSON. */
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answer {
  readonly status: number
  /** The whole of it. */
  readonly text: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** From when it was due to its last byte. */
  readonly ms: number
}

/** Sends at a steady rate and waits for every answer; a broken connection is a status of 0. */
export async function openLoop({ url, perSecond, forMs, body, headers = {} }: OpenLoop): Promise<readonly Answer[]> {
  const agent = new Agent({ connections: null, keepAliveTimeout: 10_000 })
  const count = Math.round((perSecond * forMs) / 1000)
  const startAt = performance.now() + 10
  const answers: Promise<Answer>[] = []
  await new Promise<void>((resolve) => {
    const tick = (): void => {
      const due = Math.min(count, Math.floor(((performance.now() - startAt) * perSecond) / 1000) + 1)
      for (let number = answers.length; number < due; number += 1) {
        answers.push(ask(agent, { url, body, headers, dueAt: startAt + (number * 1000) / perSecond }))
      }
      if (answers.length < count) setTimeout(tick, 2)
      else resolve()
    }
    tick()
  })
  const all = await Promise.all(answers)
  await agent.close()
  return all
}

interface Due extends Pick<OpenLoop, 'url' | 'body'> {
  readonly headers: Readonly<Record<string, string>>
  readonly dueAt: number
}

async function ask(agent: Agent, { url, body, headers, dueAt }: Due): Promise<Answer> {
  const sinceDue = () => performance.now() - dueAt
  try {
    const reply = await agent.request({
      origin: url,
      path: '/v1/chat/completions',
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
    const text = await reply.body.text()
    return { status: reply.statusCode, text, headers: reply.headers, ms: sinceDue() }
  } catch (error) {
    return { status: 0, text: String(error), headers: {}, ms: sinceDue() }
  }
}
