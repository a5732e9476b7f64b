/** `aigw status --watch`: looks again and again until it is told to stop. */
import { CommandError, type Context } from '../context.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { type Look, WatchView, type Watching } from '../views/watch.ts'

/**
 * Shows what `look` sees, until the process is told to stop; that is a good end. The first look may fail the command,
 * a later one only says so: watching is for when things go wrong.
 */
export async function watchStatus(
  context: Context,
  { look, ...watching }: Watching & { readonly look: () => Promise<Look> },
): Promise<ExitCode> {
  let tellStop: () => void = () => {}
  const stopped = new Promise<'stopped'>((resolve) => (tellStop = () => resolve('stopped')))
  const forget = context.onStop(() => tellStop())
  const view = new WatchView(context, watching)
  try {
    let seen: Look | Problem | 'stopped' = await Promise.race([look(), stopped])
    while (seen !== 'stopped') {
      if ('problem' in seen) view.showProblem(seen.problem)
      else view.show(seen)
      if ((await Promise.race([pause(watching.intervalMs), stopped])) === 'stopped') break
      seen = await Promise.race([lookAgain(look), stopped])
    }
    return exitCodes.done
  } finally {
    forget()
  }
}

interface Problem {
  readonly problem: string
}

/** What is seen, or why nothing could be. */
async function lookAgain(look: () => Promise<Look>): Promise<Look | Problem> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof CommandError) return { problem: error.message }
    throw error
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}
