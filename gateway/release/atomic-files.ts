/**
 * Files that are whole or not there. Written to a temporary name, synced, then moved (replacing) or linked (only if
 * the name is free), and the folder synced, so that neither a reader nor a power cut ever meets half a file.
 */
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, link, mkdir, open, rename, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** Temporary names start with a dot, so no reader takes one for a document. */
export const temporaryPrefix = '.tmp-'

export function temporaryName(folder: string): string {
  return join(folder, `${temporaryPrefix}${process.pid}-${randomBytes(6).toString('hex')}`)
}

export async function writeReplacing(path: string, text: string): Promise<void> {
  const temporary = temporaryName(dirname(path))
  try {
    await writeSynced(temporary, text)
    await rename(temporary, path)
  } catch (error) {
    await removeIfThere(temporary)
    throw error
  }
  await syncFolder(dirname(path))
}

/** `no_links`: the file system has no hard links (exFAT, SMB and some container mounts); nothing was written. */
export type Exclusive = 'written' | 'taken' | 'no_links'

/** Writes a file whose name must be free: of several writers exactly one gets `written`. */
export async function linkExclusive(path: string, text: string): Promise<Exclusive> {
  const temporary = temporaryName(dirname(path))
  try {
    await writeSynced(temporary, text)
    const outcome = await tryLink(temporary, path)
    if (outcome !== 'written') return outcome
  } finally {
    await removeIfThere(temporary)
  }
  await syncFolder(dirname(path))
  return 'written'
}

async function tryLink(temporary: string, path: string): Promise<Exclusive> {
  try {
    await link(temporary, path)
    return 'written'
  } catch (error) {
    // NFS may carry out a request whose answer is lost, and refuse its repetition: the count of links tells the truth.
    if ((await stat(temporary)).nlink > 1) return 'written'
    if (isErrorCode(error, 'EEXIST')) return 'taken'
    if (isErrorCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) return 'no_links'
    throw error
  }
}

/**
 * The same where there are no hard links. The name is still taken exclusively, but the content comes after it: readers
 * may meet half a file, and a crash leaves one. Returns false, and changes nothing, when the name is taken.
 */
export async function createExclusive(path: string, text: string): Promise<boolean> {
  try {
    await writeSynced(path, text)
    return true
  } catch (error) {
    if (isErrorCode(error, 'EEXIST')) return false
    throw error
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
}

/** Makes a folder inside one that must be there already. */
export async function makeFolderInside(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    if (!isErrorCode(error, 'EEXIST')) throw error
  }
}

export async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if (!isErrorCode(error, 'ENOENT')) throw error
  }
}

async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  } catch (error) {
    // Windows and some network file systems cannot sync a folder; there the rename itself is all there is.
    if (!isErrorCode(error, 'EPERM', 'EISDIR', 'EINVAL', 'EACCES', 'ENOTSUP')) throw error
  }
}

/** May this process create files in the folder, or, while it does not exist, the folder itself? */
export async function isWritable(path: string): Promise<boolean> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    try {
      await access(folder, constants.W_OK)
      return true
    } catch (error) {
      if (!isErrorCode(error, 'ENOENT') || folder === dirname(folder)) return false
    }
  }
}

export function isErrorCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
}
