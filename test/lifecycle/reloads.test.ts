/** Two hundred reloads under streams, in a process of its own: nothing cut, no new connection, and memory as before. */
import { readFileSync, rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import { verifySpool } from '../../gateway/spool/verify.ts'
import { spoolLines, until } from '../support/gateway.ts'
import type { ServingProcess } from '../support/process.ts'
import { usageOf } from '../support/process.ts'
import { ask, Ground, manifestOf, publish, statusOf } from './ground.ts'

const reloads = 200
const callers = 8
/** So many that two hundred tables, if they stayed, would be most of the memory. */
const routes = 150

/** Collects garbage and writes down what is left, when it is told to. */
const probe = `
import { writeFileSync, renameSync } from 'node:fs'
process.on('SIGUSR2', () => {
  gc()
  gc()
  writeFileSync('heap.new', String(process.memoryUsage().heapUsed))
  renameSync('heap.new', 'heap')
})
`

async function heapOf(ground: Ground, gateway: ServingProcess): Promise<number> {
  rmSync(ground.path('heap'), { force: true })
  gateway.signal('SIGUSR2')
  let text = ''
  await until('the heap is measured', () => {
    try {
      text = readFileSync(ground.path('heap'), 'utf8')
      return true
    } catch {
      return false
    }
  })
  return Number(text)
}

it('cut nothing, open no connection, and leave nothing behind', { timeout: 120_000 }, async () => {
  const ground = new Ground()
  const a = await ground.provide({ behaviour: { tokensPerSecond: 200, chunks: 40 } })
  const store = await ground.openStore()
  const more = Array.from({ length: routes }, (_, number) => ({
    name: `route-${number}`,
    match: { model: [`model-${number}`, `other-${number}-*`] },
    targets: [
      { provider: 'a', model: 'x', weight: 60 },
      { provider: 'a', model: 'y', weight: 40 },
    ],
  }))
  const manifest = (turn: number) => {
    const { providers, ai_routes } = manifestOf(a)
    const [chat] = ai_routes
    const targets = [{ provider: 'a', model: `x${turn}` }]
    return { providers, ai_routes: [{ ...chat, targets }, ...more] }
  }
  const latest = { revision: await publish(store, manifest(0)) }
  ground.write('probe.mjs', probe)
  const node = ['--expose-gc', '--import', ground.path('probe.mjs')]
  const gateway = await ground.serve(['--store', 'file:store'], { node })
  const generation = async () => Number((await statusOf(gateway.adminUrl))['revision'])
  const reload = async (turn: number) => {
    latest.revision = await publish(store, manifest(turn))
    await until('it serves', async () => (await generation()) === latest.revision)
  }

  const end = { reached: false }
  const streams: string[] = []
  const calling = Array.from({ length: callers }, async () => {
    while (!end.reached) {
      streams.push((await (await ask(gateway.url, true)).text()).slice(-14))
      // The provider's connection is free a moment after the last byte that is for the caller. Whoever comes back within
      // it needs another one, reload or no reload.
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
  })
  // Warm: every function has run, and the heap has found its size.
  for (let turn = 1; turn <= 20; turn += 1) await reload(turn)
  // The same load without a reload: what it opens is not for reloads.
  const warm = { connections: a.stats().connections, streams: streams.length }
  await until('they have called again and again', () => streams.length > warm.streams + callers * 5)
  expect(a.stats().connections).toBe(warm.connections)
  const before = { heap: await heapOf(ground, gateway), connections: a.stats().connections, ...usageOf(gateway.pid) }
  for (let turn = 21; turn <= 20 + reloads; turn += 1) await reload(turn)
  const after = { connections: a.stats().connections, ...usageOf(gateway.pid) }
  end.reached = true
  await Promise.all(calling)
  await until('all have drained', async () => {
    const { draining, inFlight } = await statusOf(gateway.adminUrl)
    return Array.isArray(draining) && draining.length === 0 && inFlight === 0
  })
  expect((await heapOf(ground, gateway)) / before.heap).toBeLessThan(1.25)
  expect(after.descriptors - before.descriptors).toBeLessThan(10)
  expect(after.connections).toBe(before.connections)

  const status = await statusOf(gateway.adminUrl)
  expect(status).toMatchObject({ generation: 21 + reloads, requests: { cut: 0, broken: 0, failed: 0 } })
  const generations = status['generations'] as readonly { state: string; cut: number; finished_after: number }[]
  expect(generations.filter(({ state }) => state === 'serving')).toHaveLength(1)
  expect(generations.every(({ state, cut }) => state !== 'draining' && cut === 0)).toBe(true)
  expect(generations.some(({ finished_after: finished }) => finished > 0)).toBe(true)
  expect((await gateway.stop()).code).toBe(0)

  expect(new Set(streams)).toEqual(new Set(['data: [DONE]\n\n']))
  expect(streams.length).toBeGreaterThan(callers * 4)
  const records = (await spoolLines(ground.spool)).flatMap((line) => (line.kind === 'record' ? [line.record] : []))
  expect(records.map(({ finish }) => finish.outcome)).toEqual(streams.map(() => 'served'))
  expect(new Set(records.map((record) => record.generation)).size).toBeGreaterThan(20)
  expect((await verifySpool(ground.spool)).faults).toEqual([])
})
