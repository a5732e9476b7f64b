/**
 * Releases in a folder:
 *
 *     releases/7.json        one immutable release each; creating the name exclusively is the compare-and-swap
 *     head                   the newest revision, for people and scripts; nothing here trusts it
 *     instances/NAME.json    what each gateway reports, a lease
 *     candidate.json         the release on trial, a lease
 *
 * A file that is no release (half copied, damaged, somebody's notes) is stepped over, never fatal: the head is the
 * newest readable release, and the next revision lies above every number in use. Also correct on a Kubernetes
 * ConfigMap mount, where the whole folder is swapped by a symbolic link; that one is read-only.
 */
import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Release, ReleaseDraft } from '../../schemas/index.ts'
import { isErrorCode, isWritable, makeFolder, removeIfThere, writeExclusive, writeReplacing } from './atomic-files.ts'
import { watchFolders } from './file-watch.ts'
import { fileSignature, isConfigMapMount, isOlderThan, listFolder, unavailable } from './folder.ts'
import { type InstanceReport, instanceLeaseMs, isProcessName, parseInstanceReport } from './instance.ts'
import { parseCandidate, parseRelease, renderDocument } from './release.ts'
import {
  type Candidate,
  type Head,
  type Proposal,
  type Publication,
  type ReleaseStore,
  type ReleaseSummary,
  StoreError,
  candidateLeaseMs,
} from './store.ts'

export interface FileStoreOptions {
  readonly folder: string
  /** How often to look, where the file system does not tell (network mounts, swapped symbolic links). */
  readonly pollMs?: number
}

/** Reports this much older than their lease are cleaned away by the next process that reports. */
const forgottenMs = 3_600_000

export async function openFileStore(options: FileStoreOptions): Promise<ReleaseStore> {
  const readOnly = (await isConfigMapMount(options.folder)) || !(await isWritable(options.folder))
  return new FileStore(options.folder, readOnly, options.pollMs ?? 1_000)
}

class FileStore implements ReleaseStore {
  readonly url: string
  readonly readOnly: boolean
  readonly #folder: string
  readonly #releases: string
  readonly #instances: string
  readonly #candidate: string
  readonly #pollMs: number
  #lastHead: { readonly signature: string; readonly head: Head } | null = null
  #cleaned = false

  constructor(folder: string, readOnly: boolean, pollMs: number) {
    this.url = pathToFileURL(folder).href
    this.readOnly = readOnly
    this.#folder = folder
    this.#releases = join(folder, 'releases')
    this.#instances = join(folder, 'instances')
    this.#candidate = join(folder, 'candidate.json')
    this.#pollMs = pollMs
  }

  async head(): Promise<Head | null> {
    return await this.#headOf(await this.#revisions())
  }

  async read(revision: number): Promise<Release> {
    const path = this.#releasePath(revision)
    let text: string
    try {
      text = await readFile(path, 'utf8')
    } catch (error) {
      if (isErrorCode(error, 'ENOENT')) throw new StoreError('not_found', `there is no release ${revision} in ${path}`)
      throw unavailable(path, error)
    }
    return parseRelease(text, { revision, place: path })
  }

  async publish(draft: ReleaseDraft, expectedHead: number | null): Promise<Publication> {
    this.#refuseIfReadOnly('published to')
    // Looked at once: head and next number must come from the same moment, or a release published in between would
    // be stepped over instead of conflicting.
    const revisions = await this.#revisions()
    const head = await this.#headOf(revisions)
    if ((head?.revision ?? null) !== expectedHead) return { ok: false, head }
    // Usually head + 1; higher when a damaged file sits on that number.
    const revision = (revisions[0] ?? 0) + 1
    const release: Release = { ...draft, revision, parent: expectedHead }
    await this.#writing(async () => await makeFolder(this.#releases))
    const isOurs = await this.#writing(
      async () => await writeExclusive(this.#releasePath(revision), renderDocument(release)),
    )
    if (!isOurs) return { ok: false, head: await this.head() }
    await this.#writing(async () => await writeReplacing(join(this.#folder, 'head'), `${revision}\n`))
    return { ok: true, release }
  }

  async list(): Promise<readonly ReleaseSummary[]> {
    const summaries: ReleaseSummary[] = []
    for (const revision of await this.#revisions()) {
      try {
        summaries.push({ revision, release: await this.read(revision), problem: null })
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
        summaries.push({ revision, release: null, problem: error.message })
      }
    }
    return summaries
  }

  watch(onChange: () => void): () => void {
    return watchFolders({
      folders: [this.#folder, this.#releases],
      signature: async () => await this.#signature(),
      pollMs: this.#pollMs,
      onChange,
    })
  }

  async instances(): Promise<readonly InstanceReport[]> {
    const reports: InstanceReport[] = []
    for (const path of await this.#instancePaths()) {
      try {
        if (await isOlderThan(path, instanceLeaseMs)) continue
        const report = parseInstanceReport(await readFile(path, 'utf8'))
        if (report !== null) reports.push(report)
      } catch (error) {
        // Withdrawn while we were looking.
        if (!isErrorCode(error, 'ENOENT')) throw unavailable(path, error)
      }
    }
    return reports
  }

  async report(instance: InstanceReport): Promise<void> {
    this.#refuseIfReadOnly('reported to')
    if (!isProcessName(instance.process)) throw new Error(`"${instance.process}" cannot name a process`)
    await this.#writing(async () => {
      await makeFolder(this.#instances)
      await writeReplacing(this.#instancePath(instance.process), renderDocument(instance))
    })
    await this.#cleanInstancesOnce()
  }

  async withdraw(process: string): Promise<void> {
    if (this.readOnly || !isProcessName(process)) return
    await this.#writing(async () => await removeIfThere(this.#instancePath(process)))
  }

  async proposeCandidate(candidate: Candidate): Promise<Proposal> {
    this.#refuseIfReadOnly('published to')
    await this.#removeStaleCandidate()
    await this.#writing(async () => await makeFolder(this.#folder))
    const isOurs = await this.#writing(async () => await writeExclusive(this.#candidate, renderDocument(candidate)))
    if (isOurs) return { ok: true }
    const holder = await this.candidate()
    return { ok: false, holder: { id: holder?.id ?? '', by: holder?.by ?? 'another process' } }
  }

  async candidate(): Promise<Candidate | null> {
    try {
      if (await isOlderThan(this.#candidate, candidateLeaseMs)) return null
      return parseCandidate(await readFile(this.#candidate, 'utf8'))
    } catch (error) {
      if (isErrorCode(error, 'ENOENT')) return null
      throw unavailable(this.#candidate, error)
    }
  }

  async clearCandidate(id: string): Promise<void> {
    const held = await this.candidate()
    if (held?.id === id) await this.#writing(async () => await removeIfThere(this.#candidate))
  }

  async #headOf(revisions: readonly number[]): Promise<Head | null> {
    for (const revision of revisions) {
      const head = await this.#headAt(revision)
      if (head !== null) return head
    }
    return null
  }

  #releasePath(revision: number): string {
    return join(this.#releases, `${revision}.json`)
  }

  #instancePath(process: string): string {
    return join(this.#instances, `${process}.json`)
  }

  /** Every number in use, newest first. */
  async #revisions(): Promise<number[]> {
    const names = await listFolder(this.#releases)
    return names
      .map((name) => /^([1-9]\d{0,14})\.json$/.exec(name)?.[1])
      .filter((digits) => digits !== undefined)
      .map(Number)
      .sort((left, right) => right - left)
  }

  async #instancePaths(): Promise<string[]> {
    const names = await listFolder(this.#instances)
    return names.filter((name) => /^[^.].*\.json$/.test(name)).map((name) => join(this.#instances, name))
  }

  /** null: no release that anybody can read. Remembered, because a release may be megabytes and the head is asked for often. */
  async #headAt(revision: number): Promise<Head | null> {
    const signature = await fileSignature(this.#releasePath(revision))
    if (this.#lastHead !== null && this.#lastHead.signature === signature) return this.#lastHead.head
    try {
      const { hash } = await this.read(revision)
      const head = { revision, hash }
      this.#lastHead = { signature, head }
      return head
    } catch (error) {
      if (error instanceof StoreError && (error.problem === 'damaged' || error.problem === 'not_found')) return null
      throw error
    }
  }

  async #signature(): Promise<string> {
    const newest = (await this.#revisions())[0]
    const release = newest === undefined ? 'none' : await fileSignature(this.#releasePath(newest))
    return `${release} ${await fileSignature(this.#candidate)}`
  }

  /**
   * Moves a stale candidate out of the way. Two processes may both find it stale; renaming lets only one have it, and
   * one that got hold of the other's fresh candidate instead puts it back.
   */
  async #removeStaleCandidate(): Promise<void> {
    const aside = join(this.#folder, `.stale-${process.pid}-${Date.now()}.json`)
    try {
      if (!(await isOlderThan(this.#candidate, candidateLeaseMs))) return
      await rename(this.#candidate, aside)
      if (!(await isOlderThan(aside, candidateLeaseMs))) {
        await writeExclusive(this.#candidate, await readFile(aside, 'utf8'))
      }
      await removeIfThere(aside)
    } catch (error) {
      if (!isErrorCode(error, 'ENOENT')) throw unavailable(this.#candidate, error)
    }
  }

  async #cleanInstancesOnce(): Promise<void> {
    if (this.#cleaned) return
    this.#cleaned = true
    for (const path of await this.#instancePaths()) {
      if (await isOlderThan(path, instanceLeaseMs + forgottenMs).catch(() => false)) await removeIfThere(path)
    }
  }

  #refuseIfReadOnly(what: string): void {
    if (!this.readOnly) return
    throw new StoreError('read_only', `${this.#folder} is read-only here: it can be watched, but not ${what}`)
  }

  async #writing<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write()
    } catch (error) {
      throw unavailable(this.#folder, error)
    }
  }
}
