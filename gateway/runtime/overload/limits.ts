/**
 * How much one process takes on at once, worked out from what the machine gives it: files it may have open, and memory.
 * The costs are measured; docs/overload.md says how, and what comes out on common machines.
 */
import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { getHeapStatistics } from 'node:v8'
import type { Log } from '../log.ts'
import { defaultLimits, type ListenerLimits } from '../server/limits.ts'

export interface OverloadLimits {
  /** Requests under way at a time. */
  readonly maxOpen: number
  /** Of those, at one provider: the rest is left to the others, however slow that one is. */
  readonly maxOpenPerProvider: number
  /** Bytes of their bodies. */
  readonly maxHeldBytes: number
}

export interface MachineFacts {
  /** Files this process may have open. */
  readonly descriptors: number
  /** Bytes that this process can use at all. */
  readonly memoryBytes: number
}

/** The program, its listeners, logs, spool, what is being read, and the folder watches of a store. */
const ownDescriptors = 64

/** Of memory: the rest is for the program, for answers, and for what is garbage until it is collected. */
const shareForOpen = 0.2
const shareForBodies = 0.5

/** Measured: a request that waits for its provider is 37 kB of memory, its two connections included. */
const bytesPerOpen = 64 * 1024

/** Measured: a byte of body is held as it came, as text, parsed, and as sent on: 5 bytes, and 6.2 where text is wide. */
const bytesPerBodyByte = 7

/** Node takes a tenth more connections, to tell them that there are too many. */
const surplusConnections = 1.1

/** Connections of callers may take so much of the descriptors: providers' connections need the rest. */
const shareForCallers = 0.75

export function overloadLimits({ descriptors, memoryBytes }: MachineFacts, maxConnections: number): OverloadLimits {
  const forCallers = Math.ceil(connectionsFor(descriptors, maxConnections) * surplusConnections)
  const byDescriptors = descriptors - ownDescriptors - forCallers
  const byMemory = Math.floor((memoryBytes * shareForOpen) / bytesPerOpen)
  const maxOpen = Math.max(2, Math.min(byDescriptors, byMemory))
  return {
    maxOpen,
    maxOpenPerProvider: Math.ceil(maxOpen / 2),
    maxHeldBytes: Math.floor((memoryBytes * shareForBodies) / bytesPerBodyByte),
  }
}

/** As many connections of callers as were asked for, or as there are descriptors for. */
export function connectionsFor(descriptors: number, maxConnections: number): number {
  const most = Math.floor(((descriptors - ownDescriptors) * shareForCallers) / surplusConnections)
  return Math.max(1, Math.min(maxConnections, most))
}

export function readMachineFacts(): MachineFacts {
  const memory = Math.min(process.constrainedMemory() || Number.POSITIVE_INFINITY, totalmem())
  return { descriptors: readDescriptors(), memoryBytes: Math.min(memory, getHeapStatistics().heap_size_limit) }
}

/** Where nothing tells, what most systems give. */
const usualDescriptors = 4096

/** Node raises its own limit to the hardest one at its start, so that this is what there is. */
function readDescriptors(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8')
    const found = /^Max open files +(\d+|unlimited)/m.exec(limits)?.[1]
    return found === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(found ?? usualDescriptors)
  } catch {
    return usualDescriptors
  }
}

export interface WishedLimits {
  readonly limits?: Partial<ListenerLimits>
  readonly overload?: Partial<OverloadLimits>
  readonly log: Log
}

/** What was asked for, as far as the machine has it; says so where it does not. */
export function fitToMachine({ limits = {}, overload, log }: WishedLimits) {
  const facts = readMachineFacts()
  const { descriptors } = facts
  const { maxConnections: wanted } = { ...defaultLimits, ...limits }
  const maxConnections = connectionsFor(descriptors, wanted)
  if (maxConnections < wanted) {
    const message = `${descriptors} files may be open here, so that ${maxConnections} connections are taken and not ${wanted}: raise the limit (ulimit -n)`
    log({ level: 'warn', event: 'few_descriptors', message, fields: { descriptors, connections: maxConnections } })
  }
  return { limits: { ...limits, maxConnections }, overload: { ...overloadLimits(facts, wanted), ...overload } }
}
