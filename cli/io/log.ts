/**
 * Where a running gateway's log lines go: standard error, since standard output is for results. For people each line is
 * written at once; as JSON they are gathered, because a write a request would cost more than the request.
 */
import type { Context } from '../context.ts'
import { Descriptor } from './descriptor.ts'
import { type LogLine, renderLogLine } from '../views/log-line.ts'

export interface OpenLog {
  readonly log: (line: LogLine) => void
  /** Writes what is still gathered. */
  readonly close: () => void
}

export interface LogOptions {
  /** undefined: for people on a terminal, else JSON. */
  readonly format: string | undefined
  /** Only warnings and errors. */
  readonly quiet: boolean
}

const gatheredCharacters = 16_000
const flushEveryMs = 200

export async function openLog(context: Context, { format, quiet }: LogOptions): Promise<OpenLog> {
  const isJson = format === undefined ? context.stderr.columns === null : format === 'json'
  const isLoud = ({ level }: LogLine): boolean => level === 'warn' || level === 'error'
  const passes = (line: LogLine): boolean => (quiet ? isLoud(line) : line.level !== 'debug')
  const opened = isJson ? await openJsonLog(context) : openHumanLog(context)
  const close = (): void => {
    opened.close()
    process.off('exit', close)
  }
  // Whoever ends the process has a reason, and it is among the lines that are still gathered.
  process.on('exit', close)
  return { log: (line) => passes(line) && opened.log(line), close }
}

const standardError = 2

function linesLost(count: number): LogLine {
  const message = 'log lines were lost because nobody took them'
  return { level: 'error', event: 'log_lost', message, fields: { lines: count } }
}

function openHumanLog(context: Context): OpenLog {
  const { stderr } = context
  const render = (line: LogLine): string => renderLogLine(line, context)
  // A terminal is read by somebody who may stop it on purpose; anything else must not be waited for.
  const descriptor =
    stderr.columns === null ? new Descriptor(standardError, { onLost: (count) => render(linesLost(count)) }) : stderr
  return {
    log: (line) => {
      descriptor.write(render(line))
    },
    close: () => {
      if (descriptor instanceof Descriptor) descriptor.close()
    },
  }
}

/** pino makes the lines; where they go is ours, since its own writer waits for whoever reads (see `Descriptor`). */
async function openJsonLog(context: Context): Promise<OpenLog> {
  const { pino } = await import('pino')
  const time = cachedTime(context.now)
  const options = { base: null, timestamp: () => `,"time":"${time()}"`, formatters: { level: asName } }
  let last = ''
  const once = pino(options, { write: (line: string) => void (last = line) })
  const render = ({ level, event, message, fields }: LogLine): string => {
    once[level]({ event, ...fields }, message)
    return last
  }
  const descriptor = new Descriptor(standardError, { onLost: (count) => render(linesLost(count)) })
  let gathered = ''
  let timer: NodeJS.Timeout | null = null
  const flush = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const text = gathered
    gathered = ''
    if (text !== '') descriptor.write(text)
  }
  return {
    log: (line) => {
      gathered += render(line)
      if (gathered.length >= gatheredCharacters) flush()
      else timer ??= setTimeout(flush, flushEveryMs)
    },
    close: () => {
      flush()
      descriptor.close()
    },
  }
}

function asName(label: string): object {
  return { level: label }
}

/** Many lines share a millisecond, and rendering a time costs more than the rest of a line. */
function cachedTime(now: () => number): () => string {
  let renderedMs = Number.NaN
  let rendered = ''
  return () => {
    const ms = now()
    if (ms !== renderedMs) {
      renderedMs = ms
      rendered = new Date(ms).toISOString()
    }
    return rendered
  }
}
