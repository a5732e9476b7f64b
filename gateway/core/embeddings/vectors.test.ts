import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { countPacked, packFloats, readBase64, unpackFloats, unpackSignedBytes } from './vectors.ts'

const float32 = fc.float({ noNaN: true, noDefaultInfinity: true })

/** What OpenAI's own client does with such a text. */
function byClient(text: string): number[] {
  const bytes = Buffer.from(text, 'base64')
  return [...new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)]
}

describe('vectors as base64', () => {
  it('are packed as the client of OpenAI unpacks them, whatever the numbers', () => {
    fc.assert(
      fc.property(fc.array(float32, { minLength: 1, maxLength: 20 }), (numbers) => {
        const packed = packFloats(numbers)
        expect(packed).toBe(Buffer.from(Float32Array.from(numbers).buffer).toString('base64'))
        expect(byClient(packed)).toEqual(numbers)
        expect(unpackFloats(packed)).toEqual(numbers)
      }),
    )
  })

  it('are read as Node reads base64, padded or not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64')
        expect([...(readBase64(text) ?? [])]).toEqual([...bytes])
        expect([...(readBase64(text.replaceAll('=', '')) ?? [])]).toEqual([...bytes])
      }),
    )
  })

  it('are counted where they can be read, and nowhere else', () => {
    const text = fc.oneof(
      fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes).toString('base64')),
      fc.array(fc.float(), { maxLength: 4 }).map((numbers) => packFloats(numbers)),
      fc.string({ maxLength: 12 }),
    )
    fc.assert(
      fc.property(text, (one) => {
        expect(countPacked(one)).toBe(unpackFloats(one)?.length ?? null)
      }),
      { numRuns: 1000 },
    )
  })

  it.each(['a', 'ab*d', 'äbcd', 'ab=d'])('that are none are told: %s', (text) => {
    expect(readBase64(text)).toBeNull()
    expect(unpackFloats(text)).toBeNull()
  })

  it('of no whole number of floats are told', () => {
    expect(unpackFloats(Buffer.from([1, 2, 3]).toString('base64'))).toBeNull()
    expect(unpackFloats('')).toBeNull()
  })

  it('of numbers that are none are told', () => {
    expect(unpackFloats(Buffer.from(Float32Array.of(Number.NaN).buffer).toString('base64'))).toBeNull()
    expect(unpackFloats(Buffer.from(Float32Array.of(Infinity).buffer).toString('base64'))).toBeNull()
  })

  it('of signed bytes become their numbers', () => {
    expect(unpackSignedBytes(Buffer.from([0, 127, 128, 255]).toString('base64'))).toEqual([0, 127, -128, -1])
    expect(unpackSignedBytes('')).toBeNull()
    expect(unpackSignedBytes('?')).toBeNull()
  })
})
