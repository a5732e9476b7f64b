/**
 * Frames of an AWS event stream. A frame's `event` is the name of the event (`:event-type`); a message that says that
 * something went wrong is told apart by what stands before its name:
 *
 * - `exception:throttlingException`: an exception of the service (`:exception-type`), its payload in `data`;
 * - `error:InternalFailure`: an error outside of the service's own model (`:error-code`). Such messages have no payload,
 *   so `data` is `{"message": …}` with what `:error-message` says.
 *
 * A stream that was damaged or cut inside a message is told by an `UnreadableFrameError`: what follows a damaged message
 * cannot be found any more. Messages before it are given first.
 */
import type { EventMessage } from './aws-event-stream-message.ts'
import { preludeBytes, readLength, readMessage } from './aws-event-stream-message.ts'
import type { Frame, FrameReader } from './frame-reader.ts'
import { defaultMaxFrameLength, FrameTooLargeError, UnreadableFrameError } from './frame-reader.ts'

/** Stand before the name of what went wrong; no name of an event has a colon. */
export const exceptionMark = 'exception:'
export const errorMark = 'error:'

const noFrames: readonly Frame[] = []

/** `maxFrameLength` is in bytes here, headers included. */
export function openAwsEventStream(maxFrameLength: number = defaultMaxFrameLength): FrameReader {
  return new EventStreamReader(maxFrameLength)
}

class EventStreamReader implements FrameReader {
  private readonly maxFrameLength: number
  private readonly decoder = new TextDecoder()
  /** Bytes of a message whose end has not come yet, in the pieces they came in. */
  private held: Uint8Array[] = []
  private heldBytes = 0
  /** How many bytes must be there before anything can be read. */
  private needed = preludeBytes
  /** What was wrong with the bytes after the frames that were given last. */
  private trouble: Error | null = null

  constructor(maxFrameLength: number) {
    this.maxFrameLength = maxFrameLength
  }

  push(read: Uint8Array): readonly Frame[] {
    if (this.trouble !== null) throw this.trouble
    if (this.heldBytes + read.length < this.needed) {
      this.hold(read)
      return noFrames
    }
    return this.parse(this.heldBytes === 0 ? read : this.join(read))
  }

  end(): readonly Frame[] {
    if (this.trouble !== null) throw this.trouble
    if (this.heldBytes > 0) throw new UnreadableFrameError('the stream ends in the middle of it')
    return noFrames
  }

  private parse(bytes: Uint8Array): readonly Frame[] {
    const frames: Frame[] = []
    let start = 0
    try {
      for (;;) {
        const rest = bytes.length - start
        this.needed = preludeBytes
        if (rest < preludeBytes) break
        this.needed = readLength(bytes.subarray(start, start + preludeBytes))
        if (this.needed > this.maxFrameLength) throw new FrameTooLargeError(this.maxFrameLength)
        if (rest < this.needed) break
        frames.push(this.frameOf(readMessage(bytes.subarray(start, start + this.needed))))
        start += this.needed
      }
    } catch (error) {
      // Frames that are whole must not depend on what came in the same read.
      if (!(error instanceof Error)) throw error
      this.trouble = error
      if (frames.length === 0) throw error
      return frames
    }
    this.hold(bytes.subarray(start))
    return frames
  }

  private frameOf({ headers, payload }: EventMessage): Frame {
    const text = (name: string): string => String(headers.get(name) ?? '')
    const data = this.decoder.decode(payload)
    const type = text(':message-type')
    if (type === 'exception') return { data, event: exceptionMark + text(':exception-type') }
    if (type === 'error') {
      return { data: JSON.stringify({ message: text(':error-message') }), event: errorMark + text(':error-code') }
    }
    return { data, event: headers.has(':event-type') ? text(':event-type') : null }
  }

  private hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.heldBytes += bytes.length
    // A copy: the caller may use its bytes again.
    this.held.push(bytes.slice())
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
}
