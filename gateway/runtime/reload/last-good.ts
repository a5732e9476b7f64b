/** The last release that served, kept beside the spool: a restart with the store gone begins with it. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { readManifestValue } from '../../core/manifest/read.ts'
import type { Candidate } from './loader.ts'

export interface LastGood {
  keep(candidate: Candidate): void
  read(): Candidate | null
}

export function lastGoodAt(path: string): LastGood {
  return {
    keep(candidate) {
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
        const temporary = `${path}.${process.pid}.tmp`
        writeFileSync(temporary, JSON.stringify(candidate), { mode: 0o600 })
        renameSync(temporary, path)
      } catch {
        // Only a convenience for the next start; what serves now does not depend on it.
      }
    },
    read() {
      try {
        return parse(readFileSync(path, 'utf8'))
      } catch {
        return null
      }
    },
  }
}

function parse(text: string): Candidate | null {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) return null
  if (!('revision' in value) || !('hash' in value) || !('manifest' in value)) return null
  const { manifest } = readManifestValue(value.manifest)
  return manifest === null ? null : { revision: String(value.revision), hash: String(value.hash), manifest }
}
