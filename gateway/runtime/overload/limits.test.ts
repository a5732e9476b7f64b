import { expect, it } from 'vitest'
import { connectionsFor, fitToMachine, overloadLimits, readMachineFacts } from './limits.ts'

const gibibyte = 2 ** 30
const mebibyte = 2 ** 20

it.each([
  ['a server', { descriptors: 1_048_576, memoryBytes: 4 * gibibyte }, 10_000, 13_107],
  ['a small container', { descriptors: 1_048_576, memoryBytes: 512 * mebibyte }, 10_000, 1_638],
  ['a shell with few files', { descriptors: 1024, memoryBytes: 4 * gibibyte }, 654, 240],
  ['next to nothing', { descriptors: 70, memoryBytes: mebibyte }, 4, 2],
])('%s: callers and providers have files enough, and memory is left', (_, facts, connections, open) => {
  const limits = overloadLimits(facts, 10_000)
  expect([connectionsFor(facts.descriptors, 10_000), limits.maxOpen]).toEqual([connections, open])
  expect(limits.maxOpenPerProvider * 2).toBeGreaterThanOrEqual(limits.maxOpen)
  expect(limits.maxOpenPerProvider).toBeLessThan(limits.maxOpen)
  if (facts.descriptors > 100) {
    expect(Math.ceil(connections * 1.1) + limits.maxOpen).toBeLessThanOrEqual(facts.descriptors - 64)
  }
  expect(limits.maxHeldBytes * 7 + limits.maxOpen * 37_000).toBeLessThan(facts.memoryBytes * 0.75)
})

it('takes as many connections as were asked for where there are files for them, and says so where not', () => {
  const { descriptors } = readMachineFacts()
  const lines: unknown[] = []
  const log = (line: unknown) => void lines.push(line)
  expect(fitToMachine({ limits: { maxConnections: 10, maxWaiting: 3 }, log }).limits).toEqual({
    maxConnections: 10,
    maxWaiting: 3,
  })
  expect(lines).toEqual([])
  const { limits } = fitToMachine({ limits: { maxConnections: 2 * descriptors }, log })
  expect(limits.maxConnections).toBeLessThan(descriptors)
  expect(lines).toMatchObject([{ level: 'warn', event: 'few_descriptors', fields: { descriptors } }])
})
