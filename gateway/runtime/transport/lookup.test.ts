import { createServer, type AddressInfo, connect, type LookupFunction } from 'node:net'
import { expect, it } from 'vitest'
import { shareLookups } from './lookup.ts'

type Answer = Parameters<LookupFunction>[2]

it('asks for a name once, however many want to know it, and not for another in its place', () => {
  const asked: [string, Answer][] = []
  const lookup = shareLookups((hostname, _options, answer) => asked.push([hostname, answer]))
  const told: string[] = []
  const want = (hostname: string, who: string, all = false) =>
    lookup(hostname, { all }, (error, address) => told.push(`${who} ${error?.message ?? JSON.stringify(address)}`))
  for (let number = 0; number < 100; number += 1) want('slow.test', `slow-${number}`)
  want('slow.test', 'all', true)
  want('quick.test', 'quick')
  expect(asked.map(([hostname]) => hostname)).toEqual(['slow.test', 'slow.test', 'quick.test'])
  asked[2]?.[1](null, '127.0.0.1', 4)
  expect(told).toEqual(['quick "127.0.0.1"'])
  asked[0]?.[1](new Error('no answer'), '', 0)
  expect(told).toHaveLength(101)
  expect(told.at(-1)).toBe('slow-99 no answer')
  // Nothing is remembered: a name may have moved.
  want('slow.test', 'again')
  expect(asked).toHaveLength(4)
})

it('answers as the system does', async () => {
  const server = createServer((socket) => socket.end('here'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const lookup = shareLookups()
  const greet = () =>
    new Promise<string>((resolve, reject) => {
      const socket = connect({ host: 'localhost', port, lookup })
      socket.on('data', (part) => resolve(String(part))).on('error', reject)
    })
  expect(await Promise.all([greet(), greet(), greet()])).toEqual(['here', 'here', 'here'])
  await new Promise((resolve) => server.close(resolve))
})
