/** What the audit trail takes on the disk: this process's segments and those of the ones before it. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

export interface SpoolDisk {
  readonly bytes: number
  readonly segments: number
}

/** A trail of a hundred gigabytes has thousands of files; nobody needs its size more often. */
const freshForMs = 10_000

/** Returns a function that measures the folder, at most every ten seconds; it gives null where it cannot be read. */
export function spoolDiskReader(directory: string | null): () => Promise<SpoolDisk | null> {
  let measured: Promise<SpoolDisk | null> = Promise.resolve(null)
  let at = Number.NEGATIVE_INFINITY
  return async () => {
    if (directory === null) return null
    const now = performance.now()
    if (now - at > freshForMs) {
      at = now
      measured = measure(directory).catch(() => null)
    }
    return await measured
  }
}

async function measure(directory: string): Promise<SpoolDisk> {
  let bytes = 0
  let segments = 0
  for (const folder of ['segments', 'content']) {
    for (const name of await readdir(join(directory, folder))) {
      // One that is tidied away meanwhile takes no room any more.
      const file = await stat(join(directory, folder, name)).catch(() => null)
      if (file === null) continue
      bytes += file.size
      segments += 1
    }
  }
  return { bytes, segments }
}
