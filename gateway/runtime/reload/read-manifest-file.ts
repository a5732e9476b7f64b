/** A manifest file as a candidate for serving, or the first thing that is wrong with it. */
import { readManifest } from '../../core/manifest/read.ts'
import { hashOf } from '../../release/release.ts'
import type { Candidate } from './loader.ts'

export type FileReading = { readonly candidate: Candidate } | { readonly problem: string }

export function readManifestFile(file: string, text: string, variables: Readonly<Record<string, string>>): FileReading {
  const { manifest, diagnostics } = readManifest(text, { file, variables })
  const errors = diagnostics.filter((one) => one.severity === 'error')
  const [first] = errors
  if (first !== undefined) {
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more: run "aigw validate ${file}")` : ''
    return { problem: `${file}:${first.line}:${first.column}: ${first.message}${more}` }
  }
  if (manifest === null) return { problem: `${file}: cannot be read as a manifest` }
  const hash = hashOf(manifest)
  return { candidate: { revision: `file-${hash.replace('sha256:', '').slice(0, 12)}`, hash, manifest } }
}
