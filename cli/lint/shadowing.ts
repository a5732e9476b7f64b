/**
 * Which requests that a route was written for never come to it, because an earlier route takes them. A request is taken
 * by the first route whose every condition holds, so a pattern of a route is dead when earlier routes match all its names
 * under conditions that hold for all its requests. Routes that a classifier chooses take nothing for certain.
 */
import type { RoutesManifest } from '../../schemas/index.ts'
import type { DocumentPath } from '../../gateway/core/manifest/diagnostics.ts'
import { toList } from '../../gateway/core/manifest/references.ts'
import type { RoutingTable } from '../../gateway/core/routing/table.ts'
import {
  type Box,
  type Callers,
  boxOf,
  contains,
  listCallers,
  subtract,
  wordsOf,
  wordsToFileUnder,
  wordsToLookUnder,
} from './conditions.ts'
import { covers, findCommon, findUncovered, isExact, normaliseGlob } from './globs.ts'
import { type IndexedPattern, PatternIndex } from './pattern-index.ts'

/** A pattern of a route that earlier routes take from it, wholly or in part. */
export interface Shadow {
  /** As written; `*` where the route names no model. */
  readonly pattern: string
  readonly path: DocumentPath
  /** Covered: no name of it is left. Crossed: some are, and `example` is one that is not. */
  readonly kind: 'covered' | 'crossed'
  /** Earlier routes that take it together; for a crossed one the route that takes the example. Never empty. */
  readonly by: readonly number[]
  /** The pattern of the first of them, as it is written there. */
  readonly taker: string
  /** A name that this pattern means and that goes to the first of them. */
  readonly example: string
}

export interface RouteShadows {
  readonly route: number
  readonly shadows: readonly Shadow[]
  /** Every pattern is covered: the route never gets a request. */
  readonly dead: boolean
}

/** Routes without a shadow are not listed. In manifest order. */
export function findShadows(manifest: RoutesManifest, table: RoutingTable): RouteShadows[] {
  return new Search(manifest, table).run()
}

/** Boxes are cut in pieces; a route whose conditions take more pieces than this is not shown to be dead. */
const mostPieces = 256

class Search {
  private readonly manifest: RoutesManifest
  private readonly table: RoutingTable
  private readonly callers: Callers
  private readonly boxes: readonly Box[]
  private readonly frequencies = new Map<string, number>()
  private readonly index = new Map<string, PatternIndex>()
  /** All that was indexed, in manifest order. */
  private readonly earlier: IndexedPattern[] = []

  constructor(manifest: RoutesManifest, table: RoutingTable) {
    this.manifest = manifest
    this.table = table
    this.callers = listCallers(manifest)
    this.boxes = manifest.ai_routes.map(({ match }) => boxOf(match, this.callers))
    for (const word of this.boxes.flatMap(wordsOf).flat()) {
      this.frequencies.set(word, (this.frequencies.get(word) ?? 0) + 1)
    }
  }

  run(): RouteShadows[] {
    return this.boxes.flatMap((box, route) => this.visit(route, box) ?? [])
  }

  private visit(route: number, box: Box): RouteShadows | null {
    // A route that nobody can be meant by is another rule's.
    if ([...box.values()].some((range) => 'only' in range && range.only.size === 0)) return null
    const shadows: Shadow[] = []
    const left: string[] = []
    const patterns = this.patternsOf(route)
    for (const { pattern, path } of patterns) {
      const normal = normaliseGlob(pattern)
      const shadow = this.findCovered(normal, box) ?? this.findCrossed(normal, { route, box })
      if (shadow !== null) shadows.push({ ...shadow, pattern, path })
      // What is dead takes nothing from anybody else.
      if (shadow?.kind !== 'covered') left.push(normal)
    }
    this.file(route, box, left)
    if (shadows.length === 0) return null
    return { route, shadows, dead: shadows.filter(({ kind }) => kind === 'covered').length === patterns.length }
  }

  private patternsOf(route: number): { readonly pattern: string; readonly path: DocumentPath }[] {
    const model = this.manifest.ai_routes[route]?.match.model
    const match = ['ai_routes', route, 'match']
    if (model === undefined) return [{ pattern: '*', path: match }]
    if (typeof model === 'string') return [{ pattern: model, path: [...match, 'model'] }]
    return model.map((pattern, position) => ({ pattern, path: [...match, 'model', position] }))
  }

  private file(route: number, box: Box, patterns: readonly string[]): void {
    if (this.table.routes[route]?.semantic === true) return
    for (const pattern of new Set(patterns)) {
      const entry = { route, pattern, box }
      this.earlier.push(entry)
      for (const word of wordsToFileUnder(box, this.frequencies)) {
        const known = this.index.get(word) ?? new PatternIndex()
        this.index.set(word, known)
        known.add(entry)
      }
    }
  }

  private indexesFor(box: Box): PatternIndex[] {
    return wordsToLookUnder(box, this.callers).flatMap((word) => this.index.get(word) ?? [])
  }

  // ---- covered ----

  private findCovered(pattern: string, box: Box): Omit<Shadow, 'pattern' | 'path'> | null {
    const near = new Set(this.indexesFor(box).flatMap((index) => index.findCovering(pattern)))
    const candidates = [...near].sort((one, other) => one.route - other.route)
    const whole = candidates.filter((candidate) => covers(candidate.pattern, pattern))
    const single = whole.find((candidate) => contains(candidate.box, box))
    const takers = single === undefined ? this.takersTogether(pattern, box, { whole, candidates }) : [single]
    const [first] = takers ?? []
    if (takers === null || first === undefined) return null
    const example = isExact(pattern) ? pattern : findCommon(pattern, first.pattern)
    const by = [...new Set(takers.map(({ route }) => route))]
    return { kind: 'covered', by, taker: this.written(first), example: example ?? pattern }
  }

  /** Those that leave nothing of the pattern together; null when something is left. */
  private takersTogether(
    pattern: string,
    box: Box,
    {
      whole,
      candidates,
    }: { readonly whole: readonly IndexedPattern[]; readonly candidates: readonly IndexedPattern[] },
  ): IndexedPattern[] | null {
    const takers: IndexedPattern[] = []
    let pieces: readonly Box[] = [box]
    for (const candidate of whole) {
      const rest = pieces.flatMap((piece) => subtract(piece, candidate.box, this.callers))
      if (rest.length > mostPieces) return null
      if (rest.length !== pieces.length || rest.some((piece, index) => piece !== pieces[index])) takers.push(candidate)
      pieces = rest
    }
    for (const piece of pieces) {
      const together = this.namesTogether(pattern, piece, candidates)
      if (together === null) return null
      takers.push(...together)
    }
    return takers.sort((one, other) => one.route - other.route)
  }

  /** Patterns of which none covers this one but all together do: `a?*` and `a` cover `a*`. */
  private namesTogether(pattern: string, box: Box, candidates: readonly IndexedPattern[]): IndexedPattern[] | null {
    if (!candidates.some((candidate) => contains(candidate.box, box))) return null
    const near = this.earlier.filter((entry) => contains(entry.box, box) && findCommon(entry.pattern, pattern) !== null)
    const patterns = near.map((entry) => entry.pattern)
    return findUncovered([pattern], [...new Set(patterns)]) === null ? near : null
  }

  // ---- crossed ----

  /**
   * An earlier glob that overlaps this one, where neither lies in the other. A narrower route before a wider one is how
   * exceptions are written, and no shadow.
   */
  private findCrossed(
    pattern: string,
    { route, box }: { readonly route: number; readonly box: Box },
  ): Omit<Shadow, 'pattern' | 'path'> | null {
    if (pattern === '*' || isExact(pattern)) return null
    for (const index of this.indexesFor(box)) {
      for (const entry of index.findOverlapping(pattern)) {
        if (!contains(entry.box, box) || covers(pattern, entry.pattern)) continue
        const example = this.exampleOf(pattern, entry, { route, box })
        if (example !== null) return { kind: 'crossed', by: [entry.route], taker: this.written(entry), example }
      }
    }
    return null
  }

  /** A name that both match and that no route before the taker takes: one the author had in mind, if there is one. */
  private exampleOf(
    pattern: string,
    entry: IndexedPattern,
    { route, box }: { readonly route: number; readonly box: Box },
  ): string | null {
    const common = findCommon(pattern, entry.pattern)
    if (common === null) return null
    const targets = this.manifest.ai_routes[route]?.targets ?? []
    for (const name of [...targets.map(({ model }) => model), common]) {
      if (covers(pattern, name) && covers(entry.pattern, name) && this.takerOf(name, box) === entry.route) return name
    }
    const before = this.earlier.filter((other) => other.route < entry.route && contains(other.box, box))
    const others = before.filter((other) => findCommon(other.pattern, pattern) !== null)
    return findUncovered([pattern, entry.pattern], [...new Set(others.map((other) => other.pattern))])
  }

  /** The first of the earlier routes that takes the name from everybody the box means. */
  private takerOf(name: string, box: Box): number | null {
    const takers = this.indexesFor(box)
      .flatMap((index) => index.findCovering(name))
      .filter((entry) => contains(entry.box, box))
    return takers.length === 0 ? null : Math.min(...takers.map((entry) => entry.route))
  }

  private written({ route, pattern }: IndexedPattern): string {
    return (
      toList(this.manifest.ai_routes[route]?.match.model).find((text) => normaliseGlob(text) === pattern) ?? pattern
    )
  }
}
