import { describe, expect, it } from 'vitest'
import { Descriptor } from './descriptor.ts'

function failing(code: string): Error {
  return Object.assign(new Error(code), { code })
}

/** A reader that takes so many bytes at a time, or fails, as the test says from call to call. */
function reader(room: () => number | Error) {
  const taken: string[] = []
  let calls = 0
  const write = (_descriptor: number, bytes: Uint8Array): number => {
    calls += 1
    const most = room()
    if (typeof most !== 'number') throw most
    const part = bytes.subarray(0, most)
    taken.push(Buffer.from(part).toString())
    return part.byteLength
  }
  const descriptor = new Descriptor(9, { write, onLost: (count) => `lost ${count}\n` })
  return { descriptor, text: () => taken.join(''), calls: () => calls }
}

describe('a descriptor', () => {
  it('is written to in order, however little it takes', () => {
    const { descriptor, text } = reader(() => 3)
    descriptor.write('one\ntwo\n')
    descriptor.write('three\n')
    expect(text()).toBe('one\ntwo\nthree\n')
  })

  it('that is full is tried again, and loses nothing', async () => {
    let full = true
    const { descriptor, text } = reader(() => (full ? failing('EAGAIN') : 4))
    descriptor.write('one\n')
    descriptor.write('two\n')
    expect(text()).toBe('')
    full = false
    await expect.poll(text).toBe('one\ntwo\n')
    descriptor.write('three\n')
    expect(text()).toBe('one\ntwo\nthree\n')
  })

  it('that stays full loses what no memory should hold, and says how much', async () => {
    let full = true
    const { descriptor, text } = reader(() => (full ? failing('EAGAIN') : 1_000_000))
    const line = `${'x'.repeat(99_999)}\n`
    for (let count = 0; count < 100; count += 1) descriptor.write(line)
    descriptor.write('a\nb\n')
    full = false
    await expect.poll(() => text().slice(-20)).toMatch(/lost \d+\n$/)
    const lost = Number(/lost (\d+)\n$/.exec(text())?.[1])
    expect(text().split(line).length - 1 + lost).toBe(102)
  })

  it('that nobody reads any more is left alone', () => {
    const { descriptor, calls } = reader(() => failing('EPIPE'))
    descriptor.write('one\n')
    descriptor.write('two\n')
    descriptor.close()
    expect(calls()).toBe(1)
  })

  it('is closed although it is full', () => {
    const { descriptor, calls } = reader(() => failing('EAGAIN'))
    descriptor.write('one\n')
    descriptor.close()
    expect(calls()).toBe(21)
    descriptor.write('two\n')
    expect(calls()).toBe(21)
  })
})
