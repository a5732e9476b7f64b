/**
 * What is different between two manifests, by meaning: a weight that went from 60 to 50, not line 9. Two manifests
 * that mean the same give no change, however they are written; every other difference gives at least one.
 */
import { isDeepStrictEqual } from 'node:util'
import type { RoutesManifest } from '../../schemas/index.ts'
import { type Change, type Subject, joinPath, splitPath } from './change.ts'
import { type Fields, type NormalRoute, type NormalTarget, emptyManifest, normalise } from './normalise.ts'
import { findMoved } from './order.ts'
import { describe, describeModel, describeRoute, isLiteralHeader, ordinal, redact } from './words.ts'

/** What kind of thing a change is about, and the names that lead to it. */
interface Place {
  readonly subject: Subject
  readonly path: readonly string[]
}

/**
 * What may be shown and kept: as `compareManifests`, but a literal header, which may be a key after all, and a password in
 * an address are hidden.
 */
export function diffManifests(before: RoutesManifest | null, after: RoutesManifest): Change[] {
  return compareManifests(before, after).map((change) => {
    if (change.kind === 'moved') return change
    const path = splitPath(change.path)
    return { ...change, before: redact(change.before, path), after: redact(change.after, path) }
  })
}

/** `before` null: there was nothing, so everything is added. Both manifests resolved. Never throws. */
export function compareManifests(before: RoutesManifest | null, after: RoutesManifest): Change[] {
  const from = before === null ? emptyManifest : normalise(before)
  const to = normalise(after)
  return [
    ...diffRoutes(from.routes, to.routes),
    ...diffNamed(['connection', 'providers'], from.connections, to.connections),
    ...diffNamed(['credential', 'credentials'], from.credentials, to.credentials),
    ...diffNamed(['quota', 'quotas'], from.quotas, to.quotas),
    ...diffNamed(['policy', 'policies'], from.policies, to.policies),
    ...diffNamed(['model', 'models'], from.models, to.models),
    ...diffFields({ subject: 'setting', path: [] }, from.settings, to.settings),
  ]
}

function diffRoutes(before: readonly NormalRoute[], after: readonly NormalRoute[]): Change[] {
  const old = new Map(before.map((route) => [route.name, route]))
  const names = new Set(after.map(({ name }) => name))
  const moved = findMoved(
    before.map(({ name }) => name),
    after.map(({ name }) => name),
  )
  const changes: Change[] = []
  for (const [index, route] of after.entries()) {
    const path = ['ai_routes', route.name]
    const was = old.get(route.name)
    if (was === undefined) {
      const message = `${describeRoute(route)}${before.length === 0 ? '' : tellBefore(after[index + 1]?.name)}`
      changes.push({ ...added({ subject: 'route', path }, route.written, message), position: index + 1 })
    } else {
      const from = moved.get(route.name)
      if (from !== undefined) changes.push(move({ subject: 'route', path }, [from, index], tellPlace(after, index)))
      changes.push(...diffRoute(path, was, route))
    }
  }
  const gone = before.filter(({ name }) => !names.has(name))
  return [
    ...changes,
    ...gone.map((route) =>
      removed({ subject: 'route', path: ['ai_routes', route.name] }, route.written, describeRoute(route)),
    ),
  ]
}

/** What is added is tried last, unless it stands before another. */
function tellBefore(next: string | undefined): string {
  return next === undefined ? '' : `, before ${next}`
}

/** Routes are tried in order, so a place means: before which other. */
function tellPlace(routes: readonly NormalRoute[], index: number): string {
  const next = routes[index + 1]
  return next === undefined ? 'now tried last' : `now tried before ${next.name}`
}

function diffRoute(path: readonly string[], before: NormalRoute, after: NormalRoute): Change[] {
  return [
    ...diffFields({ subject: 'route', path }, before.fields, after.fields),
    ...diffTargets([...path, 'targets'], before.targets, after.targets),
    ...diffFallbacks([...path, 'fallback'], before.fallbacks, after.fallbacks),
  ]
}

function diffTargets(
  path: readonly string[],
  before: readonly NormalTarget[],
  after: readonly NormalTarget[],
): Change[] {
  const old = new Map(before.map((target) => [target.key, target]))
  const keys = new Set(after.map(({ key }) => key))
  const moved = findMoved(
    before.map(({ key }) => key),
    after.map(({ key }) => key),
  )
  const changes: Change[] = []
  for (const [index, target] of after.entries()) {
    const here: Place = { subject: 'target', path: [...path, target.key] }
    const was = old.get(target.key)
    if (was === undefined) {
      const message = `${tellTarget(target)}${tellBefore(after[index + 1]?.key)}`
      changes.push({ ...added(here, withNames(target), message), position: index + 1 })
      continue
    }
    const from = moved.get(target.key)
    if (from !== undefined) changes.push(move(here, [from, index], `target ${target.key}`))
    changes.push(
      ...diffFields(here, was.fields, target.fields).map((change) => ({
        ...change,
        message: `target ${target.key}: ${change.message}`,
      })),
    )
  }
  const gone = before.filter(({ key }) => !keys.has(key))
  return [
    ...changes,
    ...gone.map((target) =>
      removed({ subject: 'target', path: [...path, target.key] }, withNames(target), tellTarget(target)),
    ),
  ]
}

function diffFallbacks(path: readonly string[], before: readonly string[], after: readonly string[]): Change[] {
  const moved = findMoved(before, after)
  const placeOf = (name: string): Place => ({ subject: 'fallback', path: [...path, name] })
  return [
    ...after.flatMap((name, index) => {
      const from = moved.get(name)
      if (!before.includes(name)) {
        const message = `fallback ${name}${tellBefore(after[index + 1])}`
        return [{ ...added(placeOf(name), name, message), position: index + 1 }]
      }
      return from === undefined ? [] : [move(placeOf(name), [from, index], `fallback ${name}`)]
    }),
    ...before.filter((name) => !after.includes(name)).map((name) => removed(placeOf(name), name, `fallback ${name}`)),
  ]
}

function diffNamed(
  [subject, section]: readonly [subject: Subject, section: string],
  before: ReadonlyMap<string, Fields>,
  after: ReadonlyMap<string, Fields>,
): Change[] {
  const changes: Change[] = []
  for (const [name, fields] of after) {
    const was = before.get(name)
    const place = { subject, path: [section, name] }
    if (was === undefined) changes.push(added(place, fields, tellNamed(subject, fields)))
    else changes.push(...diffFields(place, was, fields))
  }
  for (const [name, fields] of before) {
    if (after.has(name)) continue
    changes.push(removed({ subject, path: [section, name] }, fields, tellNamed(subject, fields)))
  }
  return changes
}

/** What is worth saying about a thing that is new or gone; its name stands in the heading. */
function tellNamed(subject: Subject, fields: Fields): string {
  const { type, base_url: baseUrl, organization, project, limits, scope, chain } = fields
  const join = (parts: readonly unknown[], by: string): string =>
    parts
      .filter((part) => part !== undefined)
      .map(describe)
      .join(by)
  if (subject === 'connection') return join([type, baseUrl], ' at ')
  if (subject === 'credential') return join([organization, project], ' / ')
  if (subject === 'model') return describeModel(fields)
  if (subject === 'quota') return `${describe(limits)} for ${describe(scope)}`
  return describe(subject === 'policy' ? chain : fields)
}

/** With the weight it has where none is written: beside others that have one, none would mean something else. */
function withNames({ fields, written: { provider, model } }: NormalTarget): Fields {
  return { provider, model, ...fields }
}

function tellTarget({ key, written }: NormalTarget): string {
  const { provider: _provider, model: _model, ...settings } = written
  return [`target ${key}`, ...Object.entries(settings).map(([name, value]) => `${name} ${describe(value)}`)].join(', ')
}

/** Goes down as long as both sides are objects with names of their own; a list is one value. */
function diffFields({ subject, path }: Place, before: Fields, after: Fields): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.flatMap((name) => {
    const [was, is] = [before[name], after[name]]
    if (isDeepStrictEqual(was, is)) return []
    const here = [...path, name]
    const [left, right] = [was ?? {}, is ?? {}]
    if (isGroup(left) && isGroup(right)) {
      const inside = diffFields({ subject, path: here }, left, right)
      // Nothing inside: an empty object beside none at all, which is told as one value.
      if (inside.length > 0) return inside
    }
    const kind = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed'
    return [{ kind, subject, path: joinPath(...here), message: tellField(here, was, is), ...sides(was, is) }]
  })
}

function tellField(path: readonly string[], before: unknown, after: unknown): string {
  // The thing's own name stands in the heading; what lies below it is the name of the field.
  const name = path.slice(path[0] === 'ai_routes' && path[2] === 'targets' ? 4 : path.length > 2 ? 2 : 0).join('.')
  if (isLiteralHeader(path)) return `${name} ${describe(changeWord(before, after))}`
  const [was, is] = [describe(before), describe(after)]
  return was === is ? `${name} changed` : `${name} ${was} → ${is}`
}

function changeWord(before: unknown, after: unknown): string {
  if (before === undefined) return 'added'
  return after === undefined ? 'removed' : 'changed'
}

function added({ subject, path }: Place, after: unknown, message: string): Change {
  return { kind: 'added', subject, path: joinPath(...path), message, ...sides(undefined, after) }
}

function removed({ subject, path }: Place, before: unknown, message: string): Change {
  return { kind: 'removed', subject, path: joinPath(...path), message, ...sides(before, undefined) }
}

function move({ subject, path }: Place, [from, to]: readonly [number, number], what: string): Change {
  const message = `${what}: ${ordinal(from + 1)} → ${ordinal(to + 1)} place`
  return { kind: 'moved', subject, path: joinPath(...path), message, before: from + 1, after: to + 1 }
}

function sides(before: unknown, after: unknown): { before: unknown; after: unknown } {
  return { before: before ?? null, after: after ?? null }
}

/** An object whose names are settings of their own. `{env: NAME}` and `{file: PATH}` are one value instead. */
function isGroup(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return !('env' in value && typeof value.env === 'string') && !('file' in value && typeof value.file === 'string')
}
