/**
 * Where a running gateway's log lines go: standard error, since standard output is for results. For people each line is
 * written at once; as JSON they are gathered, because a write a request would cost more than the request.
 */
import type { Context } from '../context.ts'
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

const bufferBytes = 8_192
const flushEveryMs = 200

export async function openLog(context: Context, { format, quiet }: LogOptions): Promise<OpenLog> {
  const isJson = format === undefined ? context.stderr.columns === null : format === 'json'
  const passes = (line: LogLine): boolean => !quiet || line.level === 'warn' || line.level === 'error'
  if (!isJson) {
    return {
      log: (line) => {
        if (line.level !== 'debug' && passes(line)) context.stderr.write(renderLogLine(line, context))
      },
      close: () => {},
    }
  }
  const { pino } = await import('pino')
  const destination = pino.destination({ dest: 2, sync: false, minLength: bufferBytes, periodicFlush: flushEveryMs })
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: asName } },
    destination,
  )
  return {
    log: (line) => {
      if (passes(line)) logger[line.level]({ event: line.event, ...line.fields }, line.message)
    },
    close: () => destination.flushSync(),
  }
}

function asName(label: string): object {
  return { level: label }
}
