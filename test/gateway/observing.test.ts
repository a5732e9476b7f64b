/** What the gateway says of itself: each thing once, to whom it may say it, and nothing of its callers. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openFileStore } from '../../gateway/release/file-store.ts'
import { detailsOf } from '../../gateway/release/instance-details.ts'
import { buildDraft } from '../../gateway/release/release.ts'
import type { ReleaseStore } from '../../gateway/release/store.ts'
import type { Simulator } from '../../gateway/simulators/simulator.ts'
import { startSimulator } from '../../gateway/simulators/simulator.ts'
import { validateSpoolLine } from '../../schemas/validate-spool.ts'
import type { TestGateway, TestGatewayOptions } from '../support/gateway.ts'
import { spoolLines, startTestGateway, until } from '../support/gateway.ts'
import { callRaw } from '../support/raw.ts'

let a: Simulator
let folder = ''
const open: TestGateway[] = []
beforeAll(async () => {
  a = await startSimulator({ name: 'a', seed: 1 })
})
afterAll(async () => await a.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aigw-observing-'))
})
afterEach(async () => {
  await a.behave({ faults: [], tokensPerSecond: null, chunks: null, next: [] })
  for (const gateway of open.splice(0)) await gateway.close()
  rmSync(folder, { recursive: true, force: true })
})

const manifestOf = (model = 'x', key: object = { env: 'TEST_KEY' }) => ({
  providers: { a: { type: 'openai-compatible', base_url: a.baseUrl, api_key: key } },
  ai_routes: [{ name: 'chat', match: { model: 'm' }, targets: [{ provider: 'a', model }] }],
})

async function start(options: Partial<TestGatewayOptions> = {}): Promise<TestGateway> {
  const gateway = await startTestGateway({ manifest: JSON.stringify(manifestOf()), ...options })
  open.push(gateway)
  return gateway
}

/** On a store instead of a file. */
async function startOn(path: string, options: Partial<TestGatewayOptions> = {}): Promise<TestGateway> {
  // The file's name must not be there at all, rather than be undefined.
  return await start({ storeUrl: `file:${path}`, ...options, ...({ manifestFile: undefined } as object) })
}

async function publish(store: ReleaseStore, model: string, key?: object): Promise<number> {
  const resolved = manifestOf(model, key)
  const source = { manifest: resolved, variables: {}, git: null, author: null }
  const head = await store.head()
  const draft = buildDraft({ source, resolved, created_at: new Date().toISOString() })
  const published = await store.publish(draft, head?.revision ?? null)
  if (!published.ok) throw new Error('somebody else published')
  return published.release.revision
}

const ask = async (gateway: TestGateway, more: object = {}) => {
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello' }], ...more })
  return await fetch(`${gateway.gateway.url}/v1/chat/completions`, { method: 'POST', body })
}
const said = (gateway: TestGateway, event: string) => gateway.logs.filter((line) => line.event === event)
const status = async ({ gateway }: TestGateway) =>
  (await (await fetch(`${gateway.adminUrl}/status`)).json()) as Record<string, unknown>

describe('the line of a request', () => {
  it('has its fields, and of the caller only what the manifest names', async () => {
    const manifest = JSON.stringify(manifestOf()).replace('"m"', '["m","any-*"]')
    const gateway = await start({ manifest })
    await (await ask(gateway)).text()
    await (await ask(gateway, { model: 'any-thing-they-like', their_own_field: 1, logit_bias: { 7: 1 } })).text()
    await (await ask(gateway, { stream: true, stream_options: { include_usage: true } })).text()
    const [plain, globbed, streamed] = said(gateway, 'request')
    expect(plain).toEqual({
      level: 'info',
      event: 'request',
      message: 'served',
      fields: {
        id: expect.stringMatching(/^req_[0-9a-f]{16}$/),
        revision: gateway.gateway.revision(),
        route: 'chat',
        operation: 'chat',
        model: 'm',
        credential: null,
        target: 'a/x',
        attempts: 1,
        status: 200,
        code: null,
        ms: expect.any(Number),
        first_ms: null,
        lost: null,
        overhead_us: expect.any(Number),
        input_tokens: expect.any(Number),
        output_tokens: expect.any(Number),
      },
    })
    expect(globbed?.fields).toMatchObject({ route: 'chat', model: null })
    expect(streamed?.fields).toMatchObject({ first_ms: expect.any(Number), overhead_us: expect.any(Number) })
    expect(said(gateway, 'request')).toHaveLength(3)
    expect(JSON.stringify(gateway.logs)).not.toContain('their')
    await gateway.gateway.close()
    expect(JSON.stringify(gateway.logs)).not.toContain('they-like')
  })
})

describe('a target in trouble', () => {
  it('that wants to be left alone is told of once, and not at every request that tries it all the same', async () => {
    const gateway = await start()
    await a.behave({ faults: [{ kind: 'status', status: 429, retryAfterSeconds: 50 }] })
    for (let request = 0; request < 5; request += 1) expect((await ask(gateway)).status).toBe(429)
    expect(said(gateway, 'cooling_down')).toMatchObject([
      { level: 'warn', message: expect.stringContaining('a/x: left alone after rate_limited until 2') },
    ])
    await gateway.gateway.close()
    const events = (await spoolLines(gateway.spool)).filter((line) => line.kind === 'event')
    expect(events.filter(({ record }) => record.event === 'cooling_down')).toHaveLength(1)
  })

  it('that refuses our key is told of loudly, once a minute', async () => {
    const gateway = await start()
    await a.behave({ faults: [{ kind: 'status', status: 401 }] })
    for (let request = 0; request < 5; request += 1) expect((await ask(gateway)).status).toBe(502)
    expect(said(gateway, 'target_misconfigured')).toMatchObject([{ level: 'error', fields: { target: 'a/x' } }])
  })

  it('has its breaker told of as it opens, and in the status until it closes', async () => {
    const manifest = JSON.stringify({ ...manifestOf(), health: { consecutive_failures: 2, open_ms: 100 } })
    const gateway = await start({ manifest })
    await a.behave({ faults: [{ kind: 'status', status: 500 }] })
    for (let request = 0; request < 2; request += 1) expect((await ask(gateway)).status).toBe(502)
    expect(said(gateway, 'breaker_opened')).toHaveLength(1)
    expect((await status(gateway))['targets']).toMatchObject([{ target: 'a/x' }])
    await a.behave({ faults: [] })
    await until('it is closed', async () => {
      await ask(gateway)
      return said(gateway, 'breaker_closed').length === 1
    })
    expect((await status(gateway))['targets']).toMatchObject([{ breaker: 'closed', held_back_by: null, until: null }])
  })
})

describe('a missing key', () => {
  it('is named with what it is read from, once over reloads, in the log, the status and the reports', async () => {
    const path = join(folder, 'store')
    const store = await openFileStore({ folder: path, pollMs: 20 })
    await publish(store, 'x', { env: 'NOT_SET' })
    const gateway = await startOn(path)
    await publish(store, 'y', { env: 'NOT_SET' })
    await until('the new one serves', () => gateway.gateway.revision() === '2')
    expect(said(gateway, 'secret_missing')).toMatchObject([
      {
        level: 'error',
        message: expect.stringContaining('set NOT_SET and restart'),
        fields: { connection: 'a', reads: 'env:NOT_SET' },
      },
    ])
    const missing = [{ connection: 'a', reads: 'env:NOT_SET' }]
    expect(await status(gateway)).toMatchObject({ revision: 2, ready: true, missing_secrets: missing })
    await until('the report says so', async () => {
      const [report] = await store.instances()
      return report?.revision === 2 && detailsOf(report).missing_secrets?.length === 1
    })
    await publish(store, 'y')
    await until('it is found', () => said(gateway, 'secret_found').length === 1)
    expect(await status(gateway)).toMatchObject({ missing_secrets: [] })
  })

  it('keeps a gateway that requires all from serving, by the name of what is missing', async () => {
    const manifest = JSON.stringify(manifestOf('x', { file: join(folder, 'none') }))
    await expect(start({ manifest, requireSecrets: true })).rejects.toThrow(join(folder, 'none'))
  })
})

describe('a store', () => {
  it('that is lost, damaged, emptied and back is told of once each, and what serves goes on serving', async () => {
    const path = join(folder, 'store')
    const store = await openFileStore({ folder: path, pollMs: 20 })
    await publish(store, 'x')
    const gateway = await startOn(path)
    const releases = join(path, 'releases')
    const become = async (state: string, change: () => void) => {
      change()
      await until(`it is ${state}`, async () => {
        const { source } = detailsOf(await status(gateway))
        return source?.state === state
      })
      expect((await ask(gateway)).status).toBe(200)
    }
    await become('damaged', () => writeFileSync(join(releases, '2.json'), '{"schema": 1, "revi'))
    expect((await status(gateway))['problem']).toContain('2.json')
    await become('ok', () => rmSync(join(releases, '2.json')))
    await become('empty', () => renameSync(join(releases, '1.json'), join(folder, '1.json')))
    await become('ok', () => renameSync(join(folder, '1.json'), join(releases, '1.json')))
    await become('lost', () => {
      renameSync(releases, join(folder, 'aside'))
      writeFileSync(releases, '')
    })
    await become('ok', () => {
      rmSync(releases)
      renameSync(join(folder, 'aside'), releases)
    })
    const told = gateway.logs.filter(({ event }) => event.startsWith('source_'))
    expect(told.map(({ event, level }) => [event, level])).toEqual([
      ['source_damaged', 'warn'],
      ['source_back', 'info'],
      ['source_empty', 'warn'],
      ['source_back', 'info'],
      // Between the two renames it may be met without its folder.
      ...(told.length === 7 ? [['source_empty', 'warn']] : []),
      ['source_lost', 'warn'],
      ['source_back', 'info'],
    ])
    expect(told[0]?.message).toContain('(revision 1 goes on serving)')
    expect(gateway.gateway.report()).toMatchObject({ revision: 1, generation: 1, problem: null })
    await gateway.gateway.close()
    const lines = await spoolLines(gateway.spool)
    for (const line of lines) expect(validateSpoolLine(line)).toMatchObject({ valid: true })
    const recorded = lines.flatMap((line) => (line.kind === 'event' ? [line.record.event] : []))
    expect(recorded.filter((event) => event.startsWith('source_'))).toEqual(told.map(({ event }) => event))
    expect(recorded.at(-1)).toBe('stopped')
  })

  it('that is empty is served nothing from, even by a gateway that has served from it; one that is gone is stood in for', async () => {
    const path = join(folder, 'store')
    const spoolDirectory = join(folder, 'spool')
    await publish(await openFileStore({ folder: path, pollMs: 20 }), 'x')
    await (await startOn(path, { spoolDirectory })).gateway.close()
    renameSync(join(path, 'releases', '1.json'), join(folder, '1.json'))
    const emptied = await startOn(path, { spoolDirectory })
    expect(await status(emptied)).toMatchObject({
      ready: false,
      revision: null,
      problem: expect.stringContaining('publish with "aigw apply"'),
      source: { state: 'empty' },
    })
    expect((await ask(emptied)).status).toBe(503)
    expect(said(emptied, 'source_empty')).toMatchObject([{ level: 'error' }])
    await emptied.gateway.close()

    rmSync(path, { recursive: true })
    for (const _ of ['once', 'and again']) {
      const gone = await startOn(path, { spoolDirectory })
      expect(await status(gone)).toMatchObject({ ready: true, revision: 1, source: { state: 'lost' } })
      expect(said(gone, 'last_good')).toHaveLength(1)
      expect((await ask(gone)).status).toBe(200)
      await gone.gateway.close()
    }
    mkdirSync(join(path, 'releases'), { recursive: true })
    renameSync(join(folder, '1.json'), join(path, 'releases', '1.json'))
    expect(await status(await startOn(path, { spoolDirectory }))).toMatchObject({
      ready: true,
      source: { state: 'ok' },
    })
  })

  it('whose newest release this gateway refuses leaves the last good one serving, over a restart too', async () => {
    const path = join(folder, 'store')
    const spoolDirectory = join(folder, 'spool')
    const store = await openFileStore({ folder: path, pollMs: 20 })
    await publish(store, 'x')
    const options = { spoolDirectory, requireSecrets: true }
    const gateway = await startOn(path, options)
    await publish(store, 'y', { env: 'NOT_SET' })
    await until('it is refused', () => gateway.gateway.report().problem !== null)
    expect(await status(gateway)).toMatchObject({ revision: 1, last_reload: { accepted: false } })
    await gateway.gateway.close()
    const again = await startOn(path, options)
    expect(await status(again)).toMatchObject({
      revision: 1,
      ready: true,
      problem: expect.stringContaining('NOT_SET'),
      last_reload: { accepted: false },
      source: { state: 'ok', head: 2 },
    })
    expect(said(again, 'load_refused')).toHaveLength(1)
  })
})

describe('a file', () => {
  it('that vanishes and comes back is told of once each, and makes no new table of the same text', async () => {
    const gateway = await start()
    const path = join(gateway.folder, 'routes.yaml')
    renameSync(path, `${path}.aside`)
    await until('it is missed', () => said(gateway, 'source_lost').length === 1)
    expect(await status(gateway)).toMatchObject({ source: { kind: 'file', state: 'lost' } })
    renameSync(`${path}.aside`, path)
    await until('it is back', () => said(gateway, 'source_back').length === 1)
    expect(gateway.gateway.report()).toMatchObject({ generation: 1, problem: null })
  })
})

describe('stopping', () => {
  it('is told as it begins, with what is under way, and as it ends, with what was cut', async () => {
    const gateway = await start()
    await a.behave({ tokensPerSecond: 100, chunks: 30 })
    const stream = await ask(gateway, { stream: true })
    await Promise.all([gateway.gateway.close(), gateway.gateway.close(), stream.text()])
    expect(said(gateway, 'stopping')).toMatchObject([{ level: 'info', fields: { requests: 1 } }])
    expect(said(gateway, 'stopped')).toMatchObject([{ level: 'info', fields: { cut: 0 } }])
  })
})

describe('the admin listener', () => {
  const token = 'a-token-of-thirty-two-characters'
  const paths = ['/status', '/metrics', '/nothing']
  const get = async (url: string, authorization?: string) =>
    await fetch(url, { headers: authorization === undefined ? {} : { authorization } })

  it('with a token lets in who has it, and tells everybody else no more than its health', async () => {
    const gateway = await start({
      adminHost: '0.0.0.0',
      adminToken: { env: 'ADMIN' },
      env: { TEST_KEY: 'sk-provider-key-0123456789', ADMIN: token },
    })
    const url = `http://127.0.0.1:${new URL(gateway.gateway.adminUrl).port}`
    for (const path of paths) {
      for (const wrong of [
        undefined,
        '',
        `Bearer ${token}x`,
        `Bearer ${token.slice(1)}`,
        'Bearer ',
        `Basic ${token}`,
      ]) {
        const reply = await get(url + path, wrong)
        expect([path, wrong, reply.status, reply.headers.get('www-authenticate')]).toEqual([path, wrong, 401, 'Bearer'])
        expect(await reply.text()).not.toContain(gateway.gateway.revision())
      }
    }
    expect((await get(`${url}/status`, `Bearer ${token}`)).status).toBe(200)
    expect((await get(`${url}/metrics`, `bearer ${token}`)).status).toBe(200)
    expect((await get(`${url}/nothing`, `Bearer ${token}`)).status).toBe(404)
    expect(await (await get(`${url}/healthz`)).json()).toEqual({ status: 'ok' })
    expect(await (await get(`${url}/readyz`)).json()).toEqual({ status: 'ready' })
    expect(JSON.stringify(gateway.logs)).not.toContain(token)
    // Whoever tries tokens is told of, once a minute for each reason.
    const told = gateway.logs.filter(({ event }) => event === 'admin_refused').map(({ fields }) => fields)
    expect(told.toSorted((left, right) => (String(left?.['code']) < String(right?.['code']) ? -1 : 1))).toEqual([
      { code: 'invalid_api_key', refused: 1 },
      { code: 'missing_api_key', refused: 1 },
    ])
  })

  it('takes a token that is replaced in its file, and nobody while the file is empty', async () => {
    const file = join(folder, 'token')
    writeFileSync(file, `${token}\n`)
    const gateway = await start({ adminToken: { file } })
    const statusWith = async (one: string) => (await get(`${gateway.gateway.adminUrl}/status`, `Bearer ${one}`)).status
    expect(await statusWith(token)).toBe(200)
    writeFileSync(file, 'another-token-of-enough-length\n')
    expect([await statusWith(token), await statusWith('another-token-of-enough-length')]).toEqual([401, 200])
    writeFileSync(file, '')
    expect([await statusWith(''), await statusWith('another-token-of-enough-length')]).toEqual([401, 401])
  })

  it.each([
    ['no token beyond loopback', { adminHost: '0.0.0.0' }, /needs a token: name one with --admin-token-env/],
    ['a variable that is not set', { adminToken: { env: 'NOT_SET' } }, /missing: the variable NOT_SET/],
    ['a short one', { adminToken: { env: 'SHORT' } }, /SHORT is too short/],
    ['a file that is not there', { adminToken: { file: '/nowhere/token' } }, /missing: \/nowhere\/token/],
  ])('does not start with %s, and holds nothing then', async (_what, options, message) => {
    const spoolDirectory = join(folder, 'spool')
    const env = { TEST_KEY: 'sk-provider-key-0123456789', SHORT: 'short' }
    await expect(start({ ...options, env, spoolDirectory })).rejects.toThrow(message)
    await start({ spoolDirectory })
  })

  it('without one answers to names of this machine only, and to no page of another site', async () => {
    const gateway = await start()
    const asked = async (path: string, headers: string) => {
      const caller = await callRaw(
        gateway.gateway.adminUrl,
        `GET ${path} HTTP/1.1\r\n${headers}connection: close\r\n\r\n`,
      )
      return Number(/^HTTP\/1\.1 (\d+)/.exec(await caller.ends())?.[1])
    }
    for (const path of paths.slice(0, 2)) {
      expect(await asked(path, 'host: localhost:8081\r\n')).toBe(200)
      expect(await asked(path, 'host: evil.example\r\n')).toBe(403)
      expect(await asked(path, 'host: localhost\r\norigin: https://evil.example\r\n')).toBe(403)
    }
    expect(await asked('/healthz', 'host: 10.0.0.7\r\n')).toBe(200)
    expect(await asked('/readyz', 'host: 10.0.0.7\r\n')).toBe(200)
  })
})
