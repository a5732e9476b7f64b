/**
 * Finds the routes that may take a model, in manifest order, without walking them all: exact names by map, globs by
 * the text before their first wildcard, shortest first. A lookup costs one map access for the exact name and one for
 * each distinct length of those beginnings, however many routes there are.
 */
import type { CompiledRoute, RouteIndex } from './table.ts'

interface Glob {
  readonly pattern: string
  readonly route: CompiledRoute
}

export function buildRouteIndex(routes: readonly CompiledRoute[]): RouteIndex {
  const exact = new Map<string, CompiledRoute[]>()
  const globs = new Map<string, Glob[]>()
  for (const route of routes) {
    const { models } = route.match
    for (const pattern of models.length === 0 ? ['*'] : models) {
      const prefix = literalPrefix(pattern)
      if (prefix === pattern) addOnce(exact, pattern, route)
      else entryOf(globs, prefix).push({ pattern, route })
    }
  }
  const lengths = [...new Set([...globs.keys()].map((prefix) => prefix.length))].sort((left, right) => left - right)
  return (model) => find(model, exact.get(model) ?? none, { globs, lengths })
}

const none: readonly CompiledRoute[] = []

interface Globs {
  readonly globs: ReadonlyMap<string, readonly Glob[]>
  /** Lengths of the beginnings that occur, ascending. */
  readonly lengths: readonly number[]
}

function find(model: string, exact: readonly CompiledRoute[], { globs, lengths }: Globs): readonly CompiledRoute[] {
  let found: CompiledRoute[] | null = null
  for (const length of lengths) {
    if (length > model.length) break
    for (const { pattern, route } of globs.get(model.slice(0, length)) ?? []) {
      if (matchesGlob(model, pattern)) (found ??= [...exact]).push(route)
    }
  }
  if (found === null) return exact
  found.sort((left, right) => left.index - right.index)
  // A route with several patterns may have been found by more than one of them.
  return found.filter((route, position) => route !== found[position - 1])
}

function addOnce(map: Map<string, CompiledRoute[]>, key: string, route: CompiledRoute): void {
  const routes = entryOf(map, key)
  if (routes.at(-1) !== route) routes.push(route)
}

function entryOf<Value>(map: Map<string, Value[]>, key: string): Value[] {
  const known = map.get(key)
  if (known !== undefined) return known
  const fresh: Value[] = []
  map.set(key, fresh)
  return fresh
}

function literalPrefix(pattern: string): string {
  const wildcard = pattern.search(/[*?]/)
  return wildcard < 0 ? pattern : pattern.slice(0, wildcard)
}

/**
 * `*` stands for any text, the empty one included, `?` for one character; everything else for itself, case included.
 * No backtracking but to the last `*`, so the time is at most the product of both lengths.
 */
export function matchesGlob(text: string, pattern: string): boolean {
  let at = 0
  let position = 0
  let star = -1
  let afterStar = 0
  while (at < text.length) {
    const sign = pattern[position]
    if (sign === '*') {
      star = position
      afterStar = at
      position += 1
    } else if (sign !== undefined && (sign === '?' || sign === text[at])) {
      at += 1
      position += 1
    } else if (star >= 0) {
      afterStar += 1
      at = afterStar
      position = star + 1
    } else return false
  }
  while (pattern[position] === '*') position += 1
  return position === pattern.length
}
