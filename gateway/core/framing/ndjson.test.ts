import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Frame } from './frame-reader.ts'
import { FrameTooLargeError } from './frame-reader.ts'
import { openFraming } from './index.ts'
import { openNdjson } from './ndjson.ts'

const encoder = new TextEncoder()

function readAll(reads: readonly Uint8Array[], limit?: number): Frame[] {
  const reader = openNdjson(limit)
  return [...reads.flatMap((read) => reader.push(read)), ...reader.end()]
}

const data = (...lines: string[]): Frame[] => lines.map((line) => ({ data: line, event: null }))

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const bounds = [0, ...[...places].sort((left, right) => left - right), bytes.length]
  return bounds.slice(1).map((bound, index) => bytes.subarray(bounds[index], bound))
}

describe('JSON lines', () => {
  it.each<[string, string, Frame[]]>([
    ['one line', '{"a":1}\n', data('{"a":1}')],
    ['several in one read', '{}\n[]\n1\n', data('{}', '[]', '1')],
    ['carriage return and line feed', '{}\r\n{"a":"b"}\r\n', data('{}', '{"a":"b"}')],
    ['a carriage return alone is no line end', '{"a":\r1}\n', data('{"a":\r1}')],
    ['blank lines', '\n\r\n \t\n{}\n\n\n{}\n', data('{}', '{}')],
    ['white space around a value', '  {} \n', data('{}')],
    ['a last line without its end', '{}\n{"a":1}', data('{}', '{"a":1}')],
    ['a byte order mark at the start', '\ufeff{}\n', data('{}')],
    ['a byte order mark later is text', '{}\n{"a":"\ufeff"}\n', data('{}', '{"a":"\ufeff"}')],
    ['escaped line ends stay in the value', '{"a":"x\\ny"}\n', data('{"a":"x\\ny"}')],
    ['more than one alphabet', '"żółć 日本 🌍"\n', data('"żółć 日本 🌍"')],
    ['what is no JSON at all, untouched', 'oops\n', data('oops')],
    ['nothing', '', []],
  ])('%s', (_title, text, frames) => {
    expect(readAll([encoder.encode(text)])).toEqual(frames)
  })

  it('gives each line as soon as it is complete', () => {
    const reader = openNdjson()
    expect(reader.push(encoder.encode('{"a"'))).toEqual([])
    expect(reader.push(encoder.encode(':1}\n{"b":'))).toEqual(data('{"a":1}'))
    expect(reader.push(encoder.encode('2}\n'))).toEqual(data('{"b":2}'))
    expect(reader.end()).toEqual([])
  })

  it('does not look at bytes again that the caller may reuse', () => {
    const reader = openNdjson()
    const read = encoder.encode('"ab')
    reader.push(read)
    read.fill(0x78)
    expect(reader.push(encoder.encode('c"\n'))).toEqual(data('"abc"'))
  })

  it('is what the framing of that name opens', () => {
    expect(openFraming('ndjson').push(encoder.encode('{}\n'))).toEqual(data('{}'))
  })
})

describe('the bound', () => {
  it.each([
    ['in one read', [`${'a'.repeat(101)}\n`]],
    ['in many reads', [...Array.from({ length: 101 }, () => 'a'), '\n']],
    ['at the end', ['a'.repeat(101)]],
    ['without any line end', Array.from({ length: 40 }, () => 'xxxxxxxxxx')],
  ])('stops one line that is too long, %s', (_title, reads) => {
    const read = () =>
      readAll(
        reads.map((text) => encoder.encode(text)),
        100,
      )
    expect(read).toThrow(FrameTooLargeError)
    expect(read).toThrow('longer than 100 characters')
  })

  it('counts lines one by one, and lets one of exactly that length pass', () => {
    const line = `${'日'.repeat(100)}\r\n`
    expect(readAll([encoder.encode(line.repeat(3))], 100)).toHaveLength(3)
    expect(readAll(cut(encoder.encode(line), [50, 120, 300]), 100)).toHaveLength(1)
  })
})

const piece = fc.constantFrom('{"a": 1}', '"', 'é', '日', '🌍', '\ufeff', ' ', '\t', '\r', 'x', '\\n')
const lineEnd = fc.constantFrom('\n', '\r\n', '\n\n', '\r\n\r\n')
const stream = fc
  .array(fc.oneof({ weight: 2, arbitrary: piece }, { weight: 1, arbitrary: lineEnd }), { maxLength: 60 })
  .map((pieces) => encoder.encode(pieces.join('')))

describe('however the bytes are cut', () => {
  it('the frames are the same', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(400), { maxLength: 12 }), (bytes, places) => {
        const inside = places.map((place) => place % (bytes.length + 1))
        expect(readAll(cut(bytes, inside))).toEqual(readAll([bytes]))
      }),
      { numRuns: 2000 },
    )
  })

  it('byte by byte as well', () => {
    fc.assert(
      fc.property(stream, (bytes) => {
        const single = Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1))
        expect(readAll(single)).toEqual(readAll([bytes]))
      }),
      { numRuns: 500 },
    )
  })

  it('and they are the lines of the text that hold something', () => {
    fc.assert(
      fc.property(stream, (bytes) => {
        const text = new TextDecoder('utf-8').decode(bytes)
        const lines = text.split('\n').map((line) => line.trim())
        expect(readAll([bytes])).toEqual(data(...lines.filter((line) => line !== '')))
      }),
      { numRuns: 1000 },
    )
  })
})
