/**
 * How many refusals of one kind are told one by one. Each is worth a line in the log and in the audit trail as long as
 * they are few; whoever needs no key to be refused must not be able to fill a disk with them.
 */

const perMinute = 100
const minuteMs = 60_000

export class RefusalBudget {
  private readonly spent = new Map<string, { sinceMs: number; count: number }>()

  /** Is this one told by itself? `code` is one of our own table, so that there are few. `nowMs`: monotonic. */
  take(code: string, nowMs: number): boolean {
    const spent = this.spent.get(code)
    if (spent === undefined || nowMs - spent.sinceMs >= minuteMs) {
      this.spent.set(code, { sinceMs: nowMs, count: 1 })
      return true
    }
    spent.count += 1
    return spent.count <= perMinute
  }
}
