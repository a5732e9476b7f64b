/**
 * Messages of an AWS event stream (https://smithy.io/2.0/aws/amazon-eventstream.html, read 2026-11-24), as texts of one
 * letter a byte, so that they can be cut and joined like those of any other wire.
 */
import { crc32 } from 'node:zlib'

const textType = 7

/** An event, as recorded: its name, what it holds, and letters that pad it to no fixed length. */
export function eventFrame(name: string, payload: object): string {
  return frame({ ':event-type': name }, 'event', JSON.stringify(payload))
}

export function exceptionFrame(name: string, payload: object): string {
  return frame({ ':exception-type': name }, 'exception', JSON.stringify(payload))
}

/** A whole frame around what is no JSON. */
export function brokenFrame(name: string, payload: string): string {
  return frame({ ':event-type': name }, 'event', payload)
}

function frame(kind: Readonly<Record<string, string>>, messageType: string, payload: string): string {
  const headers = { ...kind, ':content-type': 'application/json', ':message-type': messageType }
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)))
  const body = Buffer.from(payload)
  const bytes = Buffer.alloc(head.length + body.length + 16)
  bytes.writeUInt32BE(bytes.length, 0)
  bytes.writeUInt32BE(head.length, 4)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8)
  head.copy(bytes, 12)
  body.copy(bytes, 12 + head.length)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, -4)), bytes.length - 4)
  return bytes.toString('latin1')
}

function header(name: string, value: string): Buffer {
  const length = Buffer.from([textType, value.length >> 8, value.length & 0xff])
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), length, Buffer.from(value)])
}
