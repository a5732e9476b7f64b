/**
 * What a route asks of a request besides its model, as a box: for every dimension (caller, stream, feature, header) the
 * values it takes. Boxes answer whether one route's conditions are implied by another's, and whether several together
 * leave nothing.
 */
import type { RouteMatch, RoutesManifest } from '../../schemas/index.ts'
import { toList } from '../../gateway/core/manifest/references.ts'

/** Some values, or all but some. */
export type Range = { readonly only: ReadonlySet<string> } | { readonly except: ReadonlySet<string> }

/** By dimension; one that is not there is not restricted. */
export type Box = ReadonlyMap<string, Range>

const caller = 'caller'
const yesOrNo: ReadonlySet<string> = new Set(['yes', 'no'])

/** Callers by what routes name them by. */
export interface Callers {
  readonly all: ReadonlySet<string>
  readonly byOrganization: ReadonlyMap<string, ReadonlySet<string>>
}

export function listCallers({ credentials = [] }: RoutesManifest): Callers {
  const byOrganization = new Map<string, Set<string>>()
  for (const { name, organization } of credentials) {
    if (organization === undefined) continue
    const members = byOrganization.get(organization)
    if (members === undefined) byOrganization.set(organization, new Set([name]))
    else members.add(name)
  }
  return { all: new Set(credentials.map(({ name }) => name)), byOrganization }
}

/** An organization is the set of its callers, so that a route for one and a route for the other can be compared. */
export function boxOf(match: RouteMatch, callers: Callers): Box {
  const box = new Map<string, Range>()
  const taken = takenCallers(match, callers)
  if (taken !== null) box.set(caller, { only: taken })
  if (match.stream !== undefined) box.set('stream', { only: new Set([match.stream ? 'yes' : 'no']) })
  for (const feature of match.has ?? []) box.set(`has ${feature}`, { only: new Set(['yes']) })
  for (const [name, values] of Object.entries(match.headers ?? {})) {
    box.set(`header ${name.toLowerCase()}`, { only: new Set(toList(values)) })
  }
  return box
}

/** null: any caller. Empty: none, because a credential does not belong to the organization. */
export function takenCallers(match: RouteMatch, callers: Callers): ReadonlySet<string> | null {
  if (match.credential === undefined && match.organization === undefined) return null
  const members =
    match.organization === undefined
      ? callers.all
      : new Set(toList(match.organization).flatMap((name) => [...(callers.byOrganization.get(name) ?? [])]))
  const named = match.credential === undefined ? members : new Set(toList(match.credential))
  const taken = new Set([...named].filter((name) => members.has(name)))
  return taken.size === callers.all.size ? null : taken
}

/** Does whatever lies in `inner` lie in `outer` too? */
export function contains(outer: Box, inner: Box): boolean {
  for (const [dimension, range] of outer) {
    const other = inner.get(dimension)
    if (other === undefined || !isEmpty(minus(other, range))) return false
  }
  return true
}

/** What of the box lies outside the other: disjoint boxes, none when the other contains it. */
export function subtract(box: Box, other: Box, callers: Callers): Box[] {
  const rest: Box[] = []
  let inside = box
  for (const [dimension, range] of other) {
    const own = inside.get(dimension) ?? everything(dimension, callers)
    const common = both(own, range)
    if (isEmpty(common)) return [box]
    const left = minus(own, range)
    if (!isEmpty(left)) rest.push(new Map(inside).set(dimension, left))
    inside = new Map(inside).set(dimension, common)
  }
  return rest
}

function everything(dimension: string, callers: Callers): Range {
  if (dimension === caller) return { only: callers.all }
  return dimension.startsWith('header ') ? { except: new Set() } : { only: yesOrNo }
}

/** Values of every kind, with something of each left out, are never all left out: there is always another header. */
function isEmpty(range: Range): boolean {
  return 'only' in range && range.only.size === 0
}

function minus(range: Range, other: Range): Range {
  if ('only' in other) {
    if ('only' in range) return { only: filter(range.only, (value) => !other.only.has(value)) }
    return { except: new Set([...range.except, ...other.only]) }
  }
  if ('only' in range) return { only: filter(range.only, (value) => other.except.has(value)) }
  return { only: filter(other.except, (value) => !range.except.has(value)) }
}

function both(range: Range, other: Range): Range {
  if ('only' in range) return { only: filter(range.only, (value) => lies(value, other)) }
  if ('only' in other) return { only: filter(other.only, (value) => lies(value, range)) }
  return { except: new Set([...range.except, ...other.except]) }
}

function lies(value: string, range: Range): boolean {
  return 'only' in range ? range.only.has(value) : !range.except.has(value)
}

function filter(values: ReadonlySet<string>, keep: (value: string) => boolean): Set<string> {
  return new Set([...values].filter(keep))
}

/**
 * Words by which routes with narrow conditions are found without looking at all others: one for each caller and for each
 * value of a header. A route is filed under the words of one of its dimensions; whoever may take requests of a box stands
 * under some word of that box.
 */
export function wordsOf(box: Box): string[][] {
  const words: string[][] = []
  for (const [dimension, range] of box) {
    if ('only' in range && isNarrow(dimension)) words.push([...range.only].map((value) => `${dimension}=${value}`))
  }
  return words
}

/** The word of routes without narrow conditions. */
const general = ''

/** Of its dimensions the one whose words are rarest. */
export function wordsToFileUnder(box: Box, frequencies: ReadonlyMap<string, number>): readonly string[] {
  let rarest: readonly string[] = [general]
  let fewest = Number.POSITIVE_INFINITY
  for (const words of wordsOf(box)) {
    const frequency = words.reduce((sum, word) => sum + (frequencies.get(word) ?? 0), 0)
    if (frequency >= fewest) continue
    rarest = words
    fewest = frequency
  }
  return rarest
}

function isNarrow(dimension: string): boolean {
  return dimension === caller || dimension.startsWith('header ')
}

/** With more, routes for single callers are not added up to see whether they leave nothing to a route for all. */
const fewCallers = 64

export function wordsToLookUnder(box: Box, callers: Callers): string[] {
  const everyCaller = box.has(caller) || callers.all.size > fewCallers ? [] : [...callers.all]
  return [general, ...wordsOf(box).flat(), ...everyCaller.map((name) => `${caller}=${name}`)]
}
