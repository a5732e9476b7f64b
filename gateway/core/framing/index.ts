/** The door to framings: a dialect names the one it is sent in. */
import type { Framing } from '../dialects/dialect.ts'
import type { FrameReader } from './frame-reader.ts'
import { openNdjson } from './ndjson.ts'
import { openServerSentEvents } from './sse.ts'

/** A reader for one stream. Throws a plain error for a framing that no dialect of this version is sent in. */
export function openFraming(framing: Framing): FrameReader {
  switch (framing) {
    case 'sse':
      return openServerSentEvents()
    case 'ndjson':
      return openNdjson()
    case 'aws-event-stream':
      throw new Error(`this version has no reader for ${framing}`)
    default:
      return framing satisfies never
  }
}
