/** Every way a gateway may find things when it starts, as a process: it serves, waits, or says in a sentence why not. */
import { mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { spoolLines, until } from '../support/gateway.ts'
import { Exposed } from '../support/prometheus.ts'
import { ask, Ground, isReady, manifestOf, publish, statusOf } from './ground.ts'

const stateOf = async (adminUrl: string) => new Exposed(await (await fetch(`${adminUrl}/metrics`)).text())

describe('on a store', () => {
  it('that is empty it runs unready, says what to do, and serves what is published', async () => {
    const ground = new Ground()
    const a = await ground.provide()
    const { url, events } = await ground.serve(['--store', 'file:store'])
    expect(events('source_empty')).toMatchObject([{ level: 'error', msg: expect.stringContaining('aigw apply') }])
    expect(await isReady(url)).toBe(false)
    const refused = await ask(url)
    expect([refused.status, await refused.json()]).toMatchObject([503, { error: { code: 'not_ready' } }])
    await publish(await ground.openStore(), manifestOf(a))
    await until('it is ready', () => isReady(url))
    expect((await ask(url)).status).toBe(200)
  })

  it('that is gone it serves its last good release, says so, and follows the store once it is back', async () => {
    const ground = new Ground()
    const a = await ground.provide()
    await publish(await ground.openStore(), manifestOf(a))
    const first = await ground.serve(['--store', 'file:store'])
    expect((await ask(first.url)).status).toBe(200)
    expect((await first.stop()).code).toBe(0)
    renameSync(ground.path('store'), ground.path('aside'))
    const { url, adminUrl, events } = await ground.serve(['--store', 'file:store'])
    expect((await ask(url)).headers.get('x-aigw-revision')).toBe('1')
    expect(events('last_good')).toHaveLength(1)
    expect(events('source_lost')).toHaveLength(1)
    expect(await statusOf(adminUrl)).toMatchObject({ ready: true, revision: 1, source: { state: 'lost' } })
    renameSync(ground.path('aside'), ground.path('store'))
    await until('it is found', () => events('source_back').length === 1)
    expect(await publish(await ground.openStore(), manifestOf(a, { health: { open_ms: 1000 } }))).toBe(2)
    await until('it serves', async () => (await statusOf(adminUrl))['revision'] === 2)
  })

  it('that is gone, without anything from before, it runs unready until the store is there', async () => {
    const ground = new Ground()
    const a = await ground.provide()
    writeFileSync(ground.path('store'), 'a file where a folder should be')
    const { url, events } = await ground.serve(['--store', 'file:store'])
    expect(events('source_lost')).toMatchObject([{ level: 'error', msg: expect.stringContaining('not a folder') }])
    expect(await isReady(url)).toBe(false)
    rmSync(ground.path('store'))
    await publish(await ground.openStore(), manifestOf(a))
    await until('it is ready', () => isReady(url))
  })

  it('whose newest release is half a file it serves the one before, says so once, and takes the next', async () => {
    const ground = new Ground()
    const a = await ground.provide()
    const store = await ground.openStore()
    await publish(store, manifestOf(a))
    const first = await ground.serve(['--store', 'file:store'])
    const release = join(ground.path('store'), 'releases', '1.json')
    const half = readFileSync(release, 'utf8').slice(0, 200)
    writeFileSync(join(ground.path('store'), 'releases', '2.json'), half)
    await until('it is noticed', () => first.events('source_damaged').length > 0)
    expect((await ask(first.url)).headers.get('x-aigw-revision')).toBe('1')
    await first.stop()
    // The same at the start, where there is nothing in memory to go on with.
    const second = await ground.serve(['--store', 'file:store'])
    expect((await ask(second.url)).headers.get('x-aigw-revision')).toBe('1')
    expect(await statusOf(second.adminUrl)).toMatchObject({ ready: true, revision: 1, source: { state: 'damaged' } })
    const exposed = await stateOf(second.adminUrl)
    expect(exposed.sum('aigw_source_state', { aigw_state: 'damaged' })).toBe(1)
    rmSync(join(ground.path('store'), 'releases', '2.json'))
    await until('all is well', () => second.events('source_back').length === 1)
    expect(second.events('source_damaged')).toHaveLength(1)
    expect(await publish(store, manifestOf(a, { health: { open_ms: 1000 } }))).toBe(2)
    await until('it serves', async () => (await statusOf(second.adminUrl))['revision'] === 2)
    await second.stop()
    const lines = await spoolLines(ground.spool)
    const told = lines.flatMap(({ kind, record }) => (kind === 'event' && 'event' in record ? [record.event] : []))
    expect(told.filter((event) => event === 'source_damaged')).toHaveLength(2)
  })

  it('whose only release cannot be read it serves the last good one', async () => {
    const ground = new Ground()
    const a = await ground.provide()
    await publish(await ground.openStore(), manifestOf(a))
    await (await ground.serve(['--store', 'file:store'])).stop()
    truncateSync(join(ground.path('store'), 'releases', '1.json'), 150)
    const { url, events } = await ground.serve(['--store', 'file:store'])
    expect((await ask(url)).status).toBe(200)
    expect(events('last_good')).toHaveLength(1)
  })

  it('of a kind this version does not have it does not start', async () => {
    const { code, sentence } = await new Ground().giveUp(['--store', 'redis://127.0.0.1:6379'])
    expect([code, sentence]).toEqual([1, 'aigw: stores of the kind redis: are not in this version; file: is'])
  })
})

describe('on a file', () => {
  it.each([
    ['is no YAML', 'ai_routes: [', 1],
    ['is no manifest', 'ai_routes: 7\n', 1],
    ['is cut off', 'ai_routes:\n  - {name: a, match: {model: m}, targ', 2],
    ['is empty', '', 1],
  ])('that %s it does not start, and shows the place', async (_, text, line) => {
    const ground = new Ground()
    ground.write('bad.yaml', text)
    const { code, sentence } = await ground.giveUp(['--manifest', 'bad.yaml'])
    expect(JSON.parse(sentence)).toMatchObject([{ severity: 'error', file: 'bad.yaml', line }])
    expect(code).toBe(3)
  })

  it.each([
    ['is not there', 'none.yaml', 'aigw: cannot read none.yaml: there is no such file'],
    ['is a folder', '.', 'aigw: cannot read .: it is a folder'],
  ])('that %s it does not start, and says so', async (_, name, said) => {
    expect(await new Ground().giveUp(['--manifest', name])).toEqual({ code: 1, sentence: said })
  })

  it('whose key is missing it serves what it can, or nothing where all keys are required', async () => {
    const ground = new Ground()
    const a = await ground.provide()
    ground.write('routes.yaml', JSON.stringify(manifestOf(a)))
    const { code, sentence } = await ground.giveUp(['--manifest', 'routes.yaml', '--require-secrets'], { env: {} })
    expect([code, sentence]).toEqual([1, expect.stringContaining('the secret of provider "a" is missing')])
    const gateway = await ground.serve(['--manifest', 'routes.yaml'], { env: {} })
    expect(gateway.events('secret_missing')).toHaveLength(1)
    expect(await statusOf(gateway.adminUrl)).toMatchObject({ missing_secrets: [{ connection: 'a' }] })
    expect((await stateOf(gateway.adminUrl)).sum('aigw_missing_secrets')).toBe(1)
    expect((await ask(gateway.url)).status).toBe(503)
  })
})

describe('on a spool', () => {
  it('that another gateway writes it does not start, and names that one', async () => {
    const ground = new Ground()
    const a = await ground.provide()
    ground.write('routes.yaml', JSON.stringify(manifestOf(a)))
    const first = await ground.serve(['--manifest', 'routes.yaml'])
    const { code, sentence } = await ground.giveUp(['--manifest', 'routes.yaml'])
    expect(code).toBe(1)
    expect(sentence).toBe(
      `aigw: the spool folder spool is in use by process ${first.pid}: stop that gateway, or give this one a folder of its own with --spool`,
    )
    expect((await ask(first.url)).status).toBe(200)
    await first.stop('SIGKILL')
    // The lock of one that was killed holds nobody up.
    expect((await ask((await ground.serve(['--manifest', 'routes.yaml'])).url)).status).toBe(200)
  })

  it('that cannot be a folder it does not start, and says why', async () => {
    const ground = new Ground()
    ground.write('routes.yaml', JSON.stringify(manifestOf({ baseUrl: 'http://127.0.0.1:9/v1' })))
    ground.write('taken', '')
    const { code, sentence } = await ground.giveUp(['--manifest', 'routes.yaml', '--spool', 'taken/spool'])
    expect([code, sentence]).toEqual([1, expect.stringContaining('a part of its path is a file, not a folder')])
  })

  it.runIf(process.getuid?.() !== 0)('that may not be written it does not start, and says why', async () => {
    const ground = new Ground()
    ground.write('routes.yaml', JSON.stringify(manifestOf({ baseUrl: 'http://127.0.0.1:9/v1' })))
    mkdirSync(ground.path('closed'), { mode: 0o500 })
    const { code, sentence } = await ground.giveUp(['--manifest', 'routes.yaml', '--spool', 'closed/spool'])
    expect([code, sentence]).toEqual([1, expect.stringContaining('permission')])
  })

  it('whose writer died in the middle of a line it mends it, says so, and goes on', async () => {
    const ground = new Ground()
    const a = await ground.provide()
    ground.write('routes.yaml', JSON.stringify(manifestOf(a)))
    const first = await ground.serve(['--manifest', 'routes.yaml'])
    expect((await ask(first.url)).status).toBe(200)
    await first.stop('SIGKILL')
    const [before = ''] = await segmentsOf(ground.spool)
    const whole = readFileSync(before, 'utf8')
    truncateSync(before, whole.length - 40)
    const second = await ground.serve(['--manifest', 'routes.yaml'])
    const line = whole.trimEnd().split('\n').at(-1) ?? ''
    expect(second.events('spool_repaired')).toMatchObject([{ level: 'warn', bytes: line.length + 1 - 40 }])
    expect((await second.stop()).code).toBe(0)
    const lines = await spoolLines(ground.spool)
    expect(lines.filter(({ record }) => 'event' in record && record.event === 'spool_repaired')).toHaveLength(1)
    expect(readFileSync(before, 'utf8').endsWith('}\n')).toBe(true)
  })
})

async function segmentsOf(spool: string): Promise<string[]> {
  const { listSegments } = await import('../../gateway/spool/reader.ts')
  return await listSegments(spool)
}
