/**
 * Sets of model names, as globs write them: `*` for any text, `?` for one character, everything else for itself. Whether
 * one set lies in another, or two have a name in common, is decided exactly, by walking the automata of the patterns. The
 * empty name is in none of them: no request asks for it. Patterns are taken as `normaliseGlob` gives them.
 */
import { matchesGlob } from '../../gateway/core/routing/route-index.ts'

/** A run of `*` and `?` in one spelling, so that two patterns that mean the same are the same text. */
export function normaliseGlob(pattern: string): string {
  const normal = pattern.replaceAll(/[*?]+/g, (run) => {
    const single = run.replaceAll('*', '')
    return single.length === run.length ? run : `${single}*`
  })
  return normal === '?*' ? '*' : normal
}

export function isExact(pattern: string): boolean {
  return !/[*?]/.test(pattern)
}

/** Stand for characters that no pattern spells out; a private use area is no part of any model's name. */
const someCharacter = '\uE000'
const someText = '\uE001'

/** Does every name that `inner` matches match `outer` too? */
export function covers(outer: string, inner: string): boolean {
  // What matches the pattern itself, its wildcards taken as signs nobody spells out, is matched by wildcards alone.
  if (!coversLongNames(outer, inner)) return false
  // Only a `?` can tell a `*` that stands for nothing from one that stands for something.
  if (!outer.includes('?') || !inner.includes('*')) return true
  return findUncovered([inner], [outer]) === null
}

/** The same for the names in which every `*` of `inner` stands for a long text: necessary, and cheap. */
export function coversLongNames(outer: string, inner: string): boolean {
  const long = inner.replaceAll('*', someText.repeat(1 + countOf(outer, '?'))).replaceAll('?', someCharacter)
  return matchesGlob(long, outer)
}

function countOf(text: string, sign: string): number {
  return text.split(sign).length - 1
}

/** More states than any manifest written by people needs. */
const mostStates = 20_000

/**
 * The shortest name that every one of `inners` matches and none of `outers` does; null when there is none. When the search
 * is given up, the name it had come to: then there may be one or not.
 */
export function findUncovered(inners: readonly string[], outers: readonly string[]): string | null {
  const patterns = [...inners, ...outers]
  const alphabet = alphabetOf(patterns)
  const seen = new Set<string>()
  const queue: Walk[] = [{ at: patterns.map((pattern) => closure(pattern, [0])), name: '' }]
  for (const { at, name } of queue) {
    const matched = at.map((positions, index) => positions.includes(patterns[index]?.length ?? -1))
    if (name !== '' && matched.every((isMatched, index) => isMatched === index < inners.length)) return name
    for (const sign of alphabet) {
      const next = { at: patterns.map((pattern, index) => step(pattern, at[index] ?? [], sign)), name: name + sign }
      const key = next.at.map((positions) => positions.join()).join('|')
      if (seen.has(key) || next.at.some((positions, index) => index < inners.length && positions.length === 0)) continue
      if (seen.size > mostStates) return next.name
      seen.add(key)
      queue.push(next)
    }
  }
  return null
}

interface Walk {
  /** For each pattern the positions it may stand at: how many of its signs are used up. */
  readonly at: readonly (readonly number[])[]
  readonly name: string
}

/** A `*` may stand for nothing: whoever stands before it stands behind it too. */
function closure(pattern: string, positions: readonly number[]): number[] {
  const all = new Set(positions)
  for (const position of all) if (pattern[position] === '*') all.add(position + 1)
  return [...all].sort((left, right) => left - right)
}

function step(pattern: string, positions: readonly number[], sign: string): number[] {
  const next = new Set<number>()
  for (const position of positions) {
    const expected = pattern[position]
    if (expected === '*') next.add(position)
    else if (expected === '?' || expected === sign) next.add(position + 1)
  }
  return closure(pattern, [...next])
}

/** The shortest name that both match; null when there is none. */
export function findCommon(left: string, right: string): string | null {
  const alphabet = alphabetOf([left, right])
  const seen = new Set<string>()
  const queue: Pair[] = [{ left: 0, right: 0, name: '' }]
  for (const pair of queue) {
    if (pair.name !== '' && pair.left === left.length && pair.right === right.length) return pair.name
    for (const next of follow(pair, { left, right, alphabet })) {
      const key = `${next.left},${next.right},${next.name === ''}`
      if (seen.has(key)) continue
      seen.add(key)
      queue.push(next)
    }
  }
  return null
}

interface Pair {
  readonly left: number
  readonly right: number
  readonly name: string
}

interface Both {
  readonly left: string
  readonly right: string
  readonly alphabet: readonly string[]
}

function follow(pair: Pair, { left, right, alphabet }: Both): Pair[] {
  const next: Pair[] = []
  const [one, other] = [left[pair.left], right[pair.right]]
  if (one === '*') next.push({ ...pair, left: pair.left + 1 })
  if (other === '*') next.push({ ...pair, right: pair.right + 1 })
  if (one === undefined || other === undefined) return next
  for (const sign of alphabet) {
    if (!takes(one, sign) || !takes(other, sign)) continue
    next.push({
      left: one === '*' ? pair.left : pair.left + 1,
      right: other === '*' ? pair.right : pair.right + 1,
      name: pair.name + sign,
    })
  }
  return next
}

function takes(expected: string, sign: string): boolean {
  return expected === '*' || expected === '?' || expected === sign
}

/** Every sign that some pattern spells out, and one that stands for all others. The latter comes last: names read better. */
function alphabetOf(patterns: readonly string[]): string[] {
  const spelled = new Set(patterns.join('').replaceAll(/[*?]/g, ''))
  const other = ['x', 'y', 'z', '1', '2', '3', someCharacter].find((sign) => !spelled.has(sign)) ?? someCharacter
  return [...spelled, other]
}
