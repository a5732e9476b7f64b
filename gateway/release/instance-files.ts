/** Reports of gateways as files: each a lease, as old as its last writing by the folder's clock. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isErrorCode, removeIfThere, temporaryPrefix, writeReplacing } from './atomic-files.ts'
import type { FolderClock } from './folder-clock.ts'
import { ageOf, listFolder, unavailable } from './folder.ts'
import { type InstanceReport, instanceLeaseMs, isProcessName, parseInstanceReport } from './instance.ts'
import { renderDocument } from './release.ts'

/** What is this much older than its lease is cleaned away by the next process that reports. */
const forgottenMs = 3_600_000

export class InstanceFiles {
  readonly #folder: string
  readonly #clock: FolderClock
  #cleaned = false

  constructor(folder: string, clock: FolderClock) {
    this.#folder = folder
    this.#clock = clock
  }

  async living(): Promise<readonly InstanceReport[]> {
    const paths = await this.#paths(isReport)
    if (paths.length === 0) return []
    const now = await this.#clock.now()
    const reports: InstanceReport[] = []
    for (const path of paths) {
      const ageMs = await ageOf(path, now)
      if (ageMs === null || ageMs > instanceLeaseMs) continue
      const report = await readReport(path)
      if (report !== null) reports.push({ ...report, at: Math.round(this.#clock.local() - Math.max(0, ageMs)) })
    }
    return reports
  }

  /** The folder must be there. */
  async write(instance: InstanceReport): Promise<void> {
    await writeReplacing(this.#path(instance.process), renderDocument(instance))
    await this.#cleanOnce()
  }

  async remove(process: string): Promise<void> {
    if (isProcessName(process)) await removeIfThere(this.#path(process))
  }

  #path(process: string): string {
    return join(this.#folder, `${process}.json`)
  }

  async #paths(isWanted: (name: string) => boolean): Promise<string[]> {
    return (await listFolder(this.#folder)).filter(isWanted).map((name) => join(this.#folder, name))
  }

  async #cleanOnce(): Promise<void> {
    if (this.#cleaned) return
    this.#cleaned = true
    const now = await this.#clock.now()
    for (const path of await this.#paths((name) => isReport(name) || name.startsWith(temporaryPrefix))) {
      const ageMs = await ageOf(path, now)
      if (ageMs !== null && ageMs > instanceLeaseMs + forgottenMs) await removeIfThere(path)
    }
  }
}

function isReport(name: string): boolean {
  return /^[^.].*\.json$/.test(name)
}

/** null: no report, or withdrawn while we were looking. */
async function readReport(path: string): Promise<InstanceReport | null> {
  try {
    return parseInstanceReport(await readFile(path, 'utf8'))
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return null
    throw unavailable(path, error)
  }
}
