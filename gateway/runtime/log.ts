/** What the gateway says while it runs. A line is a value; how it is written is the composition root's business. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly event: string
  readonly message: string
  readonly fields?: Readonly<Record<string, unknown>>
}

export type Log = (line: LogLine) => void
