/**
 * Files that are whole or not there. Written to a temporary name, synced, then moved (replacing) or linked (only if
 * the name is free), and the folder synced, so that neither a reader nor a power cut ever meets half a file.
 */
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, link, mkdir, open, rename, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** Temporary names start with a dot, so no reader takes one for a document. */
function temporaryName(folder: string): string {
  return join(folder, `.tmp-${process.pid}-${randomBytes(6).toString('hex')}`)
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

/** Returns false, and changes nothing, when the name is taken: of several writers exactly one gets true. */
export async function writeExclusive(path: string, text: string): Promise<boolean> {
  const temporary = temporaryName(dirname(path))
  try {
    await writeSynced(temporary, text)
    await link(temporary, path)
  } catch (error) {
    if (isErrorCode(error, 'EEXIST')) return false
    if (isErrorCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) return await createExclusive(path, text)
    throw error
  } finally {
    await removeIfThere(temporary)
  }
  await syncFolder(dirname(path))
  return true
}

/**
 * For file systems without hard links (exFAT, some network and container mounts). Still exclusive; a crash in between
 * leaves a damaged file, which readers skip and the next writer steps over.
 */
async function createExclusive(path: string, text: string): Promise<boolean> {
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
