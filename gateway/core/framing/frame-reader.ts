/**
 * Framing turns bytes into frames; what a frame means is the dialect's business. A reader belongs to one stream, takes
 * its reads in order, and gives the same frames however the bytes were cut.
 */

/** One unit of a stream. */
export interface Frame {
  /** The payload: for server-sent events the `data:` lines, joined by line feeds. */
  readonly data: string
  /** The event's name, where the framing has one and it was sent. */
  readonly event: string | null
}

export interface FrameReader {
  /**
   * Takes the next read and gives the frames it completes. The bytes may be reused by the caller afterwards.
   * @throws FrameTooLargeError when a single frame exceeds the bound; the reader is of no use afterwards.
   * @throws UnreadableFrameError where the framing can tell that bytes were damaged; likewise.
   */
  push(bytes: Uint8Array): readonly Frame[]
  /**
   * The bytes have ended: gives the frame that was still open, if it can be read without its end mark.
   * @throws UnreadableFrameError where the framing can tell that it cannot.
   */
  end(): readonly Frame[]
}

/** Longest payload of one frame, in UTF-16 units. The largest seen in life are whole images and tool arguments. */
export const defaultMaxFrameLength = 16 * 1024 * 1024

/** A provider sent one frame without end: memory is bounded, so the stream counts as unreadable. */
export class FrameTooLargeError extends Error {
  readonly limit: number

  constructor(limit: number) {
    super(`one event of the stream is longer than ${limit} characters`)
    this.name = 'FrameTooLargeError'
    this.limit = limit
  }
}

/** Bytes were damaged or cut on their way. */
export class UnreadableFrameError extends Error {
  /** `reason`: half a sentence about the frame. */
  constructor(reason: string) {
    super(`one event of the stream cannot be read: ${reason}`)
    this.name = 'UnreadableFrameError'
  }
}
