/** What a release is made of: how it is hashed, built, and read back from a store that anybody may have written to. */
import { createHash } from 'node:crypto'
import type { Release, ReleaseDraft } from '../../schemas/index.ts'
import { validateRelease } from '../../schemas/validate-release.ts'
import { type SeenCandidate, StoreError } from './store.ts'

export const releaseSchema = 'aigw.release/1'

/**
 * Sorted keys, no spaces, nothing undefined: two documents that mean the same to JSON are the same text (RFC 8785 for
 * the values a manifest can hold).
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

/** Of a resolved manifest without filled-in defaults, so that an upgrade of the tool never looks like a change. */
export function hashOf(resolved: unknown): string {
  return `sha256:${createHash('sha256').update(canonicalJson(resolved)).digest('hex')}`
}

/** As people see it: enough digits to tell releases apart. */
export function shortHash(hash: string): string {
  return hash.slice('sha256:'.length, 'sha256:'.length + 12)
}

export function buildDraft(parts: Pick<ReleaseDraft, 'source' | 'resolved' | 'created_at'>): ReleaseDraft {
  return { schema: releaseSchema, hash: hashOf(parts.resolved), ...parts }
}

/** One JSON document as a store keeps it. */
export function renderDocument(value: object): string {
  return `${JSON.stringify(value)}\n`
}

/** Throws `StoreError` with a sentence that names the place. */
export function parseRelease(text: string, from: { readonly revision: number; readonly place: string }): Release {
  const value = parseJson(text, from.place)
  refuseNewerSchema(value, from.place)
  const result = validateRelease(value)
  if (!result.valid) {
    const { path, message } = result.problems[0]
    throw damaged(from.place, path === '' ? message : `${path} ${message}`)
  }
  const release = result.value
  if (release.revision !== from.revision) throw damaged(from.place, `it says it is revision ${release.revision}`)
  if (hashOf(release.resolved) !== release.hash) throw damaged(from.place, 'its hash does not fit its content')
  return release
}

/** null: no candidate at all; nobody answers to it, and its proposer says so. */
export function parseCandidate(text: string): SeenCandidate | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  if (!('id' in value) || !('by' in value) || !('draft' in value)) return null
  const { id, by, draft } = value
  if (typeof id !== 'string' || typeof by !== 'string' || typeof draft !== 'object') return null
  const newer = tellNewerSchema(draft, 'the candidate')
  if (newer !== null) return { id, by, draft: null, problem: newer }
  // A draft is a release but for the two numbers that only a store can give it.
  const result = validateRelease({ ...draft, revision: 1, parent: null })
  if (!result.valid) return null
  const { revision: _revision, parent: _parent, ...checked } = result.value
  return { id, by, draft: checked, problem: null }
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw damaged(place, 'it is not JSON')
  }
}

/** A newer document is healthy; only this program is too old for it. So it is refused by name, not called damaged. */
function refuseNewerSchema(value: unknown, place: string): void {
  const newer = tellNewerSchema(value, place)
  if (newer !== null) throw new StoreError('newer_schema', newer)
}

function tellNewerSchema(value: unknown, place: string): string | null {
  if (typeof value !== 'object' || value === null || !('schema' in value)) return null
  const { schema } = value
  const major = typeof schema === 'string' ? /^aigw\.release\/(\d+)$/.exec(schema)?.[1] : undefined
  if (major === undefined || Number(major) <= 1) return null
  return `${place} is written in aigw.release/${major}, but this aigw reads ${releaseSchema}: it needs a newer one`
}

function damaged(place: string, why: string): StoreError {
  return new StoreError('damaged', `${place} is not a release: ${why}`)
}
