/**
 * Makes changes in the text of a document as an editor would: nothing but the entry goes, comments and layout stay. Every
 * change is proven before it is kept: the text read again gives exactly the value that was meant.
 */
import { isMap, isSeq, parseDocument } from 'yaml'
import type { Node, Pair, YAMLMap, YAMLSeq } from 'yaml'
import { isDeepStrictEqual } from 'node:util'
import type { DocumentPath } from '../../gateway/core/manifest/diagnostics.ts'
import { parseText } from '../../gateway/core/manifest/parse.ts'
import { type Edit, removeFrom, wholeEntry } from './edit.ts'

export interface FixedText {
  readonly text: string
  /** How many of the edits were made; the others cannot be made without touching what stands beside them. */
  readonly made: number
}

/** Of edits in one list or map the first is made: where the others stand is known when the text has been read again. */
export function applyEdits(text: string, edits: readonly Edit[]): FixedText {
  const { value } = parseText(text)
  const document = parseDocument(text, { logLevel: 'silent', schema: 'core', uniqueKeys: false })
  const changes = edits.flatMap((edit) => changeFor(edit, { text, value, root: document.contents }) ?? [])
  const all = withoutNeighbours(changes)
  const together = splice(text, all)
  if (all.length > 0 && isMeant(together, value, all)) return { text: together, made: all.length }
  // One of them does not do what it should. The rest are still worth having.
  for (const change of all) {
    const alone = splice(text, [change])
    if (isMeant(alone, value, [change])) return { text: alone, made: 1 }
  }
  return { text, made: 0 }
}

interface Change {
  readonly start: number
  readonly end: number
  /** null for comments, which are no part of the value. */
  readonly path: DocumentPath | null
}

interface Source {
  readonly text: string
  readonly value: unknown
  readonly root: Node | null
}

function changeFor(edit: Edit, { text, value, root }: Source): Change | null {
  if (edit.kind === 'remove-comment') return { start: edit.start, end: edit.end, path: null }
  const path = wholeEntry(value, edit.path)
  const range = findEntry(root, path, text)
  return range === null ? null : { ...range, path }
}

/** Two changes in one list or map would each take the place of the other's neighbour. */
function withoutNeighbours(changes: readonly Change[]): Change[] {
  const kept: Change[] = []
  const parents = new Set<string>()
  for (const change of changes.toSorted((left, right) => left.start - right.start)) {
    const parent = change.path === null ? null : JSON.stringify(change.path.slice(0, -1))
    if ((kept.at(-1)?.end ?? 0) > change.start || (parent !== null && parents.has(parent))) continue
    if (parent !== null) parents.add(parent)
    kept.push(change)
  }
  return kept
}

function splice(text: string, changes: readonly Change[]): string {
  let rest = text
  for (const { start, end } of changes.toReversed()) rest = rest.slice(0, start) + rest.slice(end)
  return rest
}

function isMeant(text: string, before: unknown, changes: readonly Change[]): boolean {
  const parsed = parseText(text)
  if (parsed.problems.length > 0) return false
  // No two share a list or map, so that taking one out leaves the places of the others as they are.
  let meant: unknown = before
  for (const { path } of changes) if (path !== null) meant = removeFrom(meant, path)
  return isDeepStrictEqual(parsed.value, meant)
}

// ---- where an entry stands ----

interface Range {
  readonly start: number
  readonly end: number
}

function findEntry(root: Node | null, path: DocumentPath, text: string): Range | null {
  let node: unknown = root
  for (const segment of path.slice(0, -1)) {
    if (isSeq(node) && typeof segment === 'number') node = node.items[segment]
    else if (isMap(node)) node = node.items.find((pair) => keyOf(pair) === String(segment))?.value
    else return null
  }
  const last = path.at(-1)
  if (isSeq(node) && typeof last === 'number') return rangeOf(node, last, text)
  if (!isMap(node)) return null
  const index = node.items.findIndex((pair) => keyOf(pair) === String(last))
  return index < 0 ? null : rangeOf(node, index, text)
}

function keyOf({ key }: Pair): string | null {
  if (typeof key !== 'object' || key === null || !('value' in key)) return null
  return String(key.value)
}

function rangeOf(collection: YAMLMap | YAMLSeq, index: number, text: string): Range | null {
  const ranges = collection.items.map(itemRange)
  const own = ranges[index]
  if (own === undefined || own === null) return null
  const next = ranges[index + 1] ?? null
  if (collection.flow === true) return flowRange(own, ranges[index - 1] ?? null, { next, text })
  return blockRange(own, next, text)
}

/** From the first sign of the key to the last one of the value; for entries of lists the value alone. */
function itemRange(item: unknown): Range | null {
  if (typeof item === 'object' && item !== null && 'key' in item) {
    const key = nodeRange(item.key)
    const value = 'value' in item ? nodeRange(item.value) : null
    return key === null ? null : { start: key.start, end: Math.max(key.end, value?.end ?? 0) }
  }
  return nodeRange(item)
}

function nodeRange(node: unknown): Range | null {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return null
  const range: readonly unknown[] = node.range
  const [start, end] = range
  return typeof start === 'number' && typeof end === 'number' ? { start, end } : null
}

/** `[a, b]`: with the comma behind it, or for the last one the comma before it. */
function flowRange(
  own: Range,
  previous: Range | null,
  { next, text }: { next: Range | null; text: string },
): Range | null {
  if (next !== null) return isGap(text.slice(own.end, next.start)) ? { start: own.start, end: next.start } : null
  if (previous === null) return null
  return isGap(text.slice(previous.end, own.start)) ? { start: previous.end, end: own.end } : null
}

/** Nothing but the comma: a comment there would go with the entry. */
function isGap(between: string): boolean {
  return /^\s*,\s*$/.test(between)
}

/** Its lines, with a comment behind it; or, where it shares its first line with the dash above it, up to the next key. */
function blockRange(own: Range, next: Range | null, text: string): Range | null {
  // Ends of blocks may lie in the next line.
  const end = own.start + text.slice(own.start, own.end).trimEnd().length
  const lineEnd = text.indexOf('\n', end)
  const behind = text.slice(end, lineEnd < 0 ? text.length : lineEnd)
  if (!/^\s*(#.*)?$/.test(behind)) return null
  const lineStart = text.lastIndexOf('\n', own.start - 1) + 1
  const before = text.slice(lineStart, own.start)
  if (/^\s*(- +)?$/.test(before) && !isFirstKeyBehindDash(before, next, { text, own })) {
    return { start: lineStart, end: lineEnd < 0 ? text.length : lineEnd + 1 }
  }
  if (next === null || behind.includes('#') || text.slice(end, next.start).trim() !== '') return null
  return { start: own.start, end: next.start }
}

/** In `- name: a` the dash belongs to the entry of the list above, and has to stay. */
function isFirstKeyBehindDash(
  before: string,
  next: Range | null,
  { text, own }: { text: string; own: Range },
): boolean {
  if (!before.includes('-') || next === null)
    return before.includes('-') && /^[^\s#]+:(\s|$)/.test(text.slice(own.start))
  const nextLineStart = text.lastIndexOf('\n', next.start - 1) + 1
  return !text.slice(nextLineStart, next.start).includes('-')
}
