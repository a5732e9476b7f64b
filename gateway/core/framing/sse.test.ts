import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Frame } from './frame-reader.ts'
import { FrameTooLargeError } from './frame-reader.ts'
import { openFraming } from './index.ts'
import { openServerSentEvents } from './sse.ts'

const encoder = new TextEncoder()

function readAll(reads: readonly Uint8Array[], limit?: number): Frame[] {
  const reader = openServerSentEvents(limit)
  return [...reads.flatMap((read) => reader.push(read)), ...reader.end()]
}

function readText(text: string): Frame[] {
  return readAll([encoder.encode(text)])
}

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const bounds = [0, ...[...places].sort((left, right) => left - right), bytes.length]
  return bounds.slice(1).map((bound, index) => bytes.subarray(bounds[index], bound))
}

const data = (...texts: string[]): Frame[] => texts.map((text) => ({ data: text, event: null }))

describe('server-sent events', () => {
  it.each([
    ['one event', 'data: a\n\n', data('a')],
    ['several in one read', 'data: a\n\ndata: b\n\n', data('a', 'b')],
    ['carriage return and line feed', 'data: a\r\n\r\ndata: b\r\n\r\n', data('a', 'b')],
    ['carriage returns alone', 'data: a\r\rdata: b\r\r', data('a', 'b')],
    ['line ends mixed', 'data: a\r\n\ndata: b\r\n\r\ndata: c\n\r\n', data('a', 'b', 'c')],
    ['several data lines', 'data: a\ndata: b\ndata:\ndata: c\n\n', data('a\nb\n\nc')],
    ['no space after the colon', 'data:a\n\n', data('a')],
    ['one space is dropped, no more', 'data:  a \n\n', data(' a ')],
    ['a field without colon', 'data\n\n', data('')],
    ['an empty value', 'data:\n\n', data('')],
    ['named events', 'event: error\ndata: a\n\ndata: b\n\n', [{ data: 'a', event: 'error' }, ...data('b')]],
    ['the name after the data', 'data: a\nevent: late\n\n', [{ data: 'a', event: 'late' }]],
    ['the last name wins, and an empty one is none', 'event: x\nevent:\ndata: a\n\n', data('a')],
    ['a name without data is no event', 'event: ping\n\ndata: a\n\n', data('a')],
    ['comments', ': keep-alive\n\n:\n\ndata: a\n: in between\n\n', data('a')],
    ['other fields', 'id: 1\nretry: 10\ndatabase: x\nevents: y\n data: z\ndata: a\n\n', data('a')],
    ['blank lines', '\n\n\ndata: a\n\n\n\n\ndata: b\n\n', data('a', 'b')],
    ['a byte order mark at the start', '\ufeffdata: a\n\n', data('a')],
    ['a byte order mark later is text', 'data: \ufeffa\n\n\ufeffdata: b\n\n', data('\ufeffa')],
    ['colons and quotes in the value', 'data: {"a": "b: c"}\n\n', data('{"a": "b: c"}')],
    ['the end mark of a dialect is data like any other', 'data: [DONE]\n\n', data('[DONE]')],
    ['more than one alphabet', 'data: żółć 日本 🌍\n\n', data('żółć 日本 🌍')],
    ['nothing', '', []],
  ] as const)('reads %s', (_name, text, frames) => {
    expect(readText(text)).toEqual(frames)
  })

  it.each([
    ['without its blank line', 'data: a\n\ndata: b\n', data('a', 'b')],
    ['without a line end', 'data: a\n\ndata: b', data('a', 'b')],
    ['with a name', 'event: x\ndata: a', [{ data: 'a', event: 'x' }]],
    ['but not a bare name', 'data: a\n\nevent: x', data('a')],
    ['but not a comment', 'data: a\n\n: bye', data('a')],
    ['even cut inside a character', null, data('a', '\ufffd')],
  ] as const)('delivers what is open at the end, %s', (_name, text, frames) => {
    const bytes = text === null ? encoder.encode('data: a\n\ndata: é').subarray(0, -1) : encoder.encode(text)
    expect(readAll([bytes])).toEqual(frames)
  })

  it('gives each frame as soon as it is complete', () => {
    const reader = openServerSentEvents()
    expect(reader.push(encoder.encode('data: a\n'))).toEqual([])
    expect(reader.push(encoder.encode('\ndata: b'))).toEqual(data('a'))
    expect(reader.push(encoder.encode('c\n\n'))).toEqual(data('bc'))
    expect(reader.end()).toEqual([])
  })

  it('does not wait for a line feed after a carriage return', () => {
    const reader = openServerSentEvents()
    expect(reader.push(encoder.encode('data: a\r\r'))).toEqual(data('a'))
    expect(reader.push(encoder.encode('\ndata: b\r\n\r'))).toEqual(data('b'))
    expect(reader.push(encoder.encode('\n'))).toEqual([])
  })

  it('does not look at bytes again that the caller may reuse', () => {
    const reader = openServerSentEvents()
    const read = encoder.encode('data: abc')
    reader.push(read)
    read.fill(0x78)
    expect(reader.push(encoder.encode('d\n\n'))).toEqual(data('abcd'))
  })

  it('is what the framing named sse opens', () => {
    expect(openFraming('sse').push(encoder.encode('data: a\n\n'))).toEqual(data('a'))
  })
})

describe('the bound', () => {
  it.each([
    ['in one read', [`data: ${'a'.repeat(101)}\n\n`]],
    ['in many reads', ['data: ', ...Array.from({ length: 101 }, () => 'a'), '\n\n']],
    ['over several lines', [`${'data: aaaaaaaaa\n'.repeat(11)}\n`]],
    ['without any line end', ['x'.repeat(1000)]],
  ])('stops one event that is too long, %s', (_name, reads) => {
    const read = () =>
      readAll(
        reads.map((text) => encoder.encode(text)),
        100,
      )
    expect(read).toThrow(FrameTooLargeError)
    expect(read).toThrow('longer than 100 characters')
  })

  it('counts events one by one, and lets one of exactly that length pass', () => {
    const text = `data: ${'é'.repeat(100)}\n\n`
    expect(readAll([encoder.encode(text.repeat(3))], 100)).toHaveLength(3)
    expect(readAll(cut(encoder.encode(text), [50, 120]), 100)).toHaveLength(1)
  })
})

// Any stream, made of the pieces that matter: line ends, colons, names, characters of one to four bytes.
const piece = fc.constantFrom(
  'data:',
  'data: ',
  'event: ',
  ': ',
  'a',
  '{"b": 1}',
  'é',
  '日',
  '🌍',
  '\ufeff',
  ' ',
  '[DONE]',
)
const lineEnd = fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\r\n\r\n', '\r\r')
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

  it('and they are those of the standard', () => {
    fc.assert(
      fc.property(stream, (bytes) => {
        expect(readAll([bytes])).toEqual(byTheStandard(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)))
      }),
      { numRuns: 2000 },
    )
  })
})

/** The standard's algorithm, line by line as it is written there, and an event that is open at the end delivered. */
function byTheStandard(whole: string): Frame[] {
  const frames: Frame[] = []
  let dataLines: string[] = []
  let event = ''
  const text = whole.startsWith('\ufeff') ? whole.slice(1) : whole
  for (const line of [...text.split(/\r\n|\n|\r/), '']) {
    if (line === '') {
      if (dataLines.length > 0) frames.push({ data: dataLines.join('\n'), event: event === '' ? null : event })
      dataLines = []
      event = ''
      continue
    }
    const [, field = '', , value = ''] = /^([^:]*)(: ?([^]*))?$/.exec(line) ?? []
    if (field === 'data') dataLines.push(value)
    else if (field === 'event') event = value
  }
  return frames
}
