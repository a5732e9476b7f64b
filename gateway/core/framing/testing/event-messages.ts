/** Messages of an AWS event stream for tests, written down as a name and its JSON. */
import { crc32 } from 'node:zlib'

export interface WrittenMessage {
  readonly headers: Readonly<Record<string, string>>
  readonly payload: string | Uint8Array
}

/** The bytes of one message whose headers are all texts. */
export function eventMessage({ headers, payload }: WrittenMessage): Uint8Array {
  const written = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)))
  const body = Buffer.from(payload)
  const message = Buffer.alloc(16 + written.length + body.length)
  message.writeUInt32BE(message.length, 0)
  message.writeUInt32BE(written.length, 4)
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8)
  written.copy(message, 12)
  body.copy(message, 12 + written.length)
  message.writeUInt32BE(crc32(message.subarray(0, -4)), message.length - 4)
  return new Uint8Array(message)
}

function header(name: string, value: string): Buffer {
  const content = Buffer.from(value)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(content.length)
  return Buffer.concat([Buffer.from([Buffer.byteLength(name)]), Buffer.from(name), Buffer.from([7]), length, content])
}

/**
 * The bytes of lines such as `messageStop {"stopReason":"end_turn"}`, or `exception:throttlingException {…}`: what the
 * reader gives as a frame's event, then its data.
 */
export function eventLines(lines: readonly string[]): Uint8Array {
  const messages = lines.map((line) => {
    const space = line.indexOf(' ')
    return eventMessage({ headers: headersOf(line.slice(0, space)), payload: line.slice(space + 1) })
  })
  return new Uint8Array(Buffer.concat(messages))
}

function headersOf(event: string): Record<string, string> {
  const [kind, name = ''] = event.split(':')
  const type = { ':content-type': 'application/json' }
  if (kind === 'exception') return { ':message-type': 'exception', ':exception-type': name, ...type }
  return { ':message-type': 'event', ':event-type': event, ...type }
}
