/** The last release that served, kept beside the spool: a restart with the store gone begins with it. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { readManifestValue } from '../../core/manifest/read.ts'
import type { Candidate } from './loader.ts'

export interface LastGood {
  keep(candidate: Candidate): void
  read(): Candidate | null
}

/** `store`: only what came from the same store is read back, because another one may be another environment's. */
export function lastGoodAt(path: string, store: string): LastGood {
  return {
    keep(candidate) {
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
        const temporary = `${path}.${process.pid}.tmp`
        writeFileSync(temporary, JSON.stringify({ ...candidate, store }), { mode: 0o600 })
        renameSync(temporary, path)
      } catch {
        // Only a convenience for the next start; what serves now does not depend on it.
      }
    },
    read() {
      try {
        return parse(readFileSync(path, 'utf8'), store)
      } catch {
        return null
      }
    },
  }
}

function parse(text: string, store: string): Candidate | null {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) return null
  if (!('revision' in value) || !('hash' in value) || !('manifest' in value)) return null
  if (!('store' in value) || value.store !== store) return null
  const { manifest } = readManifestValue(value.manifest)
  return manifest === null ? null : { revision: String(value.revision), hash: String(value.hash), manifest }
}
