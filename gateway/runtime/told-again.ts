/** What goes on and on is told once a minute, with how often it was. */
const againMs = 60_000

export class ToldAgain {
  private readonly known = new Map<string, { untilMs: number; count: number }>()

  /** It has happened. How often since it was told last, where it is to be told now; null: not yet. `nowMs`: monotonic. */
  note(what: string, nowMs: number): number | null {
    const known = this.known.get(what)
    const count = (known?.count ?? 0) + 1
    if (known !== undefined && nowMs < known.untilMs) {
      known.count = count
      return null
    }
    this.known.set(what, { untilMs: nowMs + againMs, count: 0 })
    return count
  }
}
