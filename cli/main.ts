/** The process: environment, streams, signals and exit code. Everything else takes a `Context`. */
import type { WriteStream } from 'node:tty'
import type { Context, Output } from './context.ts'
import { run } from './program.ts'

function makeOutput(stream: WriteStream, color: boolean): Output {
  return {
    write: (text) => void stream.write(text),
    color,
    get columns() {
      return stream.isTTY ? stream.columns : null
    },
  }
}

/** https://no-color.org: any non-empty NO_COLOR; FORCE_COLOR for CI logs that show colours without a terminal. */
function wantsColor(stream: WriteStream, args: readonly string[]): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  const end = args.indexOf('--')
  if ((end === -1 ? args : args.slice(0, end)).includes('--no-color')) return false
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true
  return stream.isTTY && TERM !== 'dumb'
}

async function readStdin(longest: number): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of process.stdin) {
    const bytes: Uint8Array = part instanceof Uint8Array ? part : Buffer.from(String(part))
    length += bytes.length
    if (length > longest) return null
    parts.push(bytes)
  }
  return Buffer.concat(parts)
}

async function ask(question: string): Promise<string> {
  // Most commands never ask.
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await new Promise((resolve) => {
      // Ctrl-D or a closed terminal is no answer, and no answer is not a yes.
      lines.once('close', () => resolve(''))
      void lines.question(question).then(resolve)
    })
  } finally {
    lines.close()
  }
}

function onStop(listener: () => void): () => void {
  const forget = (): void => {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
  const stop = (): void => {
    forget()
    listener()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return forget
}

// Node's own words would stand between the lines of a log, or in the middle of a table.
process.removeAllListeners('warning')

function onWarning(listener: (warning: Error) => void): () => void {
  process.on('warning', listener)
  return () => process.off('warning', listener)
}

/** `aigw plan | head` closes our stdout early; that is no error of ours. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

/** What is said on the way must not end what is being done: a gateway serves on when nobody reads its log any more. */
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

const args = process.argv.slice(2)
const context: Context = {
  env: process.env,
  cwd: process.cwd(),
  stdout: makeOutput(process.stdout, wantsColor(process.stdout, args)),
  stderr: makeOutput(process.stderr, wantsColor(process.stderr, args)),
  isTerminal: process.stdin.isTTY && process.stderr.isTTY,
  now: Date.now,
  readStdin,
  ask,
  onStop,
  onWarning,
}

// No top-level await: the launcher loads this file with require().
void run(args, context).then((exitCode) => {
  process.exitCode = exitCode
})
