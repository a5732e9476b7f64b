/** The door to framings: a dialect names the one it is sent in. */
import type { Framing } from '../dialects/dialect.ts'
import { openAwsEventStream } from './aws-event-stream.ts'
import type { FrameReader } from './frame-reader.ts'
import { openNdjson } from './ndjson.ts'
import { openServerSentEvents } from './sse.ts'

/** A reader for one stream. */
export function openFraming(framing: Framing): FrameReader {
  switch (framing) {
    case 'sse':
      return openServerSentEvents()
    case 'ndjson':
      return openNdjson()
    case 'aws-event-stream':
      return openAwsEventStream()
    default:
      return framing satisfies never
  }
}
