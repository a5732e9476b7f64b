/**
 * Patterns of earlier routes, found by what they spell out: a pattern can only cover another whose own text holds its
 * longest run of plain characters, and can only overlap one whose beginning or end goes on from its own. So a lookup
 * costs what the pattern is long, not what the manifest is.
 */
import type { Box } from './conditions.ts'
import { coversLongNames, isExact } from './globs.ts'

export interface IndexedPattern {
  readonly route: number
  readonly pattern: string
  readonly box: Box
}

export class PatternIndex {
  private readonly exact = new Map<string, IndexedPattern[]>()
  /** Globs by their longest run of plain characters; under the empty text those that have none. */
  private readonly byRun = new Map<string, IndexedPattern[]>()
  private readonly runLengths = new Set<number>()
  private readonly beginnings = new Ends((pattern) => pattern.slice(0, pattern.search(/[*?]/)))
  /** Backwards, so that an end is found like a beginning. */
  private readonly ends = new Ends((pattern) => reverse(pattern.slice(lastWildcard(pattern) + 1)))

  add(entry: IndexedPattern): void {
    if (isExact(entry.pattern)) {
      entryOf(this.exact, entry.pattern).push(entry)
      return
    }
    const run = longestRun(entry.pattern)
    entryOf(this.byRun, run).push(entry)
    this.runLengths.add(run.length)
    this.beginnings.add(entry)
    this.ends.add(entry)
  }

  /** Those that match every name of the pattern, or would but for names in which a `*` of it stands for little. */
  findCovering(pattern: string): IndexedPattern[] {
    const found = isExact(pattern) ? [...(this.exact.get(pattern) ?? [])] : []
    if (this.runLengths.size === 0) return found
    const runs = new Set(['', ...runsOf(pattern).flatMap((text) => this.partsOf(text))])
    for (const run of runs) {
      for (const entry of this.byRun.get(run) ?? []) if (coversLongNames(entry.pattern, pattern)) found.push(entry)
    }
    return found
  }

  /** Globs that may have a name in common with this glob; the caller looks closer. */
  findOverlapping(pattern: string): Iterable<IndexedPattern> {
    const [byBeginning, byEnd] = [this.beginnings.find(pattern), this.ends.find(pattern)]
    return eachOf(size(byBeginning) <= size(byEnd) ? byBeginning : byEnd)
  }

  private partsOf(text: string): string[] {
    const parts: string[] = []
    for (const length of this.runLengths) {
      for (let start = 0; start + length <= text.length; start += 1) parts.push(text.slice(start, start + length))
    }
    return parts
  }
}

/** Finds texts of which one begins with the other. */
class Ends {
  private readonly at = new Map<string, IndexedPattern[]>()
  /** Under every shorter beginning of theirs. */
  private readonly below = new Map<string, IndexedPattern[]>()
  private readonly endOf: (pattern: string) => string

  constructor(endOf: (pattern: string) => string) {
    this.endOf = endOf
  }

  add(entry: IndexedPattern): void {
    const end = this.endOf(entry.pattern)
    entryOf(this.at, end).push(entry)
    for (let length = 0; length < end.length; length += 1) entryOf(this.below, end.slice(0, length)).push(entry)
  }

  find(pattern: string): (readonly IndexedPattern[])[] {
    const end = this.endOf(pattern)
    const groups: (readonly IndexedPattern[])[] = []
    for (let length = 0; length <= end.length; length += 1) groups.push(this.at.get(end.slice(0, length)) ?? [])
    return [...groups, this.below.get(end) ?? []]
  }
}

/** One by one: mostly the first will do. */
function* eachOf<Value>(groups: readonly (readonly Value[])[]): Generator<Value> {
  for (const group of groups) yield* group
}

function size(groups: readonly (readonly unknown[])[]): number {
  return groups.reduce((sum, group) => sum + group.length, 0)
}

function runsOf(pattern: string): string[] {
  return pattern.split(/[*?]+/).filter((run) => run !== '')
}

function longestRun(pattern: string): string {
  return runsOf(pattern).reduce((longest, run) => (run.length > longest.length ? run : longest), '')
}

function lastWildcard(pattern: string): number {
  return Math.max(pattern.lastIndexOf('*'), pattern.lastIndexOf('?'))
}

function reverse(text: string): string {
  return text.split('').toReversed().join('')
}

function entryOf<Value>(map: Map<string, Value[]>, key: string): Value[] {
  const known = map.get(key)
  if (known !== undefined) return known
  const fresh: Value[] = []
  map.set(key, fresh)
  return fresh
}
