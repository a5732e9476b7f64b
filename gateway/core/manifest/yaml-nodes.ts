/** Small questions about the nodes of the YAML library. */
import { isScalar } from 'yaml'
import type { Pair, ParsedNode, YAMLMap, YAMLSeq } from 'yaml'

export type ParsedPair = Pair<ParsedNode, ParsedNode | null>

export interface PairIndex {
  /** By the text of the key; of two that are the same, the first. */
  readonly own: ReadonlyMap<string | null, ParsedPair>
  readonly merges: readonly ParsedPair[]
}

export function indexPairs(map: YAMLMap): PairIndex {
  const pairs = parsedPairs(map)
  return {
    own: new Map(pairs.toReversed().map((pair) => [keyText(pair.key), pair])),
    merges: pairs.filter(isMergeKey),
  }
}

export function seqChild(seq: YAMLSeq, segment: string | number): { node: ParsedNode | null; key: null } | null {
  const item = typeof segment === 'number' ? parsedItems(seq)[segment] : undefined
  return item === undefined ? null : { node: item, key: null }
}

// The library's guards forget that every node of a parsed document is itself parsed; these two remember it.
function parsedPairs(map: YAMLMap): ParsedPair[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return map.items as ParsedPair[]
}

export function parsedItems(seq: YAMLSeq): ParsedNode[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return seq.items as ParsedNode[]
}

export function keyText(key: ParsedNode): string | null {
  if (!isScalar(key)) return null
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value))
}

export function isMergeKey(pair: ParsedPair): boolean {
  return isScalar(pair.key) && pair.key.value === '<<' && pair.key.type === 'PLAIN'
}

export function isEmpty(node: ParsedNode): boolean {
  return isScalar(node) && node.value === null && node.source === ''
}

export function nodeRange(node: ParsedNode): [number, number] {
  return [node.range[0], node.range[1]]
}
