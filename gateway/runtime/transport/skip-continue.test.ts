import { afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type Certificate, makeAuthority, makeCertificate } from '../../../test/support/certificates.ts'
import { completionText, plainReply, type RawRequest, startRawProvider } from '../../../test/support/raw.ts'
import { ConnectionPools, type OriginPool } from './pools.ts'
import { ask, describeConnection } from './testing/ask.ts'

const goOn = 'HTTP/1.1 100 Continue\r\n\r\n'
const reply = plainReply(completionText)

const opened: ConnectionPools[] = []
afterEach(async () => {
  for (const pools of opened.splice(0)) await pools.close()
})

async function providerThat(answers: (request: RawRequest) => void, certificate: Certificate | null = null) {
  const provider = await startRawProvider(answers, certificate === null ? {} : { certificate })
  onTestFinished(() => provider.close())
  const pools = new ConnectionPools()
  opened.push(pools)
  const tls = certificate === null ? {} : { tls: { ca: { env: 'CA' } } }
  const { connection, secrets } = describeConnection(provider.baseUrl, tls, { CA: authority.cert })
  return { provider, pool: pools.acquire(connection, secrets) }
}

let authority: Certificate
beforeAll(async () => {
  authority = await makeAuthority()
})

async function bodies(pool: OriginPool, count: number): Promise<string[]> {
  const seen: string[] = []
  for (let round = 0; round < count; round += 1) {
    const { body, failure } = await ask(pool)
    seen.push(failure?.message ?? body)
    await new Promise(setImmediate)
  }
  return seen
}

/** Bytes in pieces of a size, each on its way before the next is written. */
async function dribble({ socket }: RawRequest, text: string, size: number): Promise<void> {
  for (let at = 0; at < text.length; at += size) {
    socket.write(text.slice(at, at + size))
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

describe('`100 Continue` that nobody asked for', () => {
  it.each([
    ['before the answer', goOn + reply],
    ['twice', goOn + goOn + reply],
    ['with headers', `HTTP/1.1 100 Go on\r\nx-a: b\r\n\r\n${reply}`],
    ['without a reason', `HTTP/1.1 100\r\n\r\n${reply}`],
    ['in the older version', `HTTP/1.0 100 Continue\r\n\r\n${reply}`],
  ])('is passed over, on every request of a kept connection: %s', async (_what, bytes) => {
    const { provider, pool } = await providerThat(({ socket }) => socket.write(bytes))
    expect(await bodies(pool, 3)).toEqual([completionText, completionText, completionText])
    expect(provider.accepted()).toBe(1)
  })

  it.each([1, 2, 7, 13, 26])('is passed over in pieces of %i bytes', async (size) => {
    const { provider, pool } = await providerThat((request) => void dribble(request, goOn + reply, size))
    expect(await bodies(pool, 2)).toEqual([completionText, completionText])
    expect(provider.accepted()).toBe(1)
  })

  it('is passed over inside TLS', async () => {
    const { provider, pool } = await providerThat(
      ({ socket }) => socket.write(goOn + reply),
      await makeCertificate({ by: authority }),
    )
    expect(await bodies(pool, 3)).toEqual([completionText, completionText, completionText])
    expect(provider.accepted()).toBe(1)
  })

  it('is text like any other inside an answer', async () => {
    const text = `${goOn}${goOn}x`
    const { pool } = await providerThat((request) => {
      request.socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n`)
      // At the beginning of a piece of its own, where it looks most like a reply.
      setTimeout(() => request.socket.write(text), 30)
    })
    expect(await bodies(pool, 2)).toEqual([text, text])
  })

  it('alone is no answer', async () => {
    const { pool } = await providerThat(({ socket }) => socket.end(goOn))
    expect((await ask(pool)).failure).toMatchObject({ class: 'connection' })
  })

  it('cut short, or without end, is none either', async () => {
    const { pool } = await providerThat(({ socket, number }) =>
      number === 0 ? socket.end('HTTP/1.1 10') : socket.end(`HTTP/1.1 100 Continue\r\n${'x-a: b\r\n'.repeat(4000)}`),
    )
    expect((await ask(pool)).failure).toMatchObject({ class: 'connection' })
    expect((await ask(pool)).failure).toMatchObject({ class: 'connection' })
  })
})
