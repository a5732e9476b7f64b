/** A change to the text of a document that rules can ask for, and what it makes of the document's value. */
import type { DocumentPath } from '../../gateway/core/manifest/diagnostics.ts'

export type Edit =
  /** Takes a key with its value, or an entry of a list, out. What would be left empty by that goes too. */
  | { readonly kind: 'remove-entry'; readonly path: DocumentPath }
  /** Takes a comment out. Offsets are those of the text it was found in. */
  | { readonly kind: 'remove-comment'; readonly start: number; readonly end: number }

/** The value without the entry; null when there is no such entry. Leaves the given value alone. */
export function removeFrom(root: unknown, path: DocumentPath): unknown {
  const copy: unknown = structuredClone(root)
  const place = wholeEntry(copy, path)
  const last = place.at(-1)
  const parent = last === undefined ? null : childAt(copy, place.slice(0, -1))
  if (last === undefined || parent === null) return null
  if (Array.isArray(parent)) {
    if (typeof last !== 'number' || last >= parent.length) return null
    parent.splice(last, 1)
  } else if (isRecord(parent) && Object.hasOwn(parent, last)) {
    Reflect.deleteProperty(parent, last)
  } else return null
  return copy
}

/** The path, or the one above it when nothing else stands beside it there. */
export function wholeEntry(root: unknown, path: DocumentPath): DocumentPath {
  let whole = path
  while (whole.length > 1) {
    const parent = childAt(root, whole.slice(0, -1))
    const size = Array.isArray(parent) ? parent.length : isRecord(parent) ? Object.keys(parent).length : 0
    if (size !== 1) return whole
    whole = whole.slice(0, -1)
  }
  return whole
}

function childAt(root: unknown, path: DocumentPath): unknown {
  let value = root
  for (const segment of path) {
    if (Array.isArray(value) && typeof segment === 'number') value = value[segment]
    else if (isRecord(value) && Object.hasOwn(value, segment)) value = value[segment]
    else return null
  }
  return value
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
