/** A world for a command under test: what it writes is kept, what it asks is answered, nothing is touched. */
import type { Context } from '../context.ts'

export interface FakeWorld {
  readonly context: Context
  readonly stdout: () => string
  readonly stderr: () => string
  /** As a signal would. */
  readonly stop: () => void
}

export interface FakeWorldOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly stdin?: string
  /** What the person at the terminal answers; without it there is no terminal. */
  readonly answer?: string
  readonly columns?: number
  readonly color?: boolean
}

export function fakeContext(options: FakeWorldOptions): FakeWorld {
  let stdout = ''
  let stderr = ''
  const listeners = new Set<() => void>()
  const { cwd, env = {}, stdin = '', answer, columns = null, color = false } = options
  const context: Context = {
    env,
    cwd,
    stdout: { write: (text) => void (stdout += text), color, columns },
    stderr: { write: (text) => void (stderr += text), color, columns },
    isTerminal: answer !== undefined,
    now: () => Date.parse('2026-11-23T09:00:00Z'),
    readStdin: async () => await Promise.resolve(new TextEncoder().encode(stdin)),
    ask: async (question) => {
      stderr += question
      return await Promise.resolve(answer ?? '')
    },
    onWarning: () => () => undefined,
    onStop: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return {
    context,
    stdout: () => stdout,
    stderr: () => stderr,
    stop: () => {
      for (const listener of listeners) listener()
    },
  }
}
