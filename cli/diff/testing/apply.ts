/**
 * The way back from changes to a manifest: what shows that a diff leaves nothing out. The result means what the second
 * manifest means, and is written in the normal form, with its defaults in it.
 */
import type { RoutesManifest } from '../../../schemas/index.ts'
import { type Change, splitPath } from '../change.ts'
import { type NormalManifest, type NormalRoute, normalise } from '../normalise.ts'

type Tree = Record<string, unknown>

interface DraftTarget {
  readonly key: string
  readonly fields: Tree
}

interface DraftRoute {
  readonly name: string
  readonly fields: Tree
  targets: DraftTarget[]
  fallbacks: string[]
}

/** Sections whose entries have names, and how an entry stands in the manifest. */
const named = ['providers', 'credentials', 'quotas', 'policies', 'models'] as const

type Section = (typeof named)[number]

interface Draft {
  routes: DraftRoute[]
  readonly sections: Readonly<Record<Section, Map<string, Tree>>>
  readonly settings: Tree
}

/** `changes` as `compareManifests` gives them; with `diffManifests`, what it hides stays hidden. */
export function applyChanges(changes: readonly Change[], manifest: RoutesManifest): RoutesManifest {
  const draft = toDraft(normalise(manifest))
  draft.routes = reorder(draft.routes, ({ name }) => name, listChanges(changes, ['ai_routes'], draftOf))
  for (const route of draft.routes) {
    const path = ['ai_routes', route.name]
    const targets = listChanges(changes, [...path, 'targets'], targetOf)
    route.targets = reorder(route.targets, ({ key }) => key, targets)
    const fallbacks = listChanges(changes, [...path, 'fallback'], (name) => name)
    route.fallbacks = reorder(route.fallbacks, (name) => name, fallbacks)
  }
  for (const change of changes) applyOne(change, draft)
  return toManifest(draft)
}

function toDraft({ routes, connections, credentials, quotas, policies, models, settings }: NormalManifest): Draft {
  const copy = (entries: ReadonlyMap<string, unknown>): Map<string, Tree> =>
    new Map([...entries].map(([name, fields]) => [name, copyTree(fields)]))
  return {
    routes: routes.map(draftRoute),
    sections: {
      providers: copy(connections),
      credentials: copy(credentials),
      quotas: copy(quotas),
      policies: copy(policies),
      models: copy(models),
    },
    settings: copyTree(settings),
  }
}

function draftRoute({ name, fields, targets, fallbacks }: NormalRoute): DraftRoute {
  const copies = targets.map((target) => ({
    key: target.key,
    fields: copyTree({ ...target.written, ...target.fields }),
  }))
  return { name, fields: copyTree(fields), targets: copies, fallbacks: [...fallbacks] }
}

// ---- lists whose order counts ----

interface ListChanges<Item> {
  readonly removed: ReadonlySet<string>
  /** By name: the place it has afterwards, from 1, and what it is where it is new. */
  readonly placed: ReadonlyMap<string, { readonly position: number; readonly item: Item | null }>
}

function listChanges<Item>(
  changes: readonly Change[],
  path: readonly string[],
  itemOf: (name: string, after: unknown) => Item,
): ListChanges<Item> {
  const removed = new Set<string>()
  const placed = new Map<string, { position: number; item: Item | null }>()
  for (const change of changes) {
    const names = splitPath(change.path)
    const name = names.at(-1)
    const isHere = names.length === path.length + 1 && path.every((each, index) => names[index] === each)
    if (!isHere || name === undefined) continue
    if (change.kind === 'removed') removed.add(name)
    if (change.kind === 'moved') placed.set(name, { position: Number(change.after), item: null })
    if (change.kind === 'added' && change.position !== undefined) {
      placed.set(name, { position: change.position, item: itemOf(name, change.after) })
    }
  }
  return { removed, placed }
}

/** What neither moved nor went keeps its order, and fills the places that the others leave. */
function reorder<Item>(items: readonly Item[], nameOf: (item: Item) => string, changes: ListChanges<Item>): Item[] {
  const byName = new Map(items.map((item) => [nameOf(item), item]))
  const stayed = items.filter((item) => !changes.removed.has(nameOf(item)) && !changes.placed.has(nameOf(item)))
  const placed = [...changes.placed].toSorted(([, left], [, right]) => left.position - right.position)
  const result = [...stayed]
  for (const [name, { position, item }] of placed) {
    const found = item ?? byName.get(name)
    if (found !== undefined) result.splice(position - 1, 0, found)
  }
  return result
}

function draftOf(_name: string, after: unknown): DraftRoute {
  // What was added is a route as it stood in a manifest; alone in one it has the normal form of every route.
  const [route] = normalise({ ai_routes: [after as RoutesManifest['ai_routes'][number]] }).routes
  if (route === undefined) throw new Error('a manifest of one route has one')
  return draftRoute(route)
}

function targetOf(key: string, after: unknown): DraftTarget {
  return { key, fields: copyTree(after) }
}

// ---- single settings ----

function applyOne(change: Change, draft: Draft): void {
  const names = splitPath(change.path)
  if (change.subject === 'setting') {
    setAt(draft.settings, names, change.after)
    return
  }
  const [section, name = '', ...rest] = names
  if (section === 'ai_routes') applyToRoute(change, draft, rest)
  const entries = named.includes(section as Section) ? draft.sections[section as Section] : undefined
  if (entries === undefined) return
  const entry = entries.get(name)
  if (rest.length === 0 && change.kind === 'removed') entries.delete(name)
  else if (rest.length === 0) entries.set(name, copyTree(change.after))
  else if (entry !== undefined) setAt(entry, rest, change.after)
}

function applyToRoute(change: Change, draft: Draft, rest: readonly string[]): void {
  const [, name] = splitPath(change.path)
  const route = draft.routes.find((each) => each.name === name)
  if (route === undefined || rest.length === 0) return
  const [part, key, ...inTarget] = rest
  if (part === 'fallback') return
  if (part !== 'targets') {
    setAt(route.fields, rest, change.after)
    return
  }
  const target = route.targets.find((each) => each.key === key)
  if (target !== undefined && inTarget.length > 0) setAt(target.fields, inTarget, change.after)
}

/** null takes it away, and with it what is left empty around it. */
function setAt(tree: Tree, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path
  if (name === undefined) return
  if (rest.length === 0) {
    if (value === null) Reflect.deleteProperty(tree, name)
    else tree[name] = value
    return
  }
  const inside = isTree(tree[name]) ? tree[name] : {}
  setAt(inside, rest, value)
  if (Object.keys(inside).length === 0 && name !== 'match') Reflect.deleteProperty(tree, name)
  else tree[name] = inside
}

// ---- and back ----

function toManifest({ routes, sections, settings }: Draft): RoutesManifest {
  const list = (section: Section): Tree[] => [...sections[section]].map(([name, fields]) => ({ name, ...fields }))
  const chains = [...sections.policies].map(([name, { chain }]) => [name, chain] as const)
  const manifest = {
    ...settings,
    providers: Object.fromEntries(sections.providers),
    credentials: list('credentials'),
    quotas: list('quotas'),
    policies: Object.fromEntries(chains),
    models: Object.fromEntries(sections.models),
    ai_routes: routes.map(({ name, fields, targets, fallbacks }) => ({
      name,
      ...fields,
      targets: targets.map((target) => target.fields),
      ...(fallbacks.length === 0 ? {} : { fallback: fallbacks }),
    })),
  }
  // Made of parts of manifests by the paths of their grammar; a test holds it against the schema.
  return manifest as unknown as RoutesManifest
}

function copyTree(value: unknown): Tree {
  const copy: unknown = structuredClone(value)
  return isTree(copy) ? copy : {}
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
