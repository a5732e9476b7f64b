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
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Release, ReleaseDraft } from '../../schemas/index.ts'
import {
  isErrorCode,
  isWritable,
  linkExclusive,
  makeFolder,
  makeFolderInside,
  writeReplacing,
  type Exclusive,
} from './atomic-files.ts'
import { CandidateFile } from './candidate-file.ts'
import { watchFolders } from './file-watch.ts'
import { FolderClock } from './folder-clock.ts'
import { exists, fileSignature, isConfigMapMount, listFolder, unavailable } from './folder.ts'
import { type InstanceReport, isProcessName } from './instance.ts'
import { InstanceFiles } from './instance-files.ts'
import { createInPlace } from './publish-in-place.ts'
import { parseRelease, renderDocument } from './release.ts'
import {
  type Candidate,
  type Head,
  type Proposal,
  type Publication,
  type ReleaseRange,
  type ReleaseStore,
  type ReleaseSummary,
  type SeenCandidate,
  StoreError,
} from './store.ts'

export interface FileStoreOptions {
  readonly folder: string
  /** How often to look, where the file system does not tell (network mounts, swapped symbolic links). */
  readonly pollMs?: number
  /** Unix milliseconds by this machine's clock. */
  readonly now?: () => number
  /** Is it known from earlier that this store (by its URL) has had releases? Then one without a folder is gone, not new. */
  readonly wasThere?: (url: string) => boolean
  /** False: do as on a file system without hard links. */
  readonly hardLinks?: boolean
}

/** Fifteen digits: what a number holds exactly, and more than anybody will publish. */
const highestRevision = 999_999_999_999_999

export async function openFileStore(options: FileStoreOptions): Promise<ReleaseStore> {
  const { folder } = options
  const isMount = (await isConfigMapMount(folder)) || (await isConfigMapMount(join(folder, 'releases')))
  return new FileStore(options, isMount || !(await isWritable(folder)))
}

class FileStore implements ReleaseStore {
  readonly url: string
  readonly readOnly: boolean
  readonly #folder: string
  readonly #releases: string
  readonly #instancesFolder: string
  readonly #instances: InstanceFiles
  readonly #candidate: CandidateFile
  readonly #clock: FolderClock
  readonly #pollMs: number
  readonly #hardLinks: boolean
  #lastHead: { readonly signature: string; readonly head: Head } | null = null
  /** Has this process met a release here? Then a folder that is not there is no empty store. */
  #wasThere: boolean

  constructor(options: FileStoreOptions, readOnly: boolean) {
    const { folder, pollMs = 1_000, now = Date.now, hardLinks = true, wasThere = () => false } = options
    this.url = pathToFileURL(folder).href
    this.#wasThere = wasThere(this.url)
    this.readOnly = readOnly
    this.#folder = folder
    this.#releases = join(folder, 'releases')
    this.#instancesFolder = join(folder, 'instances')
    // Nobody watches the instances, so that asking for the time there wakes no one.
    this.#clock = new FolderClock([this.#instancesFolder, folder], now)
    this.#instances = new InstanceFiles(this.#instancesFolder, this.#clock)
    this.#candidate = new CandidateFile(join(folder, 'candidate.json'), this.#clock)
    this.#pollMs = pollMs
    this.#hardLinks = hardLinks
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
      // A folder of that name, or a link that leads to itself, holds no release and never will.
      if (isErrorCode(error, 'EISDIR', 'ELOOP')) throw new StoreError('damaged', `${path} is not a release: no file`)
      throw unavailable(path, error)
    }
    const release = parseRelease(text, { revision, place: path })
    this.#wasThere = true
    return release
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
    if (revision > highestRevision) throw this.#noNumberLeft(revisions[0] ?? 0)
    const release: Release = { ...draft, revision, parent: expectedHead }
    await this.#writing(async () => await this.#makeFolder(this.#releases))
    const outcome = await this.#writing(async () => await this.#create(release))
    if (outcome !== 'written') return { ok: false, head: await this.head() }
    this.#wasThere = true
    // It is published already; the hint may lag behind, on a full disk for one.
    await writeReplacing(join(this.#folder, 'head'), `${revision}\n`).catch(() => {})
    return { ok: true, release }
  }

  async list({ above = 0, limit }: ReleaseRange = {}): Promise<readonly ReleaseSummary[]> {
    const summaries: ReleaseSummary[] = []
    const revisions = (await this.#revisions()).filter((revision) => revision > above)
    for (const revision of revisions.slice(0, limit)) {
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
    return await this.#instances.living()
  }

  async report(instance: InstanceReport): Promise<void> {
    this.#refuseIfReadOnly('reported to')
    if (!isProcessName(instance.process)) throw new Error(`"${instance.process}" cannot name a process`)
    await this.#writing(async () => {
      await this.#makeFolder(this.#instancesFolder)
      await this.#instances.write(instance)
    })
  }

  async withdraw(process: string): Promise<void> {
    if (!this.readOnly) await this.#writing(async () => await this.#instances.remove(process))
  }

  async proposeCandidate(candidate: Candidate): Promise<Proposal> {
    this.#refuseIfReadOnly('published to')
    const isOurs = await this.#writing(async () => {
      if (!this.#wasThere) await makeFolder(this.#folder)
      return await this.#candidate.take(candidate)
    })
    if (isOurs) return { ok: true }
    const holder = await this.candidate()
    return { ok: false, holder: { id: holder?.id ?? '', by: holder?.by ?? 'another process' } }
  }

  async candidate(): Promise<SeenCandidate | null> {
    return await this.#candidate.read()
  }

  async clearCandidate(id: string): Promise<void> {
    await this.#writing(async () => await this.#candidate.clear(id))
  }

  /** Takes the release's name, if it is free. */
  async #create(release: Release): Promise<Exclusive> {
    const path = this.#releasePath(release.revision)
    const text = renderDocument(release)
    const outcome = this.#hardLinks ? await linkExclusive(path, text) : 'no_links'
    if (outcome !== 'no_links') return outcome
    const isOurs = await createInPlace({
      revision: release.revision,
      expectedHead: release.parent,
      text,
      pathOf: (revision) => this.#releasePath(revision),
      revisions: async () => await this.#revisions(),
      readable: async (revision) => await this.#readable(revision),
      now: async () => await this.#clock.now(),
    })
    return isOurs ? 'written' : 'taken'
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

  /** Every number in use, newest first. */
  async #revisions(): Promise<number[]> {
    const names = await listFolder(this.#releases)
    if (names.length === 0 && this.#wasThere && !(await exists(this.#folder))) {
      throw new StoreError('unavailable', `the store at ${this.#folder} is gone: there is no such folder any more`)
    }
    return names
      .map((name) => /^([1-9]\d{0,14})\.json$/.exec(name)?.[1])
      .filter((digits) => digits !== undefined)
      .map(Number)
      .sort((left, right) => right - left)
  }

  /** A store that was here and is gone is not begun anew: what is mounted there later would be hidden, or mixed with it. */
  async #makeFolder(path: string): Promise<void> {
    if (this.#wasThere) await makeFolderInside(path)
    else await makeFolder(path)
  }

  /** Remembered, because a release may be megabytes and the head is asked for often. */
  async #headAt(revision: number): Promise<Head | null> {
    const signature = await fileSignature(this.#releasePath(revision))
    if (this.#lastHead !== null && this.#lastHead.signature === signature) return this.#lastHead.head
    const release = await this.#readable(revision)
    if (release === null) return null
    const head = { revision, hash: release.hash }
    this.#lastHead = { signature, head }
    return head
  }

  /** null: no release that anybody can read. */
  async #readable(revision: number): Promise<Release | null> {
    try {
      return await this.read(revision)
    } catch (error) {
      if (error instanceof StoreError && (error.problem === 'damaged' || error.problem === 'not_found')) return null
      throw error
    }
  }

  async #signature(): Promise<string> {
    const newest = (await this.#revisions())[0]
    const release = newest === undefined ? 'none' : await fileSignature(this.#releasePath(newest))
    return `${release} ${await fileSignature(this.#candidate.path)}`
  }

  #noNumberLeft(taken: number): StoreError {
    const path = this.#releasePath(taken)
    return new StoreError('unavailable', `no revision is left above ${taken}: remove ${path}, which is no release`)
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
