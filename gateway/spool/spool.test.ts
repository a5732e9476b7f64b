import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RequestRecord } from '../../schemas/index.ts'
import { validateSpoolLine } from '../../schemas/validate-spool.ts'
import { SpoolLockedError } from './lock.ts'
import { listSegments, readLines } from './reader.ts'
import { OrderedEvents } from './ordered-events.ts'
import { readContent, verifySpool } from './verify.ts'
import type { SpoolOptions } from './writer.ts'
import { SpoolWriter } from './writer.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'aigw-spool-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function open(more: Partial<SpoolOptions> = {}): SpoolWriter {
  return new SpoolWriter({ directory, sync: 'batched', segmentBytes: 1 << 20, onProblem: () => {}, ...more })
}

function record(id: string): RequestRecord {
  return {
    id,
    arrived_at: '2026-01-01T00:00:00.000Z',
    revision: '1',
    generation: 1,
    seed: '0000000000000001',
    route: 'r',
    model: 'm',
    stream: false,
    features: { has: [], fields: [], messages: 1, prompt_characters: 1, images: 0, max_output_tokens: null },
    estimate: { input_tokens: 1, output_tokens: null, family: 'characters-4' },
    open_from_seq: 1,
    events: [['arrived', 0, 0, null]],
    candidates: [],
    attempts: [],
    finish: { outcome: 'served', status: 200, code: null, attempt: null, retry_after_ms: null, at_us: 5 },
  }
}

const written = (spool: SpoolWriter, one: RequestRecord, content: Parameters<SpoolWriter['appendRequest']>[1] = null) =>
  new Promise<void>((done) => spool.appendRequest(one, content, done))

async function allLines(): Promise<string[]> {
  const lines: string[] = []
  for (const file of await listSegments(directory)) for await (const { text } of readLines(file)) lines.push(text)
  return lines
}

describe('the writer', () => {
  it('has the line in the file by the time it says so', async () => {
    const spool = open()
    await written(spool, record('a'))
    const lines = await allLines()
    expect(lines).toHaveLength(1)
    expect(validateSpoolLine(JSON.parse(lines[0] ?? ''))).toMatchObject({ valid: true })
    spool.close()
  })

  it('calls back in the order of the lines, and chains them', async () => {
    const spool = open()
    const order: string[] = []
    for (const id of ['a', 'b', 'c']) spool.appendRequest(record(id), null, () => order.push(id))
    await written(spool, record('d'))
    spool.close()
    expect(order).toEqual(['a', 'b', 'c'])
    expect(await verifySpool(directory)).toMatchObject({ processes: 1, lines: 4, records: 4, faults: [] })
  })

  it('keeps prompt and answer apart from the records, and readable', async () => {
    const spool = open()
    const prompt = Buffer.from('{"messages": "ä\\n"}')
    await written(spool, record('a'), { prompt, answer: '{"ö":1}' })
    await written(spool, record('b'), { prompt: Buffer.from('[]'), answer: '{}' })
    spool.close()
    const lines = (await allLines()).map((line) => JSON.parse(line).record as RequestRecord)
    const contents = await Promise.all(
      lines.map(async (one) => (one.content === undefined ? '' : String(await readContent(directory, one.content)))),
    )
    expect(contents).toEqual(['{"messages": "ä\\n"}\n{"ö":1}\n', '[]\n{}\n'])
    expect((await verifySpool(directory)).faults).toEqual([])
    expect(JSON.stringify(lines)).not.toContain('ä')
  })

  it('begins a new segment when one has grown, without breaking the chain', async () => {
    const spool = open({ segmentBytes: 2000 })
    for (let index = 0; index < 12; index += 1)
      await written(spool, record(`r${index}`), { prompt: Buffer.from('p'.repeat(500)), answer: '{}' })
    spool.close()
    expect((await listSegments(directory)).length).toBeGreaterThan(2)
    expect(await verifySpool(directory)).toMatchObject({ records: 12, faults: [] })
  })

  it('is for nobody else to read', async () => {
    const spool = open({ sync: 'strict' })
    await written(spool, record('a'))
    spool.close()
    const [name] = readdirSync(join(directory, 'segments'))
    expect(statSync(join(directory, 'segments', name ?? '')).mode & 0o777).toBe(0o600)
    expect(statSync(join(directory, 'segments')).mode & 0o777).toBe(0o700)
  })

  it('refuses a folder that another process writes to, and takes over one whose holder has died', () => {
    const spool = open()
    expect(() => open()).toThrow(SpoolLockedError)
    spool.close()
    writeFileSync(join(directory, 'lock'), '999999999\n')
    open().close()
  })
})

describe('verify', () => {
  async function spoiled(change: (file: string) => void): Promise<string[]> {
    const spool = open()
    for (const id of ['a', 'b', 'c']) await written(spool, record(id))
    spool.close()
    const [file] = await listSegments(directory)
    change(file ?? '')
    return (await verifySpool(directory)).faults.map((fault) => fault.kind)
  }
  const rewrite = (edit: (lines: string[]) => string[]) => (file: string) =>
    writeFileSync(file, `${edit(readFileSync(file, 'utf8').trimEnd().split('\n')).join('\n')}\n`)

  it('finds a line that is missing, changed or doubled', async () => {
    expect(await spoiled(rewrite(([first, , third]) => [first ?? '', third ?? '']))).toEqual(['gap'])
  })
  it('finds a line that was changed', async () => {
    expect(await spoiled(rewrite(([first, ...rest]) => [(first ?? '').replace('"m"', '"n"'), ...rest]))).toEqual([
      'chain',
    ])
  })
  it('finds a line that stands twice', async () => {
    expect(await spoiled(rewrite(([first, ...rest]) => [first ?? '', first ?? '', ...rest]))).toContain('doubled')
  })
  it('finds a torn last line', async () => {
    expect(await spoiled((file) => appendFileSync(file, '{"v":1,"proc'))).toEqual(['unreadable'])
  })

  it('names a stream that was begun and never recorded', async () => {
    const spool = open()
    await new Promise<void>((done) =>
      spool.append('begin', { id: 'lost', arrived_at: '2026-01-01T00:00:00.000Z', route: 'r', target: 't' }, done),
    )
    spool.close()
    const { faults } = await verifySpool(directory)
    expect(faults).toMatchObject([{ kind: 'unfinished', message: expect.stringContaining('lost') }])
  })

  it('finds content that was changed', async () => {
    const spool = open()
    await written(spool, record('a'), { prompt: Buffer.from('[1]'), answer: '{}' })
    spool.close()
    const [name] = readdirSync(join(directory, 'content'))
    writeFileSync(join(directory, 'content', name ?? ''), '[2]\n{}\n')
    expect((await verifySpool(directory)).faults).toMatchObject([{ kind: 'content' }])
  })
})

describe('the reader', () => {
  it('unpacks gzip and zstd', async () => {
    const text = '{"a":1}\n{"a":2}\n'
    writeFileSync(join(directory, 'one.ndjson.gz'), gzipSync(text))
    writeFileSync(join(directory, 'two.ndjson.zst'), zstdCompressSync(Buffer.from(text)))
    expect(await allLines()).toEqual(['{"a":1}', '{"a":2}', '{"a":1}', '{"a":2}'])
  })
})

it('puts events back into order as far as everything is known', () => {
  const events = new OrderedEvents<string>()
  events.add(5, 'f')
  events.add(0, 'a')
  events.add(3, 'd')
  expect([...events.takeBelow(1)]).toEqual(['a'])
  events.add(1, 'b')
  expect([...events.takeBelow(5)]).toEqual(['b', 'd'])
  expect([...events.takeBelow(Number.POSITIVE_INFINITY)]).toEqual(['f'])
  expect(events.size()).toBe(0)
})
