/** Told to stop, as a process: what was begun is finished or named, and the exit code says how it went. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { replayRecorded } from '../../cli/replay/index.ts'
import { verifySpool } from '../../gateway/spool/verify.ts'
import { spoolLines, until } from '../support/gateway.ts'
import { metricOf } from '../support/process.ts'
import { ask, Ground, isReady, manifestOf, statusOf } from './ground.ts'

async function serve(ground: Ground, ...more: readonly string[]) {
  const a = await ground.provide()
  ground.write('routes.yaml', JSON.stringify(manifestOf(a)))
  return { a, gateway: await ground.serve(['--manifest', 'routes.yaml', ...more]) }
}

async function outcomesOf(ground: Ground): Promise<string[]> {
  const lines = await spoolLines(ground.spool)
  return lines.flatMap((line) => (line.kind === 'record' ? [line.record.finish.outcome] : []))
}

describe('told to stop', () => {
  it('it is unready at once, lets streams finish, and is done', async () => {
    const ground = new Ground()
    const { a, gateway } = await serve(ground)
    await a.behave({ tokensPerSecond: 40, chunks: 40 })
    const streams = await Promise.all([1, 2, 3].map(() => ask(gateway.url, true)))
    const stopped = gateway.stop()
    await until('it is unready', async () => !(await isReady(gateway.url)))
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200)
    for (const stream of streams) expect((await stream.text()).endsWith('data: [DONE]\n\n')).toBe(true)
    expect(await stopped).toEqual({ code: 0, signal: null })
    expect(gateway.events('stopping')).toMatchObject([{ requests: 3 }])
    expect(gateway.events('stopped')).toMatchObject([{ level: 'info', cut: 0 }])
    expect(await outcomesOf(ground)).toEqual(['served', 'served', 'served'])
    expect(await verifySpool(ground.spool)).toMatchObject({ faults: [] })
  })

  it('it cuts what does not finish in its time, and has it in the record and the log', async () => {
    const ground = new Ground()
    const { a, gateway } = await serve(ground, '--drain-timeout', '1s')
    await a.behave({ tokensPerSecond: 10, chunks: 600 })
    const stream = await ask(gateway.url, true)
    const text = expect(stream.text()).rejects.toThrow()
    expect(await gateway.stop()).toEqual({ code: 0, signal: null })
    await text
    expect(gateway.events('stopped')).toMatchObject([{ level: 'warn', cut: 1 }])
    expect(await outcomesOf(ground)).toEqual(['abandoned'])
    expect(await verifySpool(ground.spool)).toMatchObject({ faults: [] })
  })

  it('twice, it ends, and what was cut off is named', async () => {
    const ground = new Ground()
    const { a, gateway } = await serve(ground)
    await a.behave({ tokensPerSecond: 10, chunks: 600 })
    const stream = await ask(gateway.url, true)
    const text = expect(stream.text()).rejects.toThrow()
    gateway.signal('SIGTERM')
    await until('it has heard', () => gateway.events('stopping').length === 1)
    expect(await gateway.stop()).toEqual({ code: null, signal: 'SIGTERM' })
    await text
    const verdict = await verifySpool(ground.spool)
    expect(verdict.faults).toMatchObject([{ kind: 'unfinished', message: expect.stringContaining('never recorded') }])
  })

  it('while it starts, it stops', async () => {
    const ground = new Ground()
    const gateway = ground.start(['--store', 'file:store'])
    await until('it listens', () => gateway.events('source_empty').length === 1)
    expect(await gateway.stop('SIGINT')).toEqual({ code: 0, signal: null })
    expect(await verifySpool(ground.spool)).toMatchObject({ faults: [], lines: 3 })
  })
})

describe.runIf(existsSync('/usr/bin/prlimit'))('a disk that is full', () => {
  const limits = 'ulimit -S -f 40'

  /** Asks until the audit trail cannot be written any more; the one whose record does not fit waits. */
  async function fill(url: string, isFull: () => boolean): Promise<{ served: number; waiting: Promise<Response> }> {
    for (let served = 0; ; served += 1) {
      const asked = ask(url)
      const full = until('the disk is full', isFull).then(() => null)
      const reply = await Promise.race([asked, full])
      if (reply === null) return { served, waiting: asked }
      expect(reply.status).toBe(200)
      await reply.text()
    }
  }

  it('refuses what comes, serves who was taken on once there is room, and misses nothing', async () => {
    const ground = new Ground()
    const a = await ground.provide()
    ground.write('routes.yaml', JSON.stringify(manifestOf(a)))
    const gateway = await ground.serve(['--manifest', 'routes.yaml'], { limits })
    const { served, waiting } = await fill(gateway.url, () => gateway.events('spool').length > 0)
    const refused = await ask(gateway.url)
    expect([refused.status, await refused.json()]).toMatchObject([503, { error: { code: 'not_ready' } }])
    expect(await statusOf(gateway.adminUrl)).toMatchObject({ spool: { failing: true, failures: 1, refusals: 1 } })
    // Room again, as when somebody has cleaned up.
    execFileSync('/usr/bin/prlimit', ['--pid', String(gateway.pid), '--fsize=unlimited'])
    expect((await waiting).status).toBe(200)
    expect((await ask(gateway.url)).status).toBe(200)
    expect(await gateway.stop()).toEqual({ code: 0, signal: null })
    expect(gateway.events('spool').map(({ level }) => level)).toEqual(['error', 'info'])
    expect(await outcomesOf(ground)).toHaveLength(served + 2)
    expect(await verifySpool(ground.spool)).toMatchObject({ faults: [] })
  })

  it('told to drop records, it serves on, and the trail tells of its gap', { timeout: 60_000 }, async () => {
    const ground = new Ground()
    const a = await ground.provide()
    ground.write('routes.yaml', JSON.stringify(manifestOf(a)))
    const args = ['--manifest', 'routes.yaml', '--on-spool-failure', 'drop']
    const gateway = await ground.serve(args, { limits })
    const large = 'x'.repeat(1_000_000)
    let asked = 0
    const missing = async () => await metricOf(gateway.adminUrl, 'aigw_spool_dropped_requests_total')
    for (; (await missing()) < 3; asked += 1) expect((await ask(gateway.url, false, large)).status).toBe(200)
    expect(await isReady(gateway.url)).toBe(true)
    execFileSync('/usr/bin/prlimit', ['--pid', String(gateway.pid), '--fsize=unlimited'])
    await until('it is written again', () => gateway.events('spool').length === 2)
    expect((await ask(gateway.url)).status).toBe(200)
    expect(await gateway.stop()).toEqual({ code: 0, signal: null })
    expect(gateway.events('spool')).toMatchObject([{ level: 'error' }, { level: 'error', records: 3 }])
    // What memory had room for is there, to the last byte of its prompts.
    expect(await outcomesOf(ground)).toHaveLength(asked + 1 - 3)
    expect((await verifySpool(ground.spool)).faults).toMatchObject([
      { kind: 'gap', message: expect.stringContaining('3 requests missing from') },
    ])
    expect(await replayRecorded(ground.spool)).toMatchObject({ equal: asked + 1 - 3, missing: 3 })
  })

  it('to the end: says what it could not write, and the next start mends the rest', async () => {
    const ground = new Ground()
    const a = await ground.provide()
    ground.write('routes.yaml', JSON.stringify(manifestOf(a)))
    const gateway = await ground.serve(['--manifest', 'routes.yaml', '--drain-timeout', '1s'], { limits })
    const { served, waiting } = await fill(gateway.url, () => gateway.events('spool').length > 0)
    const broken = expect(waiting).rejects.toThrow()
    expect(await gateway.stop()).toEqual({ code: 1, signal: null })
    await broken
    expect(gateway.said()).toMatch(/^aigw: the end of the audit trail could not be written, and is lost \(\d+ bytes/m)
    expect(gateway.said()).not.toMatch(/bug/)
    const next = await ground.serve(['--manifest', 'routes.yaml'])
    await next.stop()
    expect(await outcomesOf(ground)).toHaveLength(served)
    expect(await verifySpool(ground.spool)).toMatchObject({ faults: [] })
  })
})
