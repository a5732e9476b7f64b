/**
 * Text to value, with the places in the text. The one module that knows YAML. It never throws, whatever the text, and
 * what it gives is plain JSON: an odd document (duplicate keys, tags, alias bombs, keys that are no text) is a problem
 * with a line and a column, not a surprise further on.
 */
import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Alias, ParsedNode, YAMLMap } from 'yaml'
import { type DocumentPath, type Locate, type Span, type Spot, quote } from './diagnostics.ts'
import { spanOf } from './text-spans.ts'
import { beginsWithOddSpace } from './text-traps.ts'
import {
  type PairIndex,
  type ParsedPair,
  indexPairs,
  isEmpty,
  isMergeKey,
  keyText,
  nodeRange,
  parsedItems,
  seqChild,
} from './yaml-nodes.ts'
import { explainText, explainUnanchored, explainWrongKey, oddSpace } from './yaml-errors.ts'

export interface TextProblem {
  readonly code: string
  readonly message: string
  readonly help: string | null
  readonly span: Span
}

export interface ParsedText {
  /** Plain JSON; undefined when the text is no YAML. Parts behind an alias are shared, so treat it as read-only. */
  readonly value: unknown
  readonly problems: readonly TextProblem[]
  readonly locate: Locate
  /** A scalar as it stands in the text (`2026.10`, where the value is the number 2026.1); null for anything else. */
  readonly sourceOf: (path: DocumentPath) => string | null
}

/** A manifest is some eight levels deep; beyond this it is an attack or an accident. */
const maxDepth = 64
/** How many entries all aliases of a document may stand for together. */
const maxAliasedNodes = 100_000

/** Reads one YAML document (or JSON, which is YAML). */
export function parseText(text: string): ParsedText {
  const lines = new LineCounter()
  try {
    return new Reader(text, lines).read()
  } catch (error) {
    // The library recurses: a text can nest deeper than the stack. Anything else here is a bug of the library's.
    const message = error instanceof RangeError ? 'nested too deeply to be read' : 'cannot be read as YAML'
    const span = { line: 1, column: 1, endLine: 1, endColumn: 1 }
    return {
      value: undefined,
      problems: [{ code: 'yaml-syntax', message, help: null, span }],
      locate: () => span,
      sourceOf: () => null,
    }
  }
}

interface Anchored {
  readonly node: ParsedNode
  readonly value: unknown
  /** How many entries an alias of it stands for. */
  readonly nodes: number
  /** How many levels lie below it. */
  readonly height: number
}

class Reader {
  readonly #text: string
  readonly #lines: LineCounter
  readonly #problems: TextProblem[] = []
  readonly #anchors = new Map<string, Anchored>()
  readonly #aliasTargets = new Map<Alias, ParsedNode>()
  readonly #indexes = new Map<YAMLMap, PairIndex>()
  #ownNodes = 0
  #aliasedNodes = 0
  /** The text is valid YAML, but of another shape than its writer sees. */
  #isMisread = false
  /** The deepest level met below the node that is being read. */
  #deepest = 0

  constructor(text: string, lines: LineCounter) {
    this.#text = text
    this.#lines = lines
  }

  read(): ParsedText {
    const document = parseDocument(this.#text, {
      lineCounter: this.#lines,
      logLevel: 'error',
      prettyErrors: false,
      resolveKnownTags: false,
      schema: 'core',
      // Checked here instead: the library compares every key with every other.
      uniqueKeys: false,
    })
    const told = explainText([...document.errors, ...document.warnings], this.#text)
    for (const { start, end, ...problem } of told) this.#problems.push({ ...problem, span: this.#span(start, end) })
    const isRead = document.errors.length === 0 && told.every(({ code }) => code !== 'merge-conflict')
    const root = document.contents
    const value = isRead ? this.#toValue(root, 0) : undefined
    return {
      value: this.#aliasedNodes > maxAliasedNodes || this.#isMisread ? undefined : value,
      problems: this.#problems,
      locate: (path, spot) => this.#locate(root, path, spot),
      sourceOf: (path) => {
        const node = this.#find(root, path).node
        return isScalar(node) ? (node.source ?? null) : null
      },
    }
  }

  #toValue(node: ParsedNode | null, depth: number): unknown {
    if (node === null) return null
    this.#ownNodes += 1
    if (isAlias(node)) return this.#aliasValue(node, depth)
    if (node.anchor === undefined) return this.#ownValue(node, depth)
    const deepest = this.#deepest
    const nodes = this.#ownNodes + this.#aliasedNodes - 1
    this.#deepest = depth
    const value = this.#ownValue(node, depth)
    this.#anchors.set(node.anchor, {
      node,
      value,
      nodes: this.#ownNodes + this.#aliasedNodes - nodes,
      height: this.#deepest - depth,
    })
    this.#deepest = Math.max(this.#deepest, deepest)
    return value
  }

  #ownValue(node: Exclude<ParsedNode, Alias.Parsed>, depth: number): unknown {
    if (isScalar(node)) return node.value
    if (this.#isTooDeep(node, depth)) return null
    if (isSeq(node)) return node.items.map((item) => this.#toValue(item, depth + 1))
    return this.#mapValue(node, depth)
  }

  #aliasValue(node: Alias.Parsed, depth: number): unknown {
    const anchored = this.#anchors.get(node.source)
    if (anchored === undefined) {
      this.#report(explainUnanchored(node.source, this.#text), node)
      return null
    }
    this.#aliasTargets.set(node, anchored.node)
    if (this.#isTooDeep(node, depth + anchored.height)) return null
    const wasTooMany = this.#aliasedNodes > maxAliasedNodes
    this.#aliasedNodes += anchored.nodes
    if (this.#aliasedNodes <= maxAliasedNodes) return anchored.value
    const message = `aliases make the document more than ${maxAliasedNodes} entries longer`
    const help = 'write out what is repeated so often, or leave it out'
    if (!wasTooMany) this.#report({ code: 'yaml-alias', message, help }, node)
    return null
  }

  #isTooDeep(node: ParsedNode, depth: number): boolean {
    this.#deepest = Math.max(this.#deepest, depth)
    if (depth <= maxDepth) return false
    this.#report({ code: 'yaml-depth', message: `nested more than ${maxDepth} levels deep` }, node)
    return true
  }

  #mapValue(map: YAMLMap.Parsed, depth: number): Record<string, unknown> {
    const own = new Map<string, unknown>()
    const keys = new Map<string, ParsedNode>()
    const merged: Record<string, unknown>[] = []
    for (const pair of map.items) {
      if (isMergeKey(pair)) {
        merged.push(...this.#mergedMaps(pair, depth))
        continue
      }
      const key = this.#keyText(pair)
      if (key === null) continue
      const value = this.#toValue(pair.value, depth + 1)
      const first = keys.get(key)
      if (first === undefined) {
        keys.set(key, pair.key)
        own.set(key, value)
      } else {
        const { line } = this.#span(...nodeRange(first))
        const message = `${quote(key)} stands here twice; the first is on line ${line}`
        this.#report({ code: 'duplicate-key', message, help: 'keep one of the two' }, pair.key)
      }
    }
    if (merged.length === 0) return Object.fromEntries(own)
    // The earlier of several merged maps wins, and what the map says itself wins over all of them.
    const inherited = merged.toReversed().flatMap((source) => Object.entries(source))
    return Object.fromEntries([...inherited, ...own])
  }

  /** The maps behind `<<`: not in YAML 1.2, but what people who write anchors expect. */
  #mergedMaps(pair: ParsedPair, depth: number): Record<string, unknown>[] {
    const value = this.#toValue(pair.value, depth + 1)
    const sources = Array.isArray(value) ? value : [value]
    const maps = sources.filter(isPlainObject)
    const words = { code: 'yaml-key', message: '`<<` takes a map, or a list of maps', help: 'such as `<<: *base`' }
    // What was told already, an alias of nothing, gives nothing.
    if (sources.some((source) => source !== null && !isPlainObject(source))) this.#report(words, pair.key)
    return maps
  }

  /** null when the key cannot be one of a JSON object. */
  #keyText(pair: ParsedPair): string | null {
    const text = keyText(pair.key)
    if (text === null) {
      this.#report(explainWrongKey(this.#text, nodeRange(pair.key)[0]), pair.key)
      return null
    }
    if (isScalar(pair.key) && pair.key.type === 'PLAIN' && beginsWithOddSpace(text)) {
      this.#report(oddSpace, pair.key)
      this.#isMisread = true
      return null
    }
    if (text === '__proto__') {
      this.#report({ code: 'yaml-key', message: '`__proto__` cannot be a key' }, pair.key)
      return null
    }
    return text
  }

  #report(words: Pick<TextProblem, 'code' | 'message'> & { readonly help?: string }, node: ParsedNode): void {
    this.#problems.push({ help: null, ...words, span: this.#span(...nodeRange(node)) })
  }

  #locate(root: ParsedNode | null, path: DocumentPath, spot: Spot = { part: 'value' }): Span {
    const { node, key } = this.#find(root, path)
    const shown = spot.part === 'key' || node === null || isEmpty(node) ? (key ?? node) : node
    if (shown === null) return this.#span(0, 0)
    const [start, end] = nodeRange(shown)
    const word = spot.word === undefined ? -1 : this.#text.slice(start, end).indexOf(spot.word)
    if (spot.word !== undefined && word >= 0) return this.#span(start + word, start + word + spot.word.length)
    // A block ends where the next begins; what is pointed at is its first line.
    const lineEnd = this.#text.indexOf('\n', start)
    return this.#span(start, isScalar(shown) || lineEnd < 0 ? end : Math.min(end, lineEnd))
  }

  /** The node at the path, or the nearest one above it that exists, with the key it stands under. */
  #find(root: ParsedNode | null, path: DocumentPath): { node: ParsedNode | null; key: ParsedNode | null } {
    let found: { node: ParsedNode | null; key: ParsedNode | null } = { node: root, key: null }
    for (const segment of path) {
      const inside = this.#behindAlias(found.node)
      const next = isSeq(inside) ? seqChild(inside, segment) : isMap(inside) ? this.#mapChild(inside, segment) : null
      if (next === null) return found
      found = next
    }
    return found
  }

  #behindAlias(node: ParsedNode | null): ParsedNode | null {
    return isAlias(node) ? (this.#aliasTargets.get(node) ?? null) : node
  }

  #mapChild(map: YAMLMap, segment: string | number): { node: ParsedNode | null; key: ParsedNode } | null {
    const { own, merges } = this.#indexOf(map)
    const found = own.get(String(segment))
    if (found !== undefined) return { node: found.value, key: found.key }
    for (const pair of merges) {
      const source = this.#behindAlias(pair.value)
      for (const each of isSeq(source) ? parsedItems(source) : [source]) {
        const target = this.#behindAlias(each)
        const child = isMap(target) ? this.#mapChild(target, segment) : null
        if (child !== null) return child
      }
    }
    return null
  }

  /** A map may have as many keys as the text has lines, and every one may be asked for. */
  #indexOf(map: YAMLMap): PairIndex {
    const known = this.#indexes.get(map)
    if (known !== undefined) return known
    const index = indexPairs(map)
    this.#indexes.set(map, index)
    return index
  }

  #span(start: number, end: number): Span {
    return spanOf(this.#lines, start, end)
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
