/** Callers of the fidelity test: many at once, plain and streamed, some of whom hang up. Bounded in number and time. */
import type { TestGateway } from '../support/gateway.ts'
import type { World } from './world.ts'
import { manifestOf, script, scriptMs } from './world.ts'

export interface Traffic {
  readonly requests: number
  readonly callers: number
}

export interface Heard {
  answers: number
  errors: number
  broken: number
  hungUp: number
}

const models = [
  'mixed',
  'mixed',
  'mixed',
  'shares',
  'strict-1',
  'ceilings',
  'only-ceilings',
  'sizes',
  'fastest',
  'cheapest',
  'alone',
  'nobody',
  'lossless',
  'nothing',
  'tokens',
  'vectors',
  'vectors',
]
/** Keeps the whole run as long as the script, so that every turn of it meets traffic. */
const paceMs = 4

/** Sends the traffic while the script runs and the manifest is changed again and again. */
export async function drive(gateway: TestGateway, world: World, traffic: Traffic): Promise<Heard> {
  const heard: Heard = { answers: 0, errors: 0, broken: 0, hungUp: 0 }
  const stop = playScript(gateway, world)
  let next = 0
  const caller = async () => {
    while (next < traffic.requests) {
      const index = next
      next += 1
      await one(gateway, index, heard)
      await sleep((paceMs * traffic.callers) / 2)
    }
  }
  await Promise.all(Array.from({ length: traffic.callers }, caller))
  await stop()
  return heard
}

function playScript(gateway: TestGateway, world: World): () => Promise<void> {
  const startedAt = Date.now()
  let position = 0
  let round = 0
  let turn = 0
  const pending = new Set<Promise<void>>()
  const act = setInterval(() => {
    const elapsed = Date.now() - startedAt - round * scriptMs
    for (let due = script[position]; due !== undefined && due.atMs <= elapsed; due = script[position]) {
      position += 1
      const done = world[due.who].behave({ faults: due.faults }).finally(() => pending.delete(done))
      pending.add(done)
    }
    if (elapsed < scriptMs) return
    round += 1
    position = 0
  }, 10)
  const reload = setInterval(() => {
    turn += 1
    gateway.writeManifest(manifestOf(world, turn))
  }, 700)
  return async () => {
    clearInterval(act)
    clearInterval(reload)
    await Promise.all(pending)
  }
}

function chatAsk(index: number, model: string, stream: boolean): object {
  const words = index % 7 === 0 ? 600 : 8
  const tools = [{ type: 'function', function: { name: 'look_up', parameters: { type: 'object', properties: {} } } }]
  return {
    model,
    stream,
    messages: [{ role: 'user', content: 'word '.repeat(words) }],
    ...(index % 5 === 0 && { tools }),
    ...(index % 4 === 0 && { max_tokens: index % 8 === 0 ? 395 : 20 }),
    ...(index % 9 === 0 && { logprobs: true }),
  }
}

/** Twelve inputs are more than one of the targets takes, and together too long for the window of another. */
function embeddingsAsk(index: number, model: string): object {
  const input = Array.from({ length: index % 3 === 0 ? 12 : 2 }, () => 'word '.repeat(30))
  return { model, input, ...(index % 4 === 0 && { user: 'u' }) }
}

async function one(gateway: TestGateway, index: number, heard: Heard): Promise<void> {
  const model = models[index % models.length] ?? 'mixed'
  const stream = index % 2 === 0
  const tenant = { 'x-tenant': index % 3 === 0 ? 'red' : 'blue', 'x-session': `s${index % 11}` }
  const hangUpAfterMs = index % 13 === 0 ? 5 + (index % 50) : null
  const abort = new AbortController()
  const timer = hangUpAfterMs === null ? null : setTimeout(() => abort.abort(), hangUpAfterMs)
  const embeds = model === 'vectors' || index % 19 === 0
  try {
    const reply = await fetch(`${gateway.gateway.url}/v1/${embeds ? 'embeddings' : 'chat/completions'}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...tenant },
      body: JSON.stringify(embeds ? embeddingsAsk(index, model) : chatAsk(index, model, stream)),
      signal: abort.signal,
    })
    const text = await reply.text()
    if (reply.status !== 200) heard.errors += 1
    else if (stream && !embeds && !text.includes('data: [DONE]')) heard.broken += 1
    else heard.answers += 1
  } catch {
    heard.hungUp += 1
  } finally {
    if (timer !== null) clearTimeout(timer)
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
