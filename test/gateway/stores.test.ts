/** Gateways on folders as they occur: a ConfigMap mount that is swapped, a store they may not write to, a fleet that is watched. */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { openFileStore } from '../../gateway/release/file-store.ts'
import { buildDraft, renderDocument } from '../../gateway/release/release.ts'
import type { ReleaseStore } from '../../gateway/release/store.ts'
import { reportOf } from '../../gateway/release/testing/reports.ts'
import { ProcessState } from '../../gateway/runtime/process-state.ts'
import { Generations } from '../../gateway/runtime/reload/generations.ts'
import { Loader } from '../../gateway/runtime/reload/loader.ts'
import { SourceState } from '../../gateway/runtime/reload/source-state.ts'
import { StoreSource } from '../../gateway/runtime/reload/store-source.ts'
import { ConnectionPools } from '../../gateway/runtime/transport/pools.ts'
import type { Simulator } from '../../gateway/simulators/simulator.ts'
import { startSimulator } from '../../gateway/simulators/simulator.ts'
import type { TestGateway } from '../support/gateway.ts'
import { startTestGateway, until } from '../support/gateway.ts'

let provider: Simulator
let folder = ''
let open: TestGateway[] = []
beforeAll(async () => {
  provider = await startSimulator({ name: 'a', seed: 1 })
})
afterAll(async () => await provider.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aigw-stores-'))
})
afterEach(async () => {
  vi.useRealTimers()
  for (const gateway of open.splice(0)) await gateway.close()
  rmSync(folder, { recursive: true, force: true })
})

const manifestOf = (model: string) => ({
  providers: { a: { type: 'openai-compatible', base_url: provider.baseUrl, api_key: { env: 'TEST_KEY' } } },
  ai_routes: [{ name: 'chat', match: { model: 'm' }, targets: [{ provider: 'a', model }] }],
})

const draftOf = (model: string) => {
  const resolved = manifestOf(model)
  const source = { manifest: resolved, variables: {}, git: null, author: null }
  return buildDraft({ source, resolved, created_at: '2026-11-23T09:00:00.000Z' })
}

const releaseText = (revision: number, model: string): string =>
  renderDocument({ ...draftOf(model), revision, parent: null })

async function start(options: object): Promise<TestGateway> {
  const gateway = await startTestGateway({ manifest: JSON.stringify(manifestOf('x')), ...options })
  open = [...open, gateway]
  return gateway
}

const onStore = async (store: string) => await start({ storeUrl: `file:${store}`, manifestFile: undefined })

const ask = async (gateway: TestGateway, more: object = {}, signal: AbortSignal | null = null) =>
  await fetch(`${gateway.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    signal,
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello' }], ...more }),
  })

/** The model that the provider was asked for. */
async function modelAsked(gateway: TestGateway): Promise<unknown> {
  expect((await ask(gateway)).status).toBe(200)
  const body: unknown = provider.requests().at(-1)?.body
  return typeof body === 'object' && body !== null && 'model' in body ? body.model : body
}

/** As the kubelet updates a volume: a fresh folder, `..data` swapped onto it, then the links of keys made and removed. */
function updateVolume(mount: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(mount, { recursive: true })
  const fresh = mkdtempSync(join(mount, '..2026_'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(fresh, name, '..'), { recursive: true })
    writeFileSync(join(fresh, name), text)
  }
  symlinkSync(basename(fresh), join(mount, '..data_tmp'))
  renameSync(join(mount, '..data_tmp'), join(mount, '..data'))
  const wanted = new Set(Object.keys(files).map((name) => name.split('/')[0] ?? name))
  const shown = readdirSync(mount).filter((name) => !name.startsWith('..'))
  for (const name of wanted) if (!shown.includes(name)) symlinkSync(join('..data', name), join(mount, name))
  for (const name of shown) if (!wanted.has(name)) rmSync(join(mount, name))
  for (const name of readdirSync(mount)) {
    if (name.startsWith('..2026_') && name !== basename(fresh)) rmSync(join(mount, name), { recursive: true })
  }
}

describe('a ConfigMap mount', () => {
  it('that holds a store is followed through every swap, and written to by nobody', async () => {
    const mount = join(folder, 'mount')
    updateVolume(mount, { 'releases/1.json': releaseText(1, 'one') })
    const gateway = await onStore(mount)
    expect(await modelAsked(gateway)).toBe('one')
    for (const revision of [2, 3, 4]) {
      updateVolume(mount, { [`releases/${revision}.json`]: releaseText(revision, `m${revision}`) })
      await until('it is taken', () => gateway.gateway.revision() === String(revision))
      expect(await modelAsked(gateway)).toBe(`m${revision}`)
    }
    expect(gateway.gateway.report()).toMatchObject({ ready: true, problem: null })
    expect(readdirSync(mount).filter((name) => !name.startsWith('..'))).toEqual(['releases'])
  })

  it('whose keys are releases may be mounted on the folder of releases', async () => {
    const releases = join(folder, 'store', 'releases')
    updateVolume(releases, { '1.json': releaseText(1, 'one') })
    const gateway = await onStore(join(folder, 'store'))
    expect(await modelAsked(gateway)).toBe('one')
    updateVolume(releases, { '9.json': releaseText(9, 'nine') })
    await until('it is taken', () => gateway.gateway.revision() === '9')
    expect(await modelAsked(gateway)).toBe('nine')
    expect(readdirSync(join(folder, 'store'))).toEqual(['releases'])
  })

  it('with a bad release goes on serving the good one, and says which is bad', async () => {
    const mount = join(folder, 'mount')
    updateVolume(mount, { 'releases/1.json': releaseText(1, 'one') })
    const gateway = await onStore(mount)
    updateVolume(mount, { 'releases/2.json': '{"half' })
    await until('it is told', () => gateway.gateway.report().problem?.includes('2.json') === true)
    expect(await modelAsked(gateway)).toBe('one')
    updateVolume(mount, { 'releases/3.json': releaseText(3, 'three') })
    await until('all is well', () => gateway.gateway.report().problem === null)
    expect(await modelAsked(gateway)).toBe('three')
  })

  it('that holds a bare manifest is followed too', async () => {
    const mount = join(folder, 'mount')
    updateVolume(mount, { 'routes.yaml': JSON.stringify(manifestOf('one')) })
    const gateway = await start({ manifestFile: join(mount, 'routes.yaml') })
    expect(await modelAsked(gateway)).toBe('one')
    const before = gateway.gateway.revision()
    updateVolume(mount, { 'routes.yaml': JSON.stringify(manifestOf('two')) })
    await until('it is taken', () => gateway.gateway.revision() !== before)
    expect(await modelAsked(gateway)).toBe('two')
  })
})

describe('what a gateway reports', () => {
  it('that the old revision has drained, without waiting for its next report', async () => {
    // Only what runs at intervals: then nothing is reported but on an event, and when the test lets time pass.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const store = await openFileStore({ folder: join(folder, 'store') })
    await store.publish(draftOf('one'), null)
    await provider.behave({ tokensPerSecond: 20, chunks: 400 })
    const gateway = await onStore(join(folder, 'store'))
    const caller = new AbortController()
    const reply = await ask(gateway, { stream: true }, caller.signal)
    expect(reply.status).toBe(200)
    await store.publish(draftOf('two'), 1)
    const draining = async () => (await store.instances())[0]?.draining.length ?? 'no report'
    await until('it drains, and says so', async () => (await draining()) === 1)
    caller.abort()
    await reply.text().catch(() => {})
    await until('the request is over', () => gateway.gateway.report().draining.length === 0)
    expect(await draining()).toBe(1)
    vi.advanceTimersByTime(100)
    await until('it says so', async () => (await draining()) === 0)
    await provider.behave({ tokensPerSecond: null, chunks: null })
  })
})

describe('a store that does not answer', () => {
  it('does not keep a gateway from stopping', async () => {
    const never = new Promise<never>(() => {})
    const store: ReleaseStore = {
      ...silentStore,
      head: async () => await Promise.resolve(null),
      list: async () => await Promise.resolve([]),
      candidate: async () => await Promise.resolve(null),
      report: async () => await never,
      withdraw: async () => await never,
    }
    const runtime = {
      process: new ProcessState(),
      generations: new Generations(new ConnectionPools(), 'test'),
      spool: null,
      log: () => {},
    }
    const loader = new Loader({ runtime, environment: {}, requireSecrets: false, mayBeOpen: true, allowOpen: true })
    const source = new StoreSource({
      store,
      loader,
      lastGood: { keep: () => {}, read: () => null },
      state: new SourceState(runtime, 'store', 'silent'),
      log: () => {},
      describe: () => ({ ...reportOf('one', 1), draining: [] }),
    })
    void source.start()
    await new Promise((resolve) => setTimeout(resolve, 50))
    await source.stop('one')
    loader.close()
    expect(runtime.generations.current()).toBeNull()
  })
})

const unasked = async (): Promise<never> => await Promise.reject(new Error('nobody asks for that'))
const silentStore: ReleaseStore = {
  url: 'silent:',
  readOnly: false,
  head: unasked,
  read: unasked,
  publish: unasked,
  list: unasked,
  watch: () => () => {},
  instances: unasked,
  report: unasked,
  withdraw: unasked,
  proposeCandidate: unasked,
  candidate: unasked,
  clearCandidate: unasked,
}
