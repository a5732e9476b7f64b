/** Starting, reloading and stopping while traffic runs: nothing is cut that need not be, nothing is left behind. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openFileStore } from '../../gateway/release/file-store.ts'
import { buildDraft } from '../../gateway/release/release.ts'
import type { ReleaseStore } from '../../gateway/release/store.ts'
import type { Simulator } from '../../gateway/simulators/simulator.ts'
import { startSimulator } from '../../gateway/simulators/simulator.ts'
import { lockFolder, SpoolLockedError } from '../../gateway/spool/lock.ts'
import { verifySpool } from '../../gateway/spool/verify.ts'
import type { TestGateway, TestGatewayOptions } from '../support/gateway.ts'
import { spoolLines, startTestGateway, until } from '../support/gateway.ts'
import { callRaw, chatText } from '../support/raw.ts'

let a: Simulator
let folder = ''
const open: TestGateway[] = []
beforeAll(async () => {
  a = await startSimulator({ name: 'a', seed: 1 })
})
afterAll(async () => await a.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aigw-lifecycle-'))
})
afterEach(async () => {
  await a.behave({ faults: [], firstContentMs: 0, tokensPerSecond: null, chunks: null })
  for (const gateway of open.splice(0)) await gateway.close()
  rmSync(folder, { recursive: true, force: true })
})

const manifestOf = (model = 'x') => ({
  providers: { a: { type: 'openai-compatible', base_url: a.baseUrl, api_key: { env: 'TEST_KEY' } } },
  ai_routes: [{ name: 'chat', match: { model: 'm' }, targets: [{ provider: 'a', model }] }],
})

async function start(options: Partial<TestGatewayOptions> = {}): Promise<TestGateway> {
  const gateway = await startTestGateway({ manifest: JSON.stringify(manifestOf()), ...options })
  open.push(gateway)
  return gateway
}

/** On a store instead of a file. */
async function startOn(storeUrl: string, options: Partial<TestGatewayOptions> = {}): Promise<TestGateway> {
  // The file's name must not be there at all, rather than be undefined.
  const given: Partial<TestGatewayOptions> = { storeUrl, ...options }
  return await start({ ...given, ...({ manifestFile: undefined } as object) })
}

async function publish(store: ReleaseStore, model: string): Promise<number> {
  const resolved = manifestOf(model)
  const source = { manifest: resolved, variables: {}, git: null, author: null }
  const head = await store.head()
  const draft = buildDraft({ source, resolved, created_at: new Date().toISOString() })
  const published = await store.publish(draft, head?.revision ?? null)
  if (!published.ok) throw new Error('somebody else published')
  return published.release.revision
}

const body = (stream: boolean) => JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello' }], stream })
const ask = (gateway: TestGateway, stream = false) =>
  fetch(`${gateway.gateway.url}/v1/chat/completions`, { method: 'POST', body: body(stream) })

describe('reloads under load', () => {
  it('cut nothing, open no new connections, and leave no generation behind', async () => {
    const store = await openFileStore({ folder: join(folder, 'store'), pollMs: 20 })
    await publish(store, 'x0')
    const gateway = await startOn(`file:${join(folder, 'store')}`)
    await a.behave({ tokensPerSecond: 100, chunks: 40 })
    const reloads = { done: false }
    const connections: number[] = []
    const callers = Array.from({ length: 8 }, async () => {
      let streams = 0
      while (!reloads.done) {
        const text = await (await ask(gateway, true)).text()
        if (!text.endsWith('data: [DONE]\n\n')) throw new Error(`a stream was cut: ${text.slice(-200)}`)
        streams += 1
      }
      return streams
    })
    let latest = 1
    for (let reload = 1; reload <= 40; reload += 1) {
      latest = await publish(store, `x${reload}`)
      await until('it serves', () => gateway.gateway.revision() === String(latest))
      connections.push(a.stats().connections)
    }
    reloads.done = true
    const streams = await Promise.all(callers)
    expect(Math.min(...streams)).toBeGreaterThan(1)
    expect(Math.max(...connections)).toBeLessThanOrEqual(8 * 2)
    await until('all have drained', () => gateway.gateway.report().draining.length === 0)
    expect(gateway.gateway.report()).toMatchObject({ inFlight: 0, generation: 41 })
    const records = await gateway.records()
    expect(records.every((record) => record.finish.outcome === 'served')).toBe(true)
    expect(records).toHaveLength(streams.reduce((sum, count) => sum + count, 0))
  })
})

describe('closing', () => {
  it('serves a busy caller to the end, tells it to go elsewhere, and fails none of its requests', async () => {
    const gateway = await start({ drainTimeoutMs: 2000 })
    await a.behave({ firstContentMs: 40 })
    const seen: number[] = []
    const end = { told: false, gone: false }
    const callers = Array.from({ length: 6 }, async () => {
      while (!end.gone) {
        const reply = await ask(gateway).catch(() => null)
        // A connection that is refused was never accepted: that caller knows nobody heard it.
        if (reply === null) break
        end.told ||= reply.headers.get('connection') === 'close'
        seen.push(reply.status)
        await reply.text()
      }
    })
    await until('traffic flows', () => seen.length > 12)
    const startedAt = performance.now()
    await gateway.gateway.close()
    expect(performance.now() - startedAt).toBeLessThan(2000)
    end.gone = true
    await Promise.all(callers)
    expect(new Set(seen)).toEqual(new Set([200]))
    expect(end.told).toBe(true)
  })

  it('lets a stream finish within its time, cuts off one that does not, and records both', async () => {
    const gateway = await start({ drainTimeoutMs: 1200 })
    await a.behave({ tokensPerSecond: 100, chunks: 60 })
    const short = await ask(gateway, true)
    await a.behave({ tokensPerSecond: 10, chunks: 600 })
    const long = await ask(gateway, true)
    const both = Promise.allSettled([short.text(), long.text()])
    const startedAt = performance.now()
    const first = gateway.gateway.close()
    await Promise.all([first, gateway.gateway.close()])
    // Both calls to close wait for the same end.
    await expect(fetch(`${gateway.gateway.url}/healthz`)).rejects.toThrow()
    expect(performance.now() - startedAt).toBeGreaterThan(1100)
    expect(performance.now() - startedAt).toBeLessThan(2500)
    const [shortEnd, longEnd] = await both
    expect(shortEnd.status === 'fulfilled' && shortEnd.value.endsWith('data: [DONE]\n\n')).toBe(true)
    expect(longEnd.status).toBe('rejected')
    const outcomes = (await gateway.records()).map((record) => record.finish.outcome)
    expect(outcomes).toEqual(['served', 'abandoned'])
    expect((await verifySpool(gateway.spool)).faults).toEqual([])
  })

  it('is not held up by half a request, nor by a connection that nobody uses', async () => {
    const gateway = await start({ drainTimeoutMs: 600 })
    const half = await callRaw(gateway.gateway.url, chatText({ model: 'm', messages: [] }).slice(0, -5))
    const idle = await callRaw(gateway.gateway.url, 'GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await idle.receives(/ok/)
    const startedAt = performance.now()
    await gateway.gateway.close()
    expect(performance.now() - startedAt).toBeLessThan(1500)
    await half.ends()
    await idle.ends()
  })

  it('waits for a slow reader whose answer is whole but not yet taken', async () => {
    const gateway = await start({ drainTimeoutMs: 4000 })
    await a.behave({ reply: { text: 'x'.repeat(12_000_000) } })
    const caller = await callRaw(gateway.gateway.url)
    caller.socket.pause()
    caller.socket.write(chatText(JSON.parse(body(false))))
    await until('the request has finished', () => gateway.logs.some((line) => line.event === 'request'))
    const closing = gateway.gateway.close()
    await new Promise((resolve) => setTimeout(resolve, 300))
    caller.socket.resume()
    await closing
    const text = await caller.ends()
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1])
    expect(text.length - text.indexOf('\r\n\r\n') - 4).toBe(length)
    await a.behave({ reply: null })
  })
})

describe('a store', () => {
  it('that vanishes and comes back changes nothing, and is not complained of for ever', async () => {
    const path = join(folder, 'store')
    const store = await openFileStore({ folder: path, pollMs: 20 })
    await publish(store, 'x')
    const gateway = await startOn(`file:${path}`)
    expect(gateway.gateway.report()).toMatchObject({ revision: 1, ready: true, problem: null })
    renameSync(join(path, 'releases'), join(folder, 'aside'))
    // Not a folder any more, so that it cannot even be listed.
    writeFileSync(join(path, 'releases'), '')
    await until('it is missed', () => gateway.gateway.report().problem !== null)
    expect((await ask(gateway)).status).toBe(200)
    rmSync(join(path, 'releases'))
    await until('it is missed in other words', () => gateway.gateway.report().problem?.includes('lost') === true)
    renameSync(join(folder, 'aside'), join(path, 'releases'))
    await until('all is well', () => gateway.gateway.report().problem === null)
    expect(gateway.gateway.report()).toMatchObject({ revision: 1, generation: 1 })
  })

  it('is served by two gateways alike, each under its own name', async () => {
    const store = await openFileStore({ folder: join(folder, 'store'), pollMs: 20 })
    const both = [await startOn(`file:${join(folder, 'store')}`), await startOn(`file:${join(folder, 'store')}`)]
    expect(both.map(({ gateway }) => gateway.report().ready)).toEqual([false, false])
    for (const gateway of both) expect((await ask(gateway)).status).toBe(503)
    await publish(store, 'x')
    await until('both serve', () => both.every(({ gateway }) => gateway.revision() === '1'))
    await until(
      'both have said so',
      async () => (await store.instances()).filter((one) => one.revision === 1).length === 2,
    )
    for (const { gateway } of both) await gateway.close()
    expect(await store.instances()).toEqual([])
  })

  it('that is gone at the start is stood in for by its own last release, never by that of another', async () => {
    const path = join(folder, 'store')
    await publish(await openFileStore({ folder: path, pollMs: 20 }), 'x')
    const spoolDirectory = join(folder, 'spool')
    const first = await startOn(`file:${path}`, { spoolDirectory })
    await first.gateway.close()
    const broken = (name: string) => {
      rmSync(join(folder, name), { recursive: true, force: true })
      mkdirSync(join(folder, name))
      writeFileSync(join(folder, name, 'releases'), '')
      return `file:${join(folder, name)}`
    }
    const other = await startOn(broken('other'), { spoolDirectory })
    expect(other.gateway.report()).toMatchObject({ revision: null, ready: false })
    await other.gateway.close()
    const again = await startOn(broken('store'), { spoolDirectory })
    expect(again.gateway.report()).toMatchObject({
      revision: 1,
      ready: true,
      problem: expect.stringContaining('store'),
    })
    expect((await ask(again)).status).toBe(200)
  })
})

describe('a file', () => {
  it('that vanishes and comes back as it was is not complained of for ever', async () => {
    const gateway = await start()
    const path = join(gateway.folder, 'routes.yaml')
    renameSync(path, `${path}.aside`)
    await until('it is missed', () => gateway.gateway.report().problem !== null)
    expect((await ask(gateway)).status).toBe(200)
    renameSync(`${path}.aside`, path)
    await until('all is well', () => gateway.gateway.report().problem === null)
  })

  it('with a secret that is replaced brings the new key into use', async () => {
    const secret = join(folder, 'key')
    writeFileSync(secret, 'first-key\n')
    const manifest = JSON.stringify(manifestOf()).replace('{"env":"TEST_KEY"}', JSON.stringify({ file: secret }))
    const gateway = await start({ manifest })
    const sent = async () => {
      await (await ask(gateway)).text()
      return a.requests().at(-1)?.headers['authorization']
    }
    expect(await sent()).toBe('Bearer first-key')
    writeFileSync(secret, 'second-key\n')
    await until('the new key is sent', async () => (await sent()) === 'Bearer second-key')
    await gateway.gateway.close()
    expect(JSON.stringify([gateway.logs, await spoolLines(gateway.spool)])).not.toMatch(/first-key|second-key/)
  })
})

describe("the spool's lock", () => {
  it('keeps a second gateway out, by name', async () => {
    const gateway = await start()
    await expect(start({ spoolDirectory: gateway.spool })).rejects.toThrow(SpoolLockedError)
  })

  it.runIf(process.platform === 'linux')('of a dead process is taken over, even by one of the same number', () => {
    const directory = join(folder, 'locked')
    mkdirSync(directory)
    writeFileSync(join(directory, 'lock'), `${process.pid} 00000000-0000-0000-0000-000000000000:1\n`)
    const lock = lockFolder(directory)
    expect(() => lockFolder(directory)).toThrow(SpoolLockedError)
    lock.release()
  })
})
