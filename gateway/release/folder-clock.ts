/**
 * The clock that a folder's leases are judged by. A network file system stamps files with its own time, and this
 * machine's may differ by more than a whole lease: then every gateway would look dead, or none ever would. So the
 * folder is asked for the time it gives to a new file.
 */
import { open, stat, unlink } from 'node:fs/promises'
import { temporaryName } from './atomic-files.ts'

/** Clocks drift slowly; within this time the difference stands. */
const remeasureMs = 30_000

export class FolderClock {
  readonly #folders: readonly string[]
  readonly #local: () => number
  #offsetMs = 0
  #measuredAt = Number.NEGATIVE_INFINITY

  /** The first of the folders that can be written to is asked. `local`: Unix milliseconds by this machine. */
  constructor(folders: readonly string[], local: () => number) {
    this.#folders = folders
    this.#local = local
  }

  /** Unix milliseconds by this machine, right or wrong. */
  local(): number {
    return this.#local()
  }

  /** Unix milliseconds by the folder's clock; by this machine's where the folder cannot be written to. */
  async now(): Promise<number> {
    if (performance.now() - this.#measuredAt > remeasureMs) await this.#measure()
    return this.#local() + this.#offsetMs
  }

  async #measure(): Promise<void> {
    for (const folder of this.#folders) {
      const path = temporaryName(folder)
      try {
        const file = await open(path, 'wx', 0o600)
        await file.close()
        this.#offsetMs = (await stat(path)).mtimeMs - this.#local()
        this.#measuredAt = performance.now()
        await unlink(path)
        return
      } catch {
        // Not writable, or not there yet: the next one, or nothing better is known than before.
      }
    }
  }
}
