/** What a file store asks of its folder, with the file system's refusals told as `StoreError`. */
import { lstat, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isErrorCode } from './atomic-files.ts'
import { StoreError } from './store.ts'

/** Kubernetes lays volumes of ConfigMaps out behind a link named `..data`. */
export async function isConfigMapMount(folder: string): Promise<boolean> {
  try {
    await lstat(join(folder, '..data'))
    return true
  } catch {
    return false
  }
}

export async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return []
    throw unavailable(folder, error)
  }
}

export async function isOlderThan(path: string, ageMs: number): Promise<boolean> {
  // The file system's clock on both sides of the comparison would be better; this is right on one host.
  return Date.now() - (await stat(path)).mtimeMs > ageMs
}

/** Differs whenever the file does: another file in its place, another size, another moment. */
export async function fileSignature(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true })
    return `${path}:${ino}:${size}:${mtimeNs}`
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return 'none'
    throw unavailable(path, error)
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EISDIR: 'it is a folder',
}

export function unavailable(path: string, error: unknown): StoreError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error))
  return new StoreError('unavailable', `the store at ${path} cannot be used: ${reason}`, { cause: error })
}
