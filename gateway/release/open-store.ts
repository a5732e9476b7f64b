/** From the URL in `aigw.yaml` to a store. */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openFileStore } from './file-store.ts'
import { type ReleaseStore, StoreError } from './store.ts'

export interface OpenStoreOptions {
  /** What a relative folder is relative to. */
  readonly folder: string
  /** Is it known from earlier that the store of this URL has had releases? */
  readonly wasThere?: (url: string) => boolean
}

/**
 * `file:FOLDER` (relative to `folder`) or `file:///absolute`. Throws `StoreError` for anything else, by name, so that a
 * store of a later version is never mistaken for a folder.
 */
export async function openStore(url: string, options: OpenStoreOptions): Promise<ReleaseStore> {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase()
  if (scheme === undefined) {
    throw new StoreError('unsupported', `the store "${url}" has no scheme; for a folder write file:${url}`)
  }
  if (scheme !== 'file') {
    throw new StoreError('unsupported', `stores of the kind ${scheme}: are not in this version; file: is`)
  }
  const { folder, wasThere = () => false } = options
  return await openFileStore({ folder: folderOf(url, folder), wasThere })
}

function folderOf(url: string, base: string): string {
  if (url.startsWith('file://')) return fileURLToPath(url)
  const path = decode(url.slice('file:'.length))
  if (path === '') throw new StoreError('unsupported', 'the store "file:" names no folder; write file:.aigw')
  return resolve(base, path)
}

/** A folder may have a percent sign in its name that escapes nothing. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
