/**
 * Takes `100 Continue` out of what an HTTP/1.1 provider sends. Some servers and proxies send it although nobody asked,
 * which RFC 9110 (section 15.2: a client must be able to take 1xx replies it did not expect) allows them to; undici 8
 * takes it for a broken reply and resets the connection (lib/dispatcher/client-h1.js, checked 2026-11-23), and a
 * provider that answers would count as one that does not.
 */
import type { Socket } from 'node:net'

const interim = /^HTTP\/1\.[01] 100[ \r]/
const longestPrefix = 'HTTP/1.1 100 '.length
const longestHead = 16 * 1024

/** From now on the socket's `read()` leaves out each such reply that stands before the real one. */
export function skipContinue(socket: Socket): void {
  const read = socket.read.bind(socket)
  /** Bytes written when the real reply began: as long as no more are, what comes belongs to its body. */
  let repliedAt = -1
  /** The beginning of a reply, too short to say which it is. */
  let held: Buffer | null = null
  const next = (): Buffer | null => {
    for (;;) {
      const part: unknown = read()
      if (!Buffer.isBuffer(part)) return null
      if (held === null && socket.bytesWritten === repliedAt) return part
      const rest = withoutInterim(held === null ? part : Buffer.concat([held, part]))
      held = rest.whole ? null : rest.bytes
      if (!rest.whole || rest.bytes.length === 0) continue
      repliedAt = socket.bytesWritten
      return rest.bytes
    }
  }
  // Node itself reads with a size; only undici's plain `read()` takes bytes out.
  socket.read = (size?: number): unknown => (size === undefined ? next() : read(size))
}

/** `whole` false: more has to come before it is known what this is. */
function withoutInterim(bytes: Buffer): { readonly bytes: Buffer; readonly whole: boolean } {
  let rest = bytes
  while (rest.length > 0) {
    const start = rest.subarray(0, longestPrefix).toString('latin1')
    if (!interim.test(start)) return { bytes: rest, whole: rest.length >= longestPrefix || !mayBecomeInterim(start) }
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) return { bytes: rest, whole: rest.length > longestHead }
    rest = rest.subarray(end + 4)
  }
  return { bytes: rest, whole: true }
}

function mayBecomeInterim(start: string): boolean {
  return 'HTTP/1.1 100 '.startsWith(start) || 'HTTP/1.0 100 '.startsWith(start)
}
