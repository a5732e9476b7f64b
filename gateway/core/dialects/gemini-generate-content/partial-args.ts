/**
 * Arguments that come in pieces, each with the place it belongs to (`$.people[0].name`). They come so only when the caller
 * asked for it (`streamFunctionCallArguments` in the tool configuration, on Vertex AI); recorded 2026-05.
 */
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord } from '../../chat/loose.ts'

type Key = string | number

/** Keys are the caller's own, so they are held in maps: `__proto__` is a name like any other. */
type Node = Map<Key, Node | { value: unknown }>

/** Far below what the stack takes, far above what any schema asks for. */
const deepest = 200

export class PartialArguments {
  private readonly root: Node = new Map()
  private readonly open = new Set<string>()

  /** False when a piece belongs too deep inside to be written as text. */
  take(pieces: unknown): boolean {
    for (const piece of Array.isArray(pieces) ? pieces : []) if (isRecord(piece) && !this.put(piece)) return false
    return true
  }

  /** Arguments that came whole, where pieces may follow. */
  begin(given: LooseRecord): void {
    for (const [key, value] of Object.entries(given)) this.root.set(key, { value })
  }

  private put(piece: LooseRecord): boolean {
    const { jsonPath, willContinue } = piece
    if (typeof jsonPath !== 'string') return true
    const keys = keysOf(jsonPath)
    const last = keys.pop()
    if (last === undefined) return true
    if (keys.length > deepest) return false
    let node = this.root
    for (const key of keys) {
      const inner = node.get(key)
      if (inner instanceof Map) node = inner
      else {
        const made: Node = new Map()
        node.set(key, made)
        node = made
      }
    }
    const value = valueOf(piece)
    const before = node.get(last)
    const isMore = this.open.has(jsonPath) && before !== undefined && !(before instanceof Map)
    if (isMore && typeof before.value === 'string' && typeof value === 'string') before.value += value
    else if (value !== undefined) node.set(last, { value })
    if (willContinue === true) this.open.add(jsonPath)
    else this.open.delete(jsonPath)
    return true
  }

  /** The arguments as text. */
  get json(): string {
    return JSON.stringify(plain(this.root))
  }
}

/** `$.a[0].b` and `$['a'][0]`. */
function keysOf(path: string): Key[] {
  const keys: Key[] = []
  for (const [, name, index, quoted] of path.matchAll(/\.([^.[\]]+)|\[(\d{1,6})\]|\[['"]((?:[^'"\\]|\\.)*)['"]\]/g)) {
    if (index !== undefined) keys.push(Number(index))
    else keys.push(name ?? (quoted ?? '').replace(/\\(.)/g, '$1'))
  }
  return keys
}

function valueOf(piece: LooseRecord): unknown {
  const { stringValue, numberValue, boolValue } = piece
  if ('nullValue' in piece) return null
  return stringValue ?? numberValue ?? boolValue
}

function plain(node: Node): unknown {
  const entries = [...node].map(([key, inner]) => [key, inner instanceof Map ? plain(inner) : inner.value] as const)
  const isList = entries.length > 0 && entries.every(([key]) => typeof key === 'number')
  if (isList) return entries.toSorted(([one], [other]) => Number(one) - Number(other)).map(([, value]) => value)
  return Object.fromEntries(entries)
}
