/**
 * Proves that a spool is whole: every line follows from the one before it, none is missing or doubled, every stream
 * that was begun has a record, and every content matches its digest. A process that died is named, never passed over.
 */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { RequestRecord, SpoolLine } from '../../schemas/index.ts'
import { describeGap, gapIn } from './gap.ts'
import { chainStart, hashLine, parseSpoolLine } from './line.ts'
import { listSegments, readLines } from './reader.ts'

export interface SpoolFault {
  readonly kind: 'unreadable' | 'gap' | 'chain' | 'doubled' | 'unfinished' | 'content'
  readonly file: string
  readonly line: number
  readonly message: string
}

export interface SpoolVerdict {
  readonly processes: number
  readonly lines: number
  readonly records: number
  readonly faults: readonly SpoolFault[]
}

interface Chain {
  seq: number
  prev: string
  /** Streams that were begun and have no record yet. */
  readonly open: Map<string, { readonly file: string; readonly line: number }>
  /** Its process had to drop lines. */
  hasGap: boolean
}

export async function verifySpool(directory: string): Promise<SpoolVerdict> {
  const chains = new Map<string, Chain>()
  const faults: SpoolFault[] = []
  const seen = new Set<string>()
  let lines = 0
  let records = 0
  for (const file of await listSegments(directory)) {
    for await (const { line, text } of readLines(file)) {
      lines += 1
      const at = { file, line }
      const parsed = parseSpoolLine(text)
      if (parsed === null) {
        faults.push({
          kind: 'unreadable',
          ...at,
          message: 'not a whole line of JSON; the process may have died writing it',
        })
        continue
      }
      const chain = chainOf(chains, parsed.process)
      faults.push(...follow(chain, parsed, { text, ...at }))
      if (parsed.kind === 'event') faults.push(...gapOf(chain, parsed, at))
      if (parsed.kind === 'begin') chain.open.set(parsed.record.id, at)
      if (parsed.kind !== 'record') continue
      records += 1
      chain.open.delete(parsed.record.id)
      if (seen.has(parsed.record.id))
        faults.push({ kind: 'doubled', ...at, message: `request ${parsed.record.id} is recorded twice` })
      seen.add(parsed.record.id)
      const problem = await contentProblem(directory, parsed.record)
      if (problem !== null) faults.push({ kind: 'content', ...at, message: problem })
    }
  }
  for (const chain of chains.values()) {
    for (const [id, at] of chain.open) {
      faults.push({
        kind: 'unfinished',
        ...at,
        message: `request ${id} was begun and never recorded: ${chain.hasGap ? 'its record was dropped, or ' : ''}the process died while it answered`,
      })
    }
  }
  return { processes: chains.size, lines, records, faults }
}

function chainOf(chains: Map<string, Chain>, process: string): Chain {
  let chain = chains.get(process)
  if (chain === undefined) {
    chain = { seq: 0, prev: chainStart, open: new Map(), hasGap: false }
    chains.set(process, chain)
  }
  return chain
}

/** A gap that the process told of itself: the chain holds, and yet something is missing. */
function gapOf(
  chain: Chain,
  { process, record }: Extract<SpoolLine, { kind: 'event' }>,
  at: { readonly file: string; readonly line: number },
): SpoolFault[] {
  const gap = gapIn(record)
  if (gap === null) return []
  chain.hasGap = true
  return [{ kind: 'gap', ...at, message: `process ${process}: ${describeGap(gap, record.at)}` }]
}

function follow(chain: Chain, line: SpoolLine, at: { text: string; file: string; line: number }): SpoolFault[] {
  const faults: SpoolFault[] = []
  const where = { file: at.file, line: at.line }
  if (line.seq !== chain.seq) {
    faults.push({
      kind: 'gap',
      ...where,
      message: `line ${chain.seq} of process ${line.process} should stand here, but it is ${line.seq}`,
    })
  } else if (line.prev !== chain.prev) {
    faults.push({
      kind: 'chain',
      ...where,
      message: `the line before line ${line.seq} of process ${line.process} was changed`,
    })
  }
  chain.seq = line.seq + 1
  chain.prev = hashLine(at.text)
  return faults
}

async function contentProblem(directory: string, record: RequestRecord): Promise<string | null> {
  const { content } = record
  if (content === undefined) return null
  const bytes = await readContent(directory, content).catch(() => null)
  if (bytes === null) return `the content of request ${record.id} is missing`
  // The last newline closes the entry and is not part of it.
  const sha256 = createHash('sha256').update(bytes.subarray(0, -1)).digest('hex')
  return sha256 === content.sha256 ? null : `the content of request ${record.id} was changed`
}

/** Prompt and answer of one request, as the two were kept: each JSON, a newline after each. */
export async function readContent(directory: string, content: NonNullable<RequestRecord['content']>): Promise<Buffer> {
  const handle = await open(join(directory, content.segment))
  try {
    const bytes = Buffer.alloc(content.length)
    const { bytesRead } = await handle.read(bytes, 0, content.length, content.offset)
    if (bytesRead !== content.length) throw new Error('the segment is shorter than the record says')
    return bytes
  } finally {
    await handle.close()
  }
}
