/**
 * How the file or store that is followed is doing. Whatever befalls it, what serves goes on serving; a change is said
 * once, in the log, the spool and the status.
 */
import type { SourceReport } from '../../release/instance-details.ts'
import type { Runtime } from '../runtime.ts'

export type SourceCondition = SourceReport['state']

const eventOf = {
  ok: 'source_back',
  empty: 'source_empty',
  lost: 'source_lost',
  damaged: 'source_damaged',
} as const satisfies Record<SourceCondition, string>

export class SourceState {
  readonly kind: SourceReport['kind']
  readonly name: string
  private readonly runtime: Runtime
  private condition: SourceCondition = 'ok'
  private trouble: string | null = null
  private since: string
  private head: number | null = null

  constructor(runtime: Runtime, kind: SourceReport['kind'], name: string) {
    this.runtime = runtime
    this.kind = kind
    this.name = name
    this.since = this.now()
  }

  is(): SourceCondition {
    return this.condition
  }

  /** What is wrong with it, one sentence; null when nothing is. */
  problem(): string | null {
    return this.trouble
  }

  report(): SourceReport {
    const { kind, name, condition, since, trouble, head } = this
    return { kind, name, state: condition, since, problem: trouble, head }
  }

  /** It is there and readable; `head` is the newest revision in it, null where there are none. */
  good(head: number | null): void {
    this.head = head
    if (this.condition === 'ok') return
    this.become('ok', null)
    this.tell('info', `${this.kind === 'store' ? 'the store ' : ''}${this.name} is back`)
  }

  /** Something is wrong. The same condition in other words is no news, but the status has the newest words. */
  bad(condition: Exclude<SourceCondition, 'ok'>, problem: string): void {
    if (this.condition === condition) {
      this.trouble = problem
      return
    }
    this.become(condition, problem)
    const serving = this.runtime.generations.current()
    const still = serving === null ? 'nothing is served' : `revision ${serving.revision} goes on serving`
    this.tell(serving === null ? 'error' : 'warn', `${problem} (${still})`)
  }

  private become(condition: SourceCondition, problem: string | null): void {
    this.condition = condition
    this.trouble = problem
    this.since = this.now()
  }

  private tell(level: 'info' | 'warn' | 'error', message: string): void {
    const { log, spool } = this.runtime
    const event = eventOf[this.condition]
    log({ level, event, message, fields: { source: this.name } })
    spool?.append('event', { event, at: this.now(), message })
  }

  private now(): string {
    const { process } = this.runtime
    return process.wallClock(process.nowUs())
  }
}
