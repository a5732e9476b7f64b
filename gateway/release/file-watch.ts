/**
 * Notices changes in folders twice over: by the file system's own events, which come at once, and by looking every so
 * often, because network mounts send none and a swapped symbolic link leaves the watchers on the old folder.
 */
import { type FSWatcher, watch } from 'node:fs'

export interface WatchOptions {
  readonly folders: readonly string[]
  /** Differs when something worth telling has changed. */
  readonly signature: () => Promise<string>
  readonly pollMs: number
  readonly onChange: () => void
}

/** Events of one change come in a burst; this is how long to wait for its end. */
const settleMs = 10

/** Never keeps the process alive, never throws: a folder that cannot be read is looked at again. */
export function watchFolders(options: WatchOptions): () => void {
  let stopped = false
  let looking = false
  let lookAgain = false
  let last: string | null = null
  let watchers: FSWatcher[] = []
  let settling: NodeJS.Timeout | null = null

  const arm = (): void => {
    for (const watcher of watchers) watcher.close()
    watchers = options.folders.flatMap((folder) => openWatcher(folder, soon))
  }
  const soon = (): void => {
    settling ??= setTimeout(() => {
      settling = null
      void look()
    }, settleMs).unref()
  }
  const look = async (): Promise<void> => {
    if (looking) {
      lookAgain = true
      return
    }
    looking = true
    // That a folder cannot be read any more is a change like another, and so is that it can again.
    const signature = await options.signature().catch((error: unknown) => `unreadable: ${String(error)}`)
    looking = false
    if (stopped) return
    if (signature !== last) {
      last = signature
      // The folders may be other folders now, or exist only now.
      arm()
      // The first look counts too: what changed between the caller's own reading and this moment would be lost.
      options.onChange()
    }
    if (lookAgain) {
      lookAgain = false
      soon()
    }
  }

  const polling = setInterval(() => void look(), options.pollMs).unref()
  void look()
  return () => {
    stopped = true
    clearInterval(polling)
    if (settling !== null) clearTimeout(settling)
    for (const watcher of watchers) watcher.close()
  }
}

function openWatcher(folder: string, onEvent: () => void): FSWatcher[] {
  try {
    const watcher = watch(folder, { persistent: false }, onEvent)
    // A folder that vanishes is an event like any other; polling finds out what is there instead.
    watcher.on('error', onEvent)
    return [watcher]
  } catch {
    return []
  }
}
