/** The disk under the spool gives out: no request is taken without a trail, none that was taken is lost. */
import type * as Fs from 'node:fs'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { verifySpool } from '../../gateway/spool/verify.ts'
import { SpoolWriter } from '../../gateway/spool/writer.ts'
import type { TestGateway } from '../support/gateway.ts'
import { spoolLines, startTestGateway, until } from '../support/gateway.ts'
import type { RawProvider, RawRequest } from '../support/raw.ts'
import { chunkEvent, completionText, plainReply, startRawProvider, streamHead } from '../support/raw.ts'

const disk = vi.hoisted(() => ({ full: false, noNewFiles: false }))
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
  return { ...fs, default: fs, writevSync, openSync }
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
  await gateway.close()
  await provider.close()
})

const ask = (stream = false) =>
  fetch(`${gateway.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello' }], stream }),
  })

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
