/**
 * Server-sent events, as the HTML standard defines them (https://html.spec.whatwg.org/multipage/server-sent-events.html,
 * section "Parsing an event stream", checked 2026-11-23), with one addition: an event that is still open when the bytes
 * end is delivered, because some servers leave the last blank line out.
 *
 * This runs for every network read of every stream, so it works on whole reads: bytes are cut after their last line
 * end and decoded in one call (a cut there can never divide a character), and lines are found by `indexOf`.
 */
import type { Frame, FrameReader } from './frame-reader.ts'
import { defaultMaxFrameLength, FrameTooLargeError } from './frame-reader.ts'

const lineFeed = 0x0a
const carriageReturn = 0x0d
const byteOrderMark = 0xfeff
const colon = 0x3a
const space = 0x20
const letterD = 0x64
const letterE = 0x65

/** UTF-8 takes at most three bytes for one UTF-16 unit. */
const bytesPerUnit = 3
/** Room for the field name of a line that is just within the bound. */
const fieldNameBytes = 64

const noFrames: readonly Frame[] = []

export function openServerSentEvents(maxFrameLength: number = defaultMaxFrameLength): FrameReader {
  return new ServerSentEventReader(maxFrameLength)
}

class ServerSentEventReader implements FrameReader {
  private readonly maxFrameLength: number
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  /** Bytes of a line whose end has not come yet, in the pieces they came in. */
  private held: Uint8Array[] = []
  private heldBytes = 0
  private atStart = true
  /** The last read ended in a carriage return; a line feed that comes next belongs to it. */
  private skipLineFeed = false
  private data: string | null = null
  private event: string | null = null

  constructor(maxFrameLength: number) {
    this.maxFrameLength = maxFrameLength
  }

  push(read: Uint8Array): readonly Frame[] {
    if (read.length === 0) return noFrames
    let bytes = read
    if (this.skipLineFeed) {
      this.skipLineFeed = false
      if (bytes[0] === lineFeed) bytes = bytes.subarray(1)
    }
    const end = afterLastLineEnd(bytes)
    if (end === 0) {
      this.hold(bytes)
      return noFrames
    }
    this.skipLineFeed = end === bytes.length && bytes[end - 1] === carriageReturn
    const text = this.take(end === bytes.length ? bytes : bytes.subarray(0, end))
    if (end < bytes.length) this.hold(bytes.subarray(end))
    return this.parse(text)
  }

  end(): readonly Frame[] {
    const lastLine = this.take(new Uint8Array(0))
    return this.parse(`${lastLine}\n\n`)
  }

  private hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.heldBytes += bytes.length
    if (this.heldBytes > this.maxFrameLength * bytesPerUnit + fieldNameBytes) {
      throw new FrameTooLargeError(this.maxFrameLength)
    }
    this.held.push(bytes.slice())
  }

  /** Decodes what was held together with the bytes that complete it. */
  private take(bytes: Uint8Array): string {
    let text: string
    if (this.heldBytes === 0) text = this.decoder.decode(bytes)
    else {
      const joined = new Uint8Array(this.heldBytes + bytes.length)
      let offset = 0
      for (const piece of this.held) {
        joined.set(piece, offset)
        offset += piece.length
      }
      joined.set(bytes, offset)
      this.held = []
      this.heldBytes = 0
      text = this.decoder.decode(joined)
    }
    if (!this.atStart || text === '') return text
    this.atStart = false
    return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text
  }

  /** Takes whole lines, the last one ended too. */
  private parse(lines: string): readonly Frame[] {
    const text = lines.includes('\r') ? lines.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : lines
    const frames: Frame[] = []
    for (let start = 0; start < text.length;) {
      const stop = text.indexOf('\n', start)
      if (stop > start) this.takeLine(text, start, stop)
      else {
        // A blank line ends an event; one without any data line is none, whatever its name.
        if (this.data !== null) frames.push({ data: this.data, event: this.event })
        this.data = null
        this.event = null
      }
      start = stop + 1
    }
    return frames
  }

  private takeLine(text: string, start: number, stop: number): void {
    const first = text.charCodeAt(start)
    if (first === letterD && text.startsWith('data', start)) {
      const value = valueAfter(text, start + 'data'.length, stop)
      if (value === null) return
      this.data = this.data === null ? value : `${this.data}\n${value}`
      if (this.data.length > this.maxFrameLength) throw new FrameTooLargeError(this.maxFrameLength)
    } else if (first === letterE && text.startsWith('event', start)) {
      const value = valueAfter(text, start + 'event'.length, stop)
      if (value !== null) this.event = value === '' ? null : value
    }
    // Comments (a colon first), `id`, `retry` and fields of the future mean nothing to us.
  }
}

/** Where the bytes after the last line end begin; 0 when there is none. Almost every read ends in a line feed. */
function afterLastLineEnd(bytes: Uint8Array): number {
  const afterFeed = bytes.lastIndexOf(lineFeed) + 1
  if (afterFeed === bytes.length) return afterFeed
  const afterReturn = bytes.subarray(afterFeed).lastIndexOf(carriageReturn) + 1
  return afterReturn === 0 ? afterFeed : afterFeed + afterReturn
}

/** What stands after a field's name, up to the end of the line; null when the name goes on and is another. */
function valueAfter(text: string, afterName: number, stop: number): string | null {
  if (afterName === stop) return ''
  if (text.charCodeAt(afterName) !== colon) return null
  const value = afterName + 1
  return text.slice(text.charCodeAt(value) === space ? value + 1 : value, stop)
}
