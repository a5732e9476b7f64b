/**
 * JSON values, one a line (https://github.com/ndjson/ndjson-spec, checked 2026-11-23): lines end in a line feed, with a
 * carriage return before it or not; blank lines mean nothing. A last line without its end is delivered all the same.
 * What a line holds is not looked at here.
 *
 * Like the reader of server-sent events it works on whole reads: bytes are cut after their last line feed, where a cut
 * can never divide a character, and decoded in one call.
 */
import type { Frame, FrameReader } from './frame-reader.ts'
import { defaultMaxFrameLength, FrameTooLargeError } from './frame-reader.ts'

const lineFeed = 0x0a

/** UTF-8 takes at most three bytes for one UTF-16 unit. */
const bytesPerUnit = 3

const noFrames: readonly Frame[] = []

export function openNdjson(maxFrameLength: number = defaultMaxFrameLength): FrameReader {
  return new NdjsonReader(maxFrameLength)
}

class NdjsonReader implements FrameReader {
  private readonly maxFrameLength: number
  private readonly decoder = new TextDecoder()
  /** Bytes of a line whose end has not come yet, in the pieces they came in. */
  private held: Uint8Array[] = []
  private heldBytes = 0

  constructor(maxFrameLength: number) {
    this.maxFrameLength = maxFrameLength
  }

  push(read: Uint8Array): readonly Frame[] {
    const end = read.lastIndexOf(lineFeed) + 1
    if (end === 0) {
      this.hold(read)
      return noFrames
    }
    const text = this.take(end === read.length ? read : read.subarray(0, end))
    this.hold(read.subarray(end))
    return this.parse(text)
  }

  end(): readonly Frame[] {
    return this.parse(`${this.take(new Uint8Array(0))}\n`)
  }

  private hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.heldBytes += bytes.length
    if (this.heldBytes > this.maxFrameLength * bytesPerUnit) throw new FrameTooLargeError(this.maxFrameLength)
    // A copy: the caller may use its bytes again.
    this.held.push(bytes.slice())
  }

  /** Decodes what was held together with the bytes that complete it. */
  private take(bytes: Uint8Array): string {
    return this.decoder.decode(this.heldBytes === 0 ? bytes : this.join(bytes))
  }

  private join(bytes: Uint8Array): Uint8Array {
    const joined = new Uint8Array(this.heldBytes + bytes.length)
    let offset = 0
    for (const piece of [...this.held, bytes]) {
      joined.set(piece, offset)
      offset += piece.length
    }
    this.held = []
    this.heldBytes = 0
    return joined
  }

  /** Takes whole lines, the last one ended too. */
  private parse(lines: string): readonly Frame[] {
    const frames: Frame[] = []
    for (let start = 0; start < lines.length;) {
      const stop = lines.indexOf('\n', start)
      // At either end of a value white space means nothing, a carriage return and a byte order mark among it.
      const data = lines.slice(start, stop).trim()
      if (data.length > this.maxFrameLength) throw new FrameTooLargeError(this.maxFrameLength)
      if (data !== '') frames.push({ data, event: null })
      start = stop + 1
    }
    return frames
  }
}
