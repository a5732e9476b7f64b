/** What a file store asks of its folder, with the file system's refusals told as `StoreError`. */
import { lstat, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isErrorCode } from './atomic-files.ts'
import { StoreError } from './store.ts'

/** Kubernetes lays volumes of ConfigMaps out behind a link named `..data`. */
export async function isConfigMapMount(folder: string): Promise<boolean> {
  return await exists(join(folder, '..data'))
}

/** Is there anything of this name, a dangling link included? */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path)
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

/** Milliseconds since the file was written, by the folder's clock; null when there is no such file. */
export async function ageOf(path: string, nowMs: number): Promise<number | null> {
  try {
    return nowMs - (await stat(path)).mtimeMs
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return null
    throw unavailable(path, error)
  }
}

/** Differs whenever the file does: another file in its place, another size, another moment. */
export async function fileSignature(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true })
    return `${path}:${ino}:${size}:${mtimeNs}`
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return 'none'
    if (isErrorCode(error, 'ELOOP')) return 'a link that leads to itself'
    throw unavailable(path, error)
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  ENOENT: 'its folder is gone',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EISDIR: 'it is a folder',
  ESTALE: 'the network file system has lost it',
}

export function unavailable(path: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error))
  return new StoreError('unavailable', `the store at ${path} cannot be used: ${reason}`, { cause: error })
}
