/** Ids that this language refuses, replaced so that what belonged together still does. */

/** As the API's own error says: `String should match pattern '^[a-zA-Z0-9_-]+$'` (checked 2026-11-23). */
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

  forOlderCall(name: string): string {
    const id = this.forCall(`call_${name}`)
    this.older.set(name, id)
    return id
  }

  forCall(id: string): string {
    const plain = plainId.test(id) ? id : `${id.replace(/[^a-zA-Z0-9_-]/g, '_')}_${digest(id)}`
    let unique = plain
    let copy = this.copies.get(plain) ?? 1
    for (; this.taken.has(unique); copy += 1) unique = `${plain}_${copy + 1}`
    this.copies.set(plain, copy)
    this.taken.add(unique)
    if (this.hasResults) this.current.clear()
    this.hasResults = false
    const open = this.current.get(id)
    if (open === undefined) this.current.set(id, [unique])
    else open.push(unique)
    return unique
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

/** Longest `metadata.user_id` (types of the client, 2026-11-23: an opaque identifier; the API takes 256 characters). */
const longestUserId = 256

/** E-mail addresses and telephone numbers are answered with 400 ("user_id appears to contain an email address"). */
const personal = /@|^\+?[\d\s().-]{7,}$/

/** The caller's word for its user: as it is, or where it would be refused the same few letters for the same user. */
export function userId(user: string): string {
  return user.length > longestUserId || personal.test(user) ? `user_${digest(user)}` : user
}

/** 64 bits in hexadecimal, of two runs of FNV-1a: a name for a value, no secret. */
function digest(text: string): string {
  let high = 0x811c9dc5
  let low = 0x01000193
  for (let position = 0; position < text.length; position += 1) {
    high = Math.imul(high ^ text.charCodeAt(position), 0x01000193)
    low = Math.imul(low ^ text.charCodeAt(position), 0x85ebca6b)
  }
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}
