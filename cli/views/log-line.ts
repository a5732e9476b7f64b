import type { Context } from '../context.ts'
import { makePaint } from './paint.ts'
import { visible } from './visible.ts'

/** What a running gateway says; the shape its `log` option is called with. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly event: string
  readonly message: string
  readonly fields?: Readonly<Record<string, unknown>>
}

/** `12:00:01.250 info  revision 3 is in charge  generation=2 routes=14`. */
export function renderLogLine({ level, message, fields = {} }: LogLine, context: Context): string {
  const paint = makePaint(context.stderr)
  const color = { debug: paint.dim, info: paint.green, warn: paint.yellow, error: paint.red }[level]
  const time = new Date(context.now()).toISOString().slice('2026-11-23T'.length, -1)
  const told = Object.entries(fields)
    .filter(([, value]) => value !== null && value !== undefined && !isTold(value, message))
    .map(([name, value]) => `${name}=${typeof value === 'string' && !/\s/.test(value) ? value : JSON.stringify(value)}`)
  const rest = told.length === 0 ? '' : `  ${paint.dim(visible(told.join(' ')))}`
  return `${paint.dim(time)} ${color(level.padEnd(5))} ${visible(message)}${rest}\n`
}

/** An address that stands in the sentence need not stand beside it as well. */
function isTold(value: unknown, message: string): boolean {
  return typeof value === 'string' && /^https?:/.test(value) && message.includes(value)
}
