import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readLength, readMessage } from './aws-event-stream-message.ts'
import { openAwsEventStream } from './aws-event-stream.ts'
import type { Frame } from './frame-reader.ts'
import { FrameTooLargeError, UnreadableFrameError } from './frame-reader.ts'
import { openFraming } from './index.ts'
import { eventLines, eventMessage } from './testing/event-messages.ts'

function readAll(reads: readonly Uint8Array[], limit?: number): Frame[] {
  const reader = openAwsEventStream(limit)
  return [...reads.flatMap((read) => reader.push(read)), ...reader.end()]
}

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const bounds = [0, ...[...places].sort((left, right) => left - right), bytes.length]
  return bounds.slice(1).map((bound, index) => bytes.subarray(bounds[index], bound))
}

/** Everything until it throws, and how it ended. */
function readUntilTrouble(reads: readonly Uint8Array[]): { frames: Frame[]; trouble: string | null } {
  const reader = openAwsEventStream()
  const frames: Frame[] = []
  try {
    for (const read of reads) frames.push(...reader.push(read))
    frames.push(...reader.end())
  } catch (error) {
    return { frames, trouble: error instanceof Error ? error.message : 'no error' }
  }
  return { frames, trouble: null }
}

const joined = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
const event = (name: string, payload: string): Uint8Array =>
  eventMessage({ headers: { ':message-type': 'event', ':event-type': name }, payload })
/** With one bit of one byte turned. */
const damaged = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, (bytes[at] ?? 0) ^ 1)

describe('an AWS event stream', () => {
  it('gives the name of an event and its payload', () => {
    expect(
      readAll([joined(event('messageStart', '{"role":"assistant"}'), event('ü', 'żółć 日本 🌍'), event('x', ''))]),
    ).toEqual([
      { event: 'messageStart', data: '{"role":"assistant"}' },
      { event: 'ü', data: 'żółć 日本 🌍' },
      { event: 'x', data: '' },
    ])
  })

  it('marks what is no event', () => {
    const said = { ':message-type': 'error', ':error-code': 'InternalFailure', ':error-message': 'It "broke".' }
    const exception = { ':message-type': 'exception', ':exception-type': 'throttlingException' }
    const bare = eventMessage({ headers: {}, payload: '{}' })
    const messages = [
      { headers: said, payload: '' },
      { headers: exception, payload: '{"message":"Slow."}' },
    ]
    expect(readAll([...messages.map(eventMessage), bare])).toEqual([
      { event: 'error:InternalFailure', data: '{"message":"It \\"broke\\"."}' },
      { event: 'exception:throttlingException', data: '{"message":"Slow."}' },
      { event: null, data: '{}' },
    ])
  })

  it('gives each frame as soon as it is complete, and keeps no bytes that the caller may use again', () => {
    const reader = openAwsEventStream()
    const bytes = eventLines(['a {}', 'b {"x":1}'])
    const first = bytes.slice(0, bytes.length - 5)
    expect(reader.push(first)).toEqual([{ event: 'a', data: '{}' }])
    first.fill(0)
    expect(reader.push(bytes.subarray(-5))).toEqual([{ event: 'b', data: '{"x":1}' }])
    expect(reader.end()).toEqual([])
  })

  it('is what the framing of that name opens', () => {
    expect(openFraming('aws-event-stream').push(event('a', '{}'))).toEqual([{ event: 'a', data: '{}' }])
  })

  it('gives the same frames however the bytes are cut', () => {
    const messages = fc.array(fc.record({ name: fc.string({ maxLength: 9 }), payload: fc.string({ unit: 'binary' }) }))
    fc.assert(
      fc.property(messages, fc.array(fc.nat()), (written, places) => {
        const bytes = joined(...written.map(({ name, payload }) => event(name, payload)))
        const frames = readAll([bytes])
        expect(frames).toHaveLength(written.length)
        expect(
          readAll(
            cut(
              bytes,
              places.map((place) => place % (bytes.length + 1)),
            ),
          ),
        ).toEqual(frames)
      }),
    )
  })

  describe('that was damaged', () => {
    const good = eventLines(['a {}', 'b {}'])
    const next = event('c', '{"x":1}')

    it('tells any single damaged byte, whatever came in the same read, after the frames before it', () => {
      const before = [
        { event: 'a', data: '{}' },
        { event: 'b', data: '{}' },
      ]
      for (let at = 0; at < next.length; at += 1) {
        const bytes = joined(good, damaged(next, at), event('d', '{}'))
        const whole = readUntilTrouble([bytes])
        expect(whole, `byte ${at}`).toEqual({ frames: before, trouble: expect.stringMatching(/prelude|checksum/) })
        expect(readUntilTrouble(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole)
      }
    })

    it('tells a stream that was cut inside a message, and no other', () => {
      const bytes = joined(good, next)
      const ends = new Set([0, good.length / 2, good.length, bytes.length])
      for (let end = 0; end <= bytes.length; end += 1) {
        const { trouble } = readUntilTrouble([bytes.subarray(0, end)])
        expect({ end, isTold: trouble !== null }).toEqual({ end, isTold: !ends.has(end) })
      }
    })

    it('stays broken', () => {
      const reader = openAwsEventStream()
      expect(reader.push(joined(good, damaged(next, 20)))).toHaveLength(2)
      expect(() => reader.push(event('d', '{}'))).toThrow(UnreadableFrameError)
      expect(() => reader.end()).toThrow(UnreadableFrameError)
      const early = openAwsEventStream()
      expect(() => early.push(damaged(next, 20))).toThrow(UnreadableFrameError)
      expect(() => early.push(event('d', '{}'))).toThrow(UnreadableFrameError)
      expect(() => early.end()).toThrow(UnreadableFrameError)
    })

    it('waits for no more than a bound, and for nothing that a wrong length promises', () => {
      const large = event('a', 'x'.repeat(2000))
      expect(() => openAwsEventStream(1000).push(large.subarray(0, 12))).toThrow(FrameTooLargeError)
      expect(readAll([large], 3000)).toHaveLength(1)
      expect(() => openAwsEventStream().push(damaged(large, 0).subarray(0, 12))).toThrow('prelude')
    })

    it('whose lengths contradict each other under a right checksum', () => {
      const bytes = Buffer.from(eventMessage({ headers: {}, payload: '' }))
      expect(readLength(bytes)).toBe(16)
      bytes.writeUInt32BE(1, 4)
      const { crc32 } = process.getBuiltinModule('node:zlib')
      bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8)
      expect(() => readLength(bytes)).toThrow('its lengths do not fit together')
    })

    it.each([
      ['of a type nobody knows', [1, 97, 10], 'unknown type 10'],
      ['that is longer than all headers', [1, 97, 7, 0, 9], 'in the middle of one'],
    ])('with a header %s', (_what, header, message) => {
      const { crc32 } = process.getBuiltinModule('node:zlib')
      const bytes = Buffer.alloc(16 + header.length)
      bytes.writeUInt32BE(bytes.length, 0)
      bytes.writeUInt32BE(header.length, 4)
      bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8)
      bytes.set(header, 12)
      bytes.writeUInt32BE(crc32(bytes.subarray(0, -4)), bytes.length - 4)
      expect(() => readMessage(bytes)).toThrow(message)
    })
  })
})
