/** Ids of tool calls that a wire refuses, replaced so that what belonged together still does. */
import { digest } from './digest.ts'

/** Taken by every wire with a rule of its own, the strictest: `String should match pattern '^[a-zA-Z0-9_-]+$'` (2026-11-23). */
const plainId = /^[a-zA-Z0-9_-]+$/

/**
 * Ids of calls in one conversation. An id must be made of plain characters and name one call only; vendors give ids
 * like `functions.get:0`, and some number the calls of each answer from 0.
 */
export class ToolIds {
  private readonly taken = new Set<string>()
  /** How often an id was wanted, so that the next free one is found at once however many are alike. */
  private readonly copies = new Map<string, number>()
  /** The ids that calls of that id have now: of one answer, in order, and a result belongs to the first still open. */
  private readonly current = new Map<string, string[]>()
  /** Calls in the older form that have no result yet, by name. */
  private readonly older = new Map<string, string>()
  private hasResults = false
  private readonly longest: number

  /** `longest`: how many characters an id may have. */
  constructor(longest = Number.POSITIVE_INFINITY) {
    this.longest = longest
  }

  forOlderCall(name: string): string {
    const id = this.forCall(`call_${name}`)
    this.older.set(name, id)
    return id
  }

  forCall(id: string): string {
    const plain = this.plainOf(id)
    let unique = plain
    let copy = this.copies.get(plain) ?? 1
    for (; this.taken.has(unique); copy += 1) unique = this.withEnd(plain, `_${copy + 1}`)
    this.copies.set(plain, copy)
    this.taken.add(unique)
    if (this.hasResults) this.current.clear()
    this.hasResults = false
    const open = this.current.get(id)
    if (open === undefined) this.current.set(id, [unique])
    else open.push(unique)
    return unique
  }

  private plainOf(id: string): string {
    if (plainId.test(id) && id.length <= this.longest) return id
    return this.withEnd(id.replace(/[^a-zA-Z0-9_-]/g, '_'), `_${digest(id)}`)
  }

  /** Where there is no room for both, the beginning is shortened. */
  private withEnd(beginning: string, end: string): string {
    return beginning.slice(0, this.longest - end.length) + end
  }

  /** A result whose call is nowhere keeps its id: the provider says what is wrong. */
  forResult(id: string): string {
    this.hasResults = true
    const open = this.current.get(id) ?? []
    return (open.length > 1 ? open.shift() : open[0]) ?? id
  }

  /** The older form of a result names the function instead; null when no call of it waits for one. */
  forOlderResult(name: string): string | null {
    this.hasResults = true
    const id = this.older.get(name) ?? null
    this.older.delete(name)
    return id
  }
}
