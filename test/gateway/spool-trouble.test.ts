/** The disk under the spool gives out: no request is taken without a trail, none that was taken is lost. */
import type * as Fs from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { replayRecorded } from '../../cli/replay/index.ts'
import type { SpoolGap } from '../../gateway/spool/gap.ts'
import { verifySpool } from '../../gateway/spool/verify.ts'
import { SpoolWriter } from '../../gateway/spool/writer.ts'
import type { RequestRecord } from '../../schemas/index.ts'
import { validateSpoolLine } from '../../schemas/validate-spool.ts'
import type { TestGateway } from '../support/gateway.ts'
import { spoolLines, startTestGateway, until } from '../support/gateway.ts'
import type { RawProvider, RawRequest } from '../support/raw.ts'
import { chunkEvent, completionText, plainReply, startRawProvider, streamHead } from '../support/raw.ts'

const disk = vi.hoisted(() => ({ full: false, noNewFiles: false, broken: false }))
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof Fs>()
  const noSpace = () => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
  const writevSync: typeof fs.writevSync = (...given) => {
    if (disk.full) throw noSpace()
    return fs.writevSync(...given)
  }
  const openSync: typeof fs.openSync = (...given) => {
    if (disk.noNewFiles) throw noSpace()
    return fs.openSync(...given)
  }
  const fdatasync = (descriptor: number, done: (error: Error | null) => void): void => {
    if (disk.broken) setImmediate(() => done(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' })))
    else fs.fdatasync(descriptor, done)
  }
  return { ...fs, default: fs, writevSync, openSync, fdatasync }
})

let answer: (request: RawRequest) => void = () => {}
let provider: RawProvider
let gateway: TestGateway
beforeEach(async () => {
  provider = await startRawProvider((request) => answer(request))
  const manifest = `providers:
  a: {type: openai-compatible, base_url: "${provider.baseUrl}", api_key: {env: TEST_KEY}}
ai_routes:
  - {name: chat, match: {model: m}, targets: [{provider: a, model: x}]}
`
  gateway = await startTestGateway({ manifest })
})
afterEach(async () => {
  disk.full = false
  disk.noNewFiles = false
  disk.broken = false
  await gateway.close()
  await provider.close()
})

const body = (stream: boolean, content: string) =>
  JSON.stringify({ model: 'm', messages: [{ role: 'user', content }], stream })
const ask = (stream = false, content = 'Hello') =>
  fetch(`${gateway.gateway.url}/v1/chat/completions`, { method: 'POST', body: body(stream, content) })

it('refuses new requests while it cannot be written, answers what waited once it can, and misses no record', async () => {
  answer = ({ socket }) => socket.write(plainReply(completionText))
  expect((await ask()).status).toBe(200)
  disk.full = true
  const waiting = ask()
  await until('the trouble is known', () => gateway.logs.some((line) => line.event === 'spool'))
  let answered = false
  void waiting.then(() => (answered = true))
  const refused = await ask()
  expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining('not_ready')])
  const readiness = async () => (await fetch(`${gateway.gateway.url}/readyz`)).status
  expect(await readiness()).toBe(503)
  expect(answered).toBe(false)
  disk.full = false
  expect((await waiting).status).toBe(200)
  expect(await readiness()).toBe(200)
  expect((await ask()).status).toBe(200)
  expect(gateway.logs.filter((line) => line.event === 'spool').map((line) => line.level)).toEqual(['error', 'info'])
  expect(await gateway.records()).toHaveLength(3)
  expect((await verifySpool(gateway.spool)).faults).toEqual([])
})

it('says once that requests are refused for it, and how many were', async () => {
  answer = ({ socket }) => socket.write(plainReply(completionText))
  expect((await ask()).status).toBe(200)
  disk.full = true
  const waiting = ask()
  await until('the trouble is known', () => gateway.logs.some((line) => line.event === 'spool'))
  for (let round = 0; round < 20; round += 1) expect((await ask()).status).toBe(503)
  // Somebody else's mistakes meanwhile are answered at once, and stand in the trail.
  expect((await fetch(`${gateway.gateway.url}/v1/nothing`)).status).toBe(404)
  disk.full = false
  expect((await waiting).status).toBe(200)
  await gateway.records()
  const told = gateway.logs.filter(({ event }) => event.startsWith('shedding') || event === 'request_refused')
  expect(told.map(({ event, fields }) => [event, fields?.['code'], fields?.['refused']])).toEqual([
    ['shedding_begin', 'not_ready', undefined],
    ['request_refused', 'unknown_path', undefined],
    ['shedding_end', 'not_ready', 20],
  ])
  const events = (await spoolLines(gateway.spool)).flatMap((line) => (line.kind === 'event' ? [line.record] : []))
  expect(events).toMatchObject([
    { event: 'started' },
    { event: 'generation' },
    { event: 'shedding_begin', code: 'not_ready' },
    { event: 'request_refused', code: 'unknown_path' },
    { event: 'shedding_end', code: 'not_ready', refused: 20 },
    { event: 'stopped' },
  ])
})

describe('where records may be dropped', () => {
  const text = (letter: string) => ({ prompt: Buffer.from('p'), answer: letter.repeat(200) })
  const began = { id: 'r2', arrived_at: '2026-01-01T00:00:00.000Z', route: 'chat', target: 'a/x' }

  it('nobody waits, what memory has room for is written later, and the rest is a gap that is told', async () => {
    const directory = `${gateway.folder}/dropping`
    const told: [string | null, SpoolGap | null][] = []
    const spool = new SpoolWriter({
      directory,
      sync: 'batched',
      segmentBytes: 1 << 20,
      onFailure: 'drop',
      mostWaitingBytes: 3000,
      onProblem: (problem, gap) => told.push([problem?.message ?? null, gap]),
    })
    const [record] = await recordsOf(gateway)
    const add = (id: string) =>
      new Promise<void>((done) => spool.appendRequest({ ...record, id }, text(id.slice(0, 1)), done))
    await new Promise<void>((done) => spool.append('begin', began, done))
    disk.full = true
    for (let index = 0; index < 50; index += 1) await add(`w${index}`)
    await new Promise<void>((done) => spool.append('begin', { ...began, id: 'late' }, done))
    spool.append('event', { event: 'request_refused', at: '2026-01-01T00:00:00.000Z', status: 404, code: 'x' })
    // Without it, what is recorded later could not be decided again.
    spool.append('event', { event: 'generation', at: '2026-01-01T00:00:00.000Z', generation: 2, manifest: {} })
    const { failing, onFailure, dropped, waitingBytes } = spool.status()
    expect([failing, onFailure, spool.mustRefuse()]).toEqual([true, 'drop', false])
    expect(waitingBytes).toBeLessThan(3000 + 2000)
    expect(dropped).toMatchObject({ begins: 1, events: 1 })
    expect(dropped.records).toBeGreaterThan(40)
    disk.full = false
    await until('it can be written again', () => told.length === 2)
    await add('x1')
    spool.close()
    expect(told).toMatchObject([
      [expect.stringContaining('ENOSPC'), null],
      [null, { ...dropped, since: expect.any(String) }],
    ])
    const lines = await spoolLines(directory)
    const kept = 50 - dropped.records
    expect(
      lines.map(({ kind, record: { ...one } }) => ('id' in one ? one.id : 'event' in one ? one.event : kind)),
    ).toEqual(['r2', ...Array.from({ length: kept }, (_, index) => `w${index}`), 'generation', 'gap', 'x1'])
    expect(lines.map((line) => validateSpoolLine(line).valid)).not.toContain(false)
    const { faults } = await verifySpool(directory)
    expect(faults.map(({ kind, message }) => [kind, message])).toEqual([
      [
        'gap',
        expect.stringMatching(`${dropped.records} requests, 1 start of a stream and 1 event missing from .* to `),
      ],
      ['unfinished', expect.stringContaining('its record was dropped, or the process died')],
    ])
  })

  it('says so when it is closed before there is room', async () => {
    const onProblem = () => {}
    const options = {
      sync: 'batched',
      segmentBytes: 1 << 20,
      onFailure: 'drop',
      mostWaitingBytes: 0,
      onProblem,
    } as const
    const spool = new SpoolWriter({ directory: `${gateway.folder}/closing`, ...options })
    disk.full = true
    for (const id of ['one', 'two']) await new Promise<void>((done) => spool.append('begin', { ...began, id }, done))
    expect(() => spool.close()).toThrow(/lost \(\d+ bytes of lines, and 1 start of a stream that did not fit/)
    disk.full = false
  })

  it('a gateway serves on, is ready, and says how many have no record', async () => {
    await gateway.close()
    const manifest = `providers:
  a: {type: openai-compatible, base_url: "${provider.baseUrl}", api_key: {env: TEST_KEY}}
ai_routes:
  - {name: chat, match: {model: m}, targets: [{provider: a, model: x}]}
`
    gateway = await startTestGateway({ manifest, spoolFailure: 'drop' })
    answer = ({ socket }) => socket.write(plainReply(completionText))
    disk.full = true
    const large = 'x'.repeat(1_000_000)
    for (let round = 0; round < 20; round += 1) expect((await ask(false, large)).status).toBe(200)
    expect((await fetch(`${gateway.gateway.url}/readyz`)).status).toBe(200)
    const status = async () => (await fetch(`${gateway.gateway.adminUrl}/status`)).json()
    const { spool } = (await status()) as { spool: { dropped_requests: number } }
    expect(spool).toMatchObject({ failing: true, on_failure: 'drop', refusals: 0 })
    expect(spool.dropped_requests).toBeGreaterThan(1)
    expect(spool.dropped_requests).toBeLessThan(10)
    const metrics = await (await fetch(`${gateway.gateway.adminUrl}/metrics`)).text()
    expect(metrics).toMatch(new RegExp(`^aigw_spool_dropped_requests_total ${spool.dropped_requests}$`, 'm'))
    disk.full = false
    await until('there is room', () => gateway.logs.filter(({ event }) => event === 'spool').length === 2)
    expect((await ask()).status).toBe(200)
    expect(await gateway.records()).toHaveLength(21 - spool.dropped_requests)
    const { faults } = await verifySpool(gateway.spool)
    expect(faults).toMatchObject([
      { kind: 'gap', message: expect.stringContaining(`${spool.dropped_requests} requests`) },
    ])
    expect(gateway.logs.filter(({ event }) => event === 'spool')).toMatchObject([
      { level: 'error', message: expect.stringContaining('requests are served') },
      { level: 'error', message: expect.stringContaining(`${spool.dropped_requests} requests`) },
    ])
    // Replay knows what it has not seen.
    expect(await replayRecorded(gateway.spool)).toMatchObject({ missing: spool.dropped_requests, different: 0 })
  })
})

/** One that a gateway has written. */
async function recordsOf({ gateway: { url }, spool }: TestGateway): Promise<[RequestRecord]> {
  answer = ({ socket }) => socket.write(plainReply(completionText))
  await (await fetch(`${url}/v1/chat/completions`, { method: 'POST', body: body(false, 'Hello') })).text()
  const record = (await spoolLines(spool)).flatMap((line) => (line.kind === 'record' ? [line.record] : []))[0]
  if (record === undefined) throw new Error('nothing was recorded')
  return [record]
}

it('hears of a disk that loses what it has taken, and takes no request on the strength of it', async () => {
  answer = ({ socket }) => socket.write(plainReply(completionText))
  disk.broken = true
  expect((await ask()).status).toBe(200)
  await until('it is told', () => gateway.logs.some(({ event }) => event === 'spool'))
  expect((await ask()).status).toBe(503)
  expect((await fetch(`${gateway.gateway.url}/readyz`)).status).toBe(503)
  disk.broken = false
  await until('it is over', () => gateway.logs.filter(({ event }) => event === 'spool').length === 2)
  expect((await ask()).status).toBe(200)
  expect(gateway.logs.filter(({ event }) => event === 'spool')).toMatchObject([
    { level: 'error', message: expect.stringMatching(/may be lost: EIO/) },
    { level: 'info' },
  ])
})

it('holds up a stream whose first line cannot be written, instead of gathering it in memory', async () => {
  const pieces = 20_000
  let sent = 0
  answer = ({ socket }) => {
    const more = (): void => {
      while (sent < pieces && !socket.destroyed) {
        sent += 1
        if (!socket.write(chunkEvent({ content: `${sent} ${'x'.repeat(1000)}` }))) {
          socket.once('drain', more)
          return
        }
      }
      socket.end(`${chunkEvent({}, 'stop')}data: [DONE]\n\n`)
    }
    disk.full = true
    socket.write(streamHead)
    more()
  }
  const waiting = ask(true)
  let before = -1
  await until('the provider is held up', async () => {
    before = sent
    await new Promise((resolve) => setTimeout(resolve, 200))
    return sent > 0 && sent === before
  })
  expect(sent).toBeLessThan(pieces)
  disk.full = false
  const text = await (await waiting).text()
  expect(text.match(/"content":"\d+ x/g)).toHaveLength(pieces)
  expect(text).toContain('[DONE]')
})

it('goes on in the old segment where there is no room for another', async () => {
  const directory = `${gateway.folder}/other`
  const problems: (Error | null)[] = []
  const spool = new SpoolWriter({
    directory,
    sync: 'batched',
    segmentBytes: 300,
    onProblem: (one) => problems.push(one),
  })
  const append = () =>
    new Promise<void>((done) => spool.append('event', { event: 'started', at: '2026-01-01T00:00:00.000Z' }, done))
  for (let line = 0; line < 3; line += 1) await append()
  disk.noNewFiles = true
  for (let line = 0; line < 5; line += 1) await append()
  disk.noNewFiles = false
  for (let line = 0; line < 3; line += 1) await append()
  spool.close()
  expect(problems).toEqual([])
  expect(await verifySpool(directory)).toMatchObject({ lines: 11, faults: [] })
})

it('calls back everyone whose line is written, even when one of them breaks', async () => {
  const spool = new SpoolWriter({
    directory: `${gateway.folder}/third`,
    sync: 'batched',
    segmentBytes: 1 << 20,
    onProblem: () => {},
  })
  const thrown: unknown[] = []
  const note = (error: unknown) => thrown.push(error)
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', note)
  const called: number[] = []
  const line = { event: 'started' as const, at: '2026-01-01T00:00:00.000Z' }
  spool.append('event', line, () => called.push(1))
  spool.append('event', line, () => {
    throw new Error('a bug of its own')
  })
  spool.append('event', line, () => called.push(3))
  await until('the last is called', () => called.includes(3))
  process.off('uncaughtException', note)
  for (const other of others) process.on('uncaughtException', other)
  spool.close()
  expect(called).toEqual([1, 3])
  expect(thrown).toMatchObject([{ message: 'a bug of its own' }])
})

it('gives its folder back when the last lines cannot be written, and says so', async () => {
  const directory = `${gateway.folder}/fourth`
  const open = () => new SpoolWriter({ directory, sync: 'batched', segmentBytes: 1 << 20, onProblem: () => {} })
  const spool = open()
  spool.append('event', { event: 'started', at: '2026-01-01T00:00:00.000Z' })
  disk.full = true
  expect(() => spool.close()).toThrow(/ENOSPC/)
  disk.full = false
  open().close()
  expect(await spoolLines(directory)).toEqual([])
})
