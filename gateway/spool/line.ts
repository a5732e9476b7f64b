/**
 * A spool line: `{v, process, seq, prev, kind, record}`. Each line carries the hash of the one before it, so that a
 * line that is missing, doubled or altered breaks the chain at a place that can be named.
 */
import { hash } from 'node:crypto'
import type { SpoolLine } from '../../schemas/index.ts'

export type SpoolKind = SpoolLine['kind']
export type SpoolBody<Kind extends SpoolKind> = Extract<SpoolLine, { kind: Kind }>['record']

/** `prev` of a process' first line. */
export const chainStart = '0'.repeat(64)

/** SHA-256 of a line without its newline, in hex. */
export function hashLine(line: string): string {
  return hash('sha256', line, 'hex')
}

export interface LinePosition {
  readonly process: string
  readonly seq: number
  readonly prev: string
}

/** One line without its newline. `body` is the record, already serialised: it is the dear part, and made once. */
export function renderLine(position: LinePosition, kind: SpoolKind, body: string): string {
  return `{"v":1,"process":"${position.process}","seq":${position.seq},"prev":"${position.prev}","kind":"${kind}","record":${body}}`
}

/** Reads a line back; null when it is damaged, or written by a newer major version of the form. */
export function parseSpoolLine(text: string): SpoolLine | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  return isSpoolLine(value) ? value : null
}

/** Told by what only a spool line has. What a record holds was made by our own writer and is believed. */
export function isSpoolLine(value: unknown): value is SpoolLine {
  return (
    typeof value === 'object' &&
    value !== null &&
    'v' in value &&
    value.v === 1 &&
    'process' in value &&
    typeof value.process === 'string' &&
    'kind' in value &&
    (value.kind === 'record' || value.kind === 'begin' || value.kind === 'event') &&
    'record' in value &&
    typeof value.record === 'object' &&
    value.record !== null
  )
}
