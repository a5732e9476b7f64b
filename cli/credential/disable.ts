/**
 * Writes `disabled: true` into one credential of a manifest and leaves every other character as it was: comments, order,
 * quotes, line ends. The library's tree says where; the text is cut there by hand, since writing the tree out again
 * would lay the whole file out anew. What comes out is read again: it must mean the same but for that one setting.
 */
import { isDeepStrictEqual } from 'node:util'
import { LineCounter, Pair, Scalar, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { ParsedNode, YAMLMap } from 'yaml'
import { parseText } from '../../gateway/core/manifest/parse.ts'

export type Disabling =
  | { readonly kind: 'disabled'; readonly text: string; readonly line: number }
  | { readonly kind: 'already'; readonly line: number }
  /** Its entry is written in a way that cannot be changed alone, such as behind an alias. */
  | { readonly kind: 'by_hand'; readonly line: number }

interface Splice {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** `index`: position in `credentials`. The text is that of a valid manifest. */
export function disableCredential(text: string, index: number): Disabling {
  const lines = new LineCounter()
  const { contents } = parseDocument(text, {
    lineCounter: lines,
    schema: 'core',
    resolveKnownTags: false,
    uniqueKeys: false,
  })
  const list: unknown = isMap(contents) ? contents.get('credentials', true) : null
  const node: unknown = isSeq(list) ? list.items[index] : null
  const line = lines.linePos(offsetOf(node) ?? offsetOf(list) ?? 0).line
  if (!isMap<ParsedNode, ParsedNode | null>(node)) return { kind: 'by_hand', line }
  if (isDisabled(node)) return { kind: 'already', line }
  const splice = spliceFor(text, node)
  if (splice === null) return { kind: 'by_hand', line }
  const changed = text.slice(0, splice.from) + splice.text + text.slice(splice.to)
  if (!isOnlyDisabled(text, changed, index)) return { kind: 'by_hand', line }
  return { kind: 'disabled', text: changed, line: lines.linePos(splice.from).line + lineBreaksAtStart(splice.text) }
}

function offsetOf(node: unknown): number | null {
  if (!isMap(node) && !isSeq(node) && !isScalar(node)) return null
  return node.range?.[0] ?? null
}

type Entry = YAMLMap<ParsedNode, ParsedNode | null>

function isDisabled({ items }: Entry): boolean {
  const value = items.find(({ key }) => isScalar(key) && key.value === 'disabled')?.value
  return isScalar(value) && value.value === true
}

/** Where the setting goes; null when no place is safe. */
function spliceFor(text: string, entry: Entry): Splice | null {
  const old = entry.items.find(({ key }) => isScalar(key) && key.value === 'disabled')?.value
  if (old !== undefined) {
    return isScalar(old) && old.range !== undefined ? { from: old.range[0], to: old.range[1], text: 'true' } : null
  }
  return entry.flow === true ? afterLast(entry) : belowHash(text, entry)
}

/** In `{name: a, key_hash: b}`: behind the last setting. */
function afterLast({ items }: Entry): Splice | null {
  const last = items.at(-1)
  const end = last?.value?.range[1] ?? last?.key.range[1]
  if (end === undefined) return null
  const isJson = items.every(({ key }) => isScalar(key) && key.type === Scalar.QUOTE_DOUBLE)
  return { from: end, to: end, text: isJson ? ', "disabled": true' : ', disabled: true' }
}

/** In an entry of several lines: a line of its own below the hash, which every credential has. */
function belowHash(text: string, { items }: Entry): Splice | null {
  const hash = items.find((item) => item instanceof Pair && isScalar(item.key) && item.key.value === 'key_hash')
  const end = hash?.value?.range[1]
  if (hash === undefined || end === undefined) return null
  const start = hash.key.range[0]
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1))
  const lineEnd = text.indexOf('\n', end)
  if (lineEnd === -1) return { from: text.length, to: text.length, text: `\n${indent}disabled: true` }
  const isWindows = text[lineEnd - 1] === '\r'
  const at = isWindows ? lineEnd - 1 : lineEnd
  return { from: at, to: at, text: `${isWindows ? '\r\n' : '\n'}${indent}disabled: true` }
}

function lineBreaksAtStart(text: string): number {
  return /^\r?\n/.test(text) ? 1 : 0
}

function isOnlyDisabled(before: string, after: string, index: number): boolean {
  const [old, fresh] = [parseText(before), parseText(after)]
  if (fresh.problems.length > 0) return false
  // A copy in which nothing is shared: were the entry behind an alias as well, others would be disabled with it.
  const expected = unshared(old.value)
  const list: unknown = isRecord(expected) ? expected['credentials'] : null
  const entry: unknown = Array.isArray(list) ? list[index] : null
  if (!isRecord(entry)) return false
  entry['disabled'] = true
  return isDeepStrictEqual(unshared(fresh.value), expected)
}

function unshared(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
