/**
 * One message of an AWS event stream: a prelude (total length, length of the headers, CRC-32 of both), headers, payload,
 * and the CRC-32 of all before it; numbers are big-endian
 * (https://smithy.io/2.0/aws/amazon-eventstream.html, checked 2026-11-24 against the codec's own test vectors).
 */
import { UnreadableFrameError } from './frame-reader.ts'

export const preludeBytes = 12
const checksumBytes = 4
const leastBytes = preludeBytes + checksumBytes

/** A timestamp is milliseconds since 1970. */
export type HeaderValue = boolean | number | bigint | string | Uint8Array

export interface EventMessage {
  readonly headers: ReadonlyMap<string, HeaderValue>
  readonly payload: Uint8Array
}

/**
 * Length in bytes of the message that begins with this prelude.
 * @throws UnreadableFrameError when the prelude was damaged.
 */
export function readLength(bytes: Uint8Array): number {
  const view = viewOf(bytes)
  if (crc32(bytes.subarray(0, 8)) !== view.getUint32(8)) throw new UnreadableFrameError('its prelude is damaged')
  const total = view.getUint32(0)
  if (total < leastBytes || view.getUint32(4) > total - leastBytes) {
    throw new UnreadableFrameError('its lengths do not fit together')
  }
  return total
}

/**
 * Takes exactly one message whose prelude was read. The payload lies in the given bytes.
 * @throws UnreadableFrameError when the message was damaged.
 */
export function readMessage(bytes: Uint8Array): EventMessage {
  const view = viewOf(bytes)
  const checksumAt = bytes.length - checksumBytes
  if (crc32(bytes.subarray(0, checksumAt)) !== view.getUint32(checksumAt)) {
    throw new UnreadableFrameError('its checksum is wrong')
  }
  const payloadAt = preludeBytes + view.getUint32(4)
  const headers = readHeaders(bytes.subarray(preludeBytes, payloadAt))
  return { headers, payload: bytes.subarray(payloadAt, checksumAt) }
}

// ---- headers ----

function readHeaders(bytes: Uint8Array): Map<string, HeaderValue> {
  const headers = new Map<string, HeaderValue>()
  const reader = new HeaderReader(bytes)
  while (!reader.isAtEnd) headers.set(reader.text(reader.number(1)), reader.value())
  return headers
}

const utf8 = new TextDecoder()

class HeaderReader {
  private readonly bytes: Uint8Array
  private readonly view: DataView
  private at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.view = viewOf(bytes)
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length
  }

  /** A number that says how long something is. */
  number(size: 1 | 2): number {
    const at = this.step(size)
    return size === 1 ? this.view.getUint8(at) : this.view.getUint16(at)
  }

  text(length: number): string {
    return utf8.decode(this.binary(length))
  }

  value(): HeaderValue {
    const type = this.number(1)
    switch (type) {
      case 0:
        return true
      case 1:
        return false
      case 2:
        return this.view.getInt8(this.step(1))
      case 3:
        return this.view.getInt16(this.step(2))
      case 4:
        return this.view.getInt32(this.step(4))
      case 5:
      case 8:
        return this.view.getBigInt64(this.step(8))
      case 6:
        return this.binary(this.number(2))
      case 7:
        return this.text(this.number(2))
      case 9:
        return this.binary(16)
      default:
        throw new UnreadableFrameError(`it has a header of the unknown type ${type}`)
    }
  }

  private binary(length: number): Uint8Array {
    const start = this.step(length)
    return this.bytes.subarray(start, start + length)
  }

  private step(size: number): number {
    const start = this.at
    this.at += size
    if (this.at > this.bytes.length) throw new UnreadableFrameError('its headers end in the middle of one')
    return start
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

// ---- checksums ----

/** The remainders of every byte, for the reflected polynomial of ISO 3309. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit += 1) rest = (rest & 1) === 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
  return rest
})

function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff
  // By position: this loop sees every byte of every stream, and iterators cost it threefold.
  for (let at = 0; at < bytes.length; at += 1) {
    sum = (sum >>> 8) ^ (remainders[(sum ^ (bytes[at] ?? 0)) & 0xff] ?? 0)
  }
  return (sum ^ 0xffffffff) >>> 0
}
