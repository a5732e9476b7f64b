/**
 * Everything a command may touch of the world it runs in, so that a test can hand it another one. Only `main.ts` makes
 * the real one.
 */
import { type ExitCode, exitCodes } from './exit-codes.ts'

export interface Output {
  write(text: string): void
  readonly color: boolean
  /** Columns of the terminal; null in a pipe or file, where nothing is cut or wrapped. */
  readonly columns: number | null
}

export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Results, and nothing else. */
  readonly stdout: Output
  /** Talk: progress, questions, problems with the call itself. */
  readonly stderr: Output
  /** Is there a person who can be asked? */
  readonly isTerminal: boolean
  /** Unix milliseconds. */
  readonly now: () => number
  /** Everything on standard input; null when that is more bytes than so many. */
  readonly readStdin: (longest: number) => Promise<Uint8Array | null>
  readonly ask: (question: string) => Promise<string>
  /**
   * Calls back when the process is told to stop (SIGINT, SIGTERM), once; a second signal ends it at once. Without a
   * listener the first does. Returns the function that stops listening.
   */
  readonly onStop: (listener: () => void) => () => void
  /**
   * Hands on what a library, or Node, would write to stderr as a warning of the process; without a listener nobody hears
   * of it. Returns the function that stops listening.
   */
  readonly onWarning: (listener: (warning: Error) => void) => () => void
}

/** A failure of the call that the user can act on: one line, and perhaps what to do. Never a stack trace. */
export class CommandError extends Error {
  readonly exitCode: ExitCode
  /** Further lines, each a hint or a fact. */
  readonly details: readonly string[]

  constructor(
    message: string,
    {
      exitCode = exitCodes.failed,
      details = [],
      cause,
    }: { exitCode?: ExitCode; details?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.name = 'CommandError'
    this.exitCode = exitCode
    this.details = details
  }
}

/** Says things to the person watching, on stderr, unless they asked for quiet. */
export type Talk = (line: string) => void

export function makeTalk(context: Context, quiet: boolean): Talk {
  return quiet ? () => {} : (line) => context.stderr.write(`${line}\n`)
}
