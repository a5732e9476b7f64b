import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import type { ManifestConnection } from '../../../schemas/index.ts'
import { until } from '../../../test/support/gateway.ts'
import { startTestProxy } from '../../../test/support/proxy.ts'
import { ConnectionPools, type OriginPool } from './pools.ts'
import { ask, describeConnection } from './testing/ask.ts'

const opened: ConnectionPools[] = []
afterEach(async () => {
  for (const pools of opened.splice(0)) await pools.close()
})

function poolTo(baseUrl: string, entry: ManifestConnection): OriginPool {
  const pools = new ConnectionPools()
  opened.push(pools)
  const { connection, secrets } = describeConnection(baseUrl, entry)
  return pools.acquire(connection, secrets)
}

/** A server that takes connections and does with them what the test says. */
async function serverThat(takes: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    takes(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  // A TCP server has an address and a port once it listens.
  return (server.address() as AddressInfo).port
}

describe('a connection that is never made', () => {
  const brief = { connect_timeout_ms: 150 }
  const timedOut = { class: 'timeout', message: expect.stringContaining('connect_timeout_ms') }

  it('because TLS is never answered takes its time and no more', async () => {
    const port = await serverThat(() => {})
    const { failure } = await ask(poolTo(`https://127.0.0.1:${port}/v1`, brief))
    expect(failure).toMatchObject(timedOut)
  })

  it('because the proxy never answers takes its time and no more, and leaves nothing open', async () => {
    let open = 0
    const port = await serverThat((socket) => {
      open += 1
      socket.resume().on('close', () => (open -= 1))
    })
    const entry = { ...brief, proxy: `http://127.0.0.1:${port}` }
    expect((await ask(poolTo('https://127.0.0.1:9/v1', entry))).failure).toMatchObject(timedOut)
    await until('the proxy is left', () => open === 0)
  })

  it('because TLS behind the proxy is never answered takes its time and no more', async () => {
    const port = await serverThat(() => {})
    const { url, close } = await startTestProxy()
    onTestFinished(close)
    const { failure } = await ask(poolTo(`https://127.0.0.1:${port}/v1`, { ...brief, proxy: url }))
    expect(failure).toMatchObject(timedOut)
  })

  it('because nobody accepts it takes its time and no more', async () => {
    const port = await fullListener()
    const { failure } = await ask(poolTo(`http://127.0.0.1:${port}/v1`, brief))
    expect(failure).toMatchObject(timedOut)
  })
})

/** A listener that has gone to sleep with a full queue: the kernel answers nobody any more. */
async function fullListener(): Promise<number> {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads')
     const server = require('node:net').createServer()
     server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port)
       setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 50)
     })`,
    { eval: true },
  )
  onTestFinished(async () => void (await worker.terminate()))
  const port = await new Promise<number>((resolve) => worker.once('message', resolve))
  await new Promise((resolve) => setTimeout(resolve, 200))
  const waiting: Socket[] = []
  onTestFinished(() => {
    for (const socket of waiting) socket.destroy()
  })
  for (let round = 0; round < 50; round += 1) {
    const socket = connect({ host: '127.0.0.1', port })
    waiting.push(socket)
    socket.on('error', () => {})
    const connected = await Promise.race([
      new Promise<boolean>((resolve) => socket.once('connect', () => resolve(true))),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 300)),
    ])
    if (!connected) return port
  }
  throw new Error('the queue never filled')
}
