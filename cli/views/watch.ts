/** The same thing shown again and again: drawn anew on a terminal, one block a change everywhere else. */
import { detailsOf } from '../../gateway/release/instance-details.ts'
import type { InstanceReport } from '../../gateway/release/instance.ts'
import type { Context } from '../context.ts'
import { totalOf } from './instance-details.ts'
import type { Pace } from './status.ts'

/** What was seen at one moment. */
export interface Look {
  readonly instances: readonly InstanceReport[]
  /** The same text as before: nothing has happened. */
  readonly condition: string
  /** As JSON has it. */
  readonly value: object
  readonly render: (pace: Pace) => string
}

export interface Watching {
  readonly intervalMs: number
  readonly asJson: boolean
}

/** Home, and nothing below it. */
const clear = '\u001B[H\u001B[J'
/** A colour, or the end of one. */
const escapes = new RegExp(String.raw`\u001B\[[0-9;]*m`, 'y')

export class WatchView {
  private readonly context: Context
  private readonly watching: Watching
  private readonly paces = new Paces()
  private condition: string | null = null

  constructor(context: Context, watching: Watching) {
    this.context = context
    this.watching = watching
  }

  show(look: Look): void {
    this.paces.note(look.instances)
    this.put(look.condition, () =>
      this.watching.asJson ? `${JSON.stringify(look.value)}\n` : look.render((instance) => this.paces.of(instance)),
    )
  }

  /** The store or the gateway could not be asked this time. */
  showProblem(problem: string): void {
    this.put(problem, () => (this.watching.asJson ? `${JSON.stringify({ problem })}\n` : `  ${problem}\n`))
  }

  private put(condition: string, render: () => string): void {
    const { stdout, now } = this.context
    const time = new Date(now()).toISOString()
    if (stdout.columns !== null && !this.watching.asJson) {
      const title = `aigw status, every ${this.watching.intervalMs / 1000} s, ${time.slice(11, 19)} UTC; Ctrl-C ends it`
      const { columns } = stdout
      const lines = `${title}\n\n${render()}`.split('\n').map((line) => fit(line, columns))
      stdout.write(`${clear}${lines.join('\n')}`)
      return
    }
    if (condition === this.condition) return
    stdout.write(this.watching.asJson ? render() : `${this.condition === null ? '' : '\n'}${time}\n${render()}`)
    this.condition = condition
  }
}

/** Requests a second of each gateway, from two answers that are far enough apart to differ. */
class Paces {
  private readonly seen = new Map<
    string,
    { readonly total: number; readonly at: number; readonly pace: number | null }
  >()

  note(instances: readonly InstanceReport[]): void {
    for (const instance of instances) {
      const { requests } = detailsOf(instance)
      if (requests === undefined) continue
      const { process, at } = instance
      const total = totalOf(requests)
      const before = this.seen.get(process)
      if (before?.at === at) continue
      const pace = before === undefined ? null : Math.max(0, ((total - before.total) * 1000) / (at - before.at))
      this.seen.set(process, { total, at, pace })
    }
  }

  of({ process }: InstanceReport): number | null {
    return this.seen.get(process)?.pace ?? null
  }
}

/** Cut to the terminal's width, so that a line stays one line; colours take no room. */
export function fit(line: string, columns: number): string {
  let width = 0
  let at = 0
  while (at < line.length) {
    escapes.lastIndex = at
    const escape = escapes.exec(line)
    if (escape !== null) at += escape[0].length
    else if (width === columns) return `${line.slice(0, at)}\u001B[0m`
    else {
      width += 1
      at += 1
    }
  }
  return line
}
