/** The vectors of the Smithy codec, and streams that were built to end badly, through the reader of AWS event streams. */
import { describe, expect, it } from 'vitest'
import type { HeaderValue } from '../../gateway/core/framing/aws-event-stream-message.ts'
import { readLength, readMessage } from '../../gateway/core/framing/aws-event-stream-message.ts'
import { openAwsEventStream } from '../../gateway/core/framing/aws-event-stream.ts'
import type { Frame } from '../../gateway/core/framing/frame-reader.ts'
import type { EventStreamVector } from './fixtures.ts'
import { missingFixtures, readEventStreamVectors } from './fixtures.ts'

const vectors = readEventStreamVectors()
const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`
const bytesOf = ({ bytesBase64 }: EventStreamVector) => Uint8Array.from(Buffer.from(bytesBase64, 'base64'))
const byName = (some: readonly EventStreamVector[]) => some.map((vector) => [vector.name, vector] as const)

/** As the vectors write it down: bytes and texts in base64. */
function written(value: HeaderValue): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'string' || value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  return value
}

function framesOf(bytes: Uint8Array, size: number): { frames: Frame[]; trouble: string | null } {
  const reader = openAwsEventStream()
  const frames: Frame[] = []
  try {
    for (let at = 0; at < bytes.length; at += size) frames.push(...reader.push(bytes.subarray(at, at + size)))
    frames.push(...reader.end())
  } catch (error) {
    return { frames, trouble: String(error) }
  }
  return { frames, trouble: null }
}

describe.skipIf(missingFixtures !== null)(`vectors of event streams${why}`, () => {
  it('are all there', () => {
    expect(vectors).toHaveLength(12)
  })

  it.each(byName(vectors.filter(({ decoded }) => decoded !== undefined)))('%s is read', (_name, vector) => {
    const bytes = bytesOf(vector)
    const message = readMessage(bytes)
    expect(readLength(bytes)).toBe(vector.decoded?.total_length)
    const headers = [...message.headers].map(([name, value]) => ({ name, value: written(value) }))
    expect(headers).toEqual((vector.decoded?.headers ?? []).map(({ name, value }) => ({ name, value })))
    expect(Buffer.from(message.payload).toString('base64')).toBe(vector.decoded?.payload)
  })

  it.each(byName(vectors.filter(({ error }) => error !== undefined)))('%s is told', (_name, vector) => {
    const bytes = bytesOf(vector)
    for (const size of [bytes.length, 1]) {
      expect(framesOf(bytes, size)).toEqual({ frames: [], trouble: expect.stringMatching(/prelude|checksum/) })
    }
  })

  it.each(byName(vectors.filter(({ frames }) => frames !== undefined)))('%s', (_name, vector) => {
    const bytes = bytesOf(vector)
    const expected = (vector.frames ?? []).map(({ headers, payload }) => {
      const exception = headers[':exception-type']
      const event = exception === undefined ? headers[':event-type'] : `exception:${exception}`
      return { event, data: payload }
    })
    const { frames, trouble } = framesOf(bytes, 7)
    expect(trouble).toBeNull()
    expect(frames.map(({ event, data }) => ({ event, data: JSON.parse(data) as unknown }))).toEqual(expected)
  })

  it('a stream that was cut inside a message gives what was whole, and tells', () => {
    const vector = vectors.find(({ name }) => name === 'constructed-cut-in-frame')
    if (vector === undefined) throw new Error('missing')
    const { frames, trouble } = framesOf(bytesOf(vector), 7)
    expect(frames.map(({ event }) => event)).toEqual(['messageStart'])
    expect(trouble).toContain('the stream ends in the middle of it')
  })
})
