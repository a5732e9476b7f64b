/** `kill -9` at any moment, under load: no acknowledged request is lost or doubled, and what was under way is named. */
import { appendFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { listSegments } from '../../gateway/spool/reader.ts'
import { verifySpool } from '../../gateway/spool/verify.ts'
import type { RequestRecord } from '../../schemas/index.ts'
import { spoolLines, until } from '../support/gateway.ts'
import type { ServingProcess } from '../support/process.ts'
import { ask, Ground, manifestOf } from './ground.ts'

const rounds = 12
const callers = 12

/** Asks until the gateway is gone; notes whoever got the last byte of an answer. */
async function call(url: string, stream: boolean, acknowledged: Set<string>): Promise<void> {
  for (;;) {
    try {
      const reply = await ask(url, stream)
      const text = await reply.text()
      const isWhole = stream ? text.endsWith('data: [DONE]\n\n') : reply.status === 200
      if (isWhole) acknowledged.add(reply.headers.get('x-request-id') ?? '')
    } catch {
      return
    }
  }
}

async function killUnderLoad(gateway: ServingProcess, afterMs: number, acknowledged: Set<string>): Promise<void> {
  const before = acknowledged.size
  const calling = Array.from({ length: callers }, (_, number) => call(gateway.url, number % 2 === 0, acknowledged))
  await until('traffic flows', () => acknowledged.size > before)
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  expect(await gateway.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' })
  await Promise.all(calling)
}

it('killed again and again, it has a record of everybody it answered', { timeout: 120_000 }, async () => {
  const ground = new Ground()
  const a = await ground.provide({ behaviour: { firstContentMs: 5, jitter: 1, chunks: 12, tokensPerSecond: 800 } })
  ground.write('routes.yaml', JSON.stringify(manifestOf(a)))
  const acknowledged = new Set<string>()
  let torn = 0
  for (let round = 0; round < rounds; round += 1) {
    const gateway = await ground.serve(['--manifest', 'routes.yaml'])
    expect(gateway.events('spool_repaired')).toHaveLength(torn)
    // Never the same moment: within what is about to be read, decided, written or answered.
    await killUnderLoad(gateway, (round * 37) % 250, acknowledged)
    torn = round % 3 === 2 ? 1 : 0
    const [last = ''] = (await listSegments(ground.spool)).slice(-1)
    // The system seldom leaves half a line by itself, so that now and then we do.
    if (torn === 1) appendFileSync(last, '{"v":1,"process":"0123456789abcdef","seq":99,"prev":"00')
  }
  const last = await ground.serve(['--manifest', 'routes.yaml'])
  expect((await last.stop()).code).toBe(0)
  const records = (await spoolLines(ground.spool)).flatMap((line): RequestRecord[] =>
    line.kind === 'record' ? [line.record] : [],
  )
  const recorded = new Set(records.map(({ id }) => id))
  expect(acknowledged.size).toBeGreaterThan(rounds * callers)
  expect([...acknowledged].filter((id) => !recorded.has(id))).toEqual([])
  expect(recorded.size).toBe(records.length)
  const { faults, processes } = await verifySpool(ground.spool)
  expect(processes).toBe(rounds + 1)
  // Streams that had begun: named, and not one of them was acknowledged.
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(['unfinished']))
  const unfinished = faults.map(({ message }) => /request (\S+) was begun/.exec(message)?.[1] ?? '')
  expect(unfinished.filter((id) => acknowledged.has(id) || recorded.has(id))).toEqual([])
})
