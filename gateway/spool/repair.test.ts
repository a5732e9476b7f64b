import { appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SpoolRepair } from './repair.ts'
import { verifySpool } from './verify.ts'
import { SpoolWriter } from './writer.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'aigw-repair-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const open = () => new SpoolWriter({ directory, sync: 'batched', segmentBytes: 1 << 20, onProblem: () => {} })

async function writeLines(count: number, message = 'short'): Promise<string> {
  const listed = () => (existsSync(join(directory, 'segments')) ? readdirSync(join(directory, 'segments')) : [])
  const before = new Set(listed())
  const spool = open()
  for (let line = 0; line < count; line += 1) {
    await new Promise<void>((done) => {
      spool.append('event', { event: 'load_refused', at: '2026-01-01T00:00:00.000Z', message }, done)
    })
  }
  spool.close()
  return `segments/${listed().find((name) => !before.has(name))}`
}

function repairsOf(): readonly SpoolRepair[] {
  const spool = open()
  spool.close()
  return spool.repairs
}

describe('a segment whose writer was killed', () => {
  it('that ends as it should is left alone', async () => {
    const file = await writeLines(3)
    const before = readFileSync(join(directory, file))
    expect(repairsOf()).toEqual([])
    expect(readFileSync(join(directory, file))).toEqual(before)
  })

  it.each([
    ['a few bytes', 'short', 10],
    ['all but its end', 'short', 1],
    ['most of a line longer than what is read at once', 'x'.repeat(200_000), 150_000],
  ])('loses half a line of which was written %s, and nothing before it', async (_, message, cut) => {
    const file = await writeLines(3, message)
    const path = join(directory, file)
    const whole = readFileSync(path, 'utf8')
    const lines = whole.split('\n')
    const third = lines[2]?.length ?? 0
    // Cut within the third line: all of it but its newline when only one byte is missing.
    truncateSync(path, whole.length - cut)
    const isWhole = cut === 1
    expect(repairsOf()).toEqual([{ file, bytesCut: isWhole ? 0 : third + 1 - cut }])
    const mended = isWhole ? whole : `${lines.slice(0, 2).join('\n')}\n`
    expect(readFileSync(path, 'utf8')).toBe(mended)
    expect(repairsOf()).toEqual([])
    expect((await verifySpool(directory)).faults).toEqual([])
  })

  it('that holds nothing but half a line is emptied', async () => {
    const file = await writeLines(1)
    truncateSync(join(directory, file), 20)
    expect(repairsOf()).toEqual([{ file, bytesCut: 20 }])
    expect(readFileSync(join(directory, file), 'utf8')).toBe('')
  })

  it('is told of for each of them', async () => {
    const files = [await writeLines(2), await writeLines(2)]
    for (const file of files) appendFileSync(join(directory, file), '{"v":1,"process":"')
    expect(
      repairsOf()
        .map(({ file }) => file)
        .toSorted(),
    ).toEqual(files.toSorted())
  })
})
