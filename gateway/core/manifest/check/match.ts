import type { ManifestRoute, RoutesManifest } from '../../../../schemas/index.ts'
import { type DocumentPath, type Report, quote } from '../diagnostics.ts'
import { toList } from '../references.ts'
import { checkReference } from './names.ts'

export interface RoutePlace {
  readonly manifest: RoutesManifest
  readonly path: DocumentPath
  readonly report: Report
}

export function checkMatch({ match }: ManifestRoute, { manifest, path, report }: RoutePlace): void {
  const { credentials = [], version } = manifest
  const place = [...path, 'match']
  const names = new Set(credentials.map(({ name }) => name))
  const organizations = new Set(credentials.flatMap(({ organization }) => organization ?? []))
  checkEach(match.credential, names, { kind: 'credential', path: place, report })
  checkEach(match.organization, organizations, { kind: 'organization', path: place, report })
  const headers = new Set<string>()
  for (const header of Object.keys(match.headers ?? {})) {
    const folded = header.toLowerCase()
    const message = `the header ${quote(header)} stands here twice: names are compared without case`
    if (headers.has(folded)) {
      const help = 'make one entry of them, with a list of values'
      report({ code: 'duplicate-name', path: [...place, 'headers', header], message, help, spot: { part: 'key' } })
    }
    headers.add(folded)
  }
  if (match.semantic !== undefined && version !== '2026.09') {
    const message = '`match.semantic` came with version 2026.09'
    const help = 'write `version: "2026.09"` at the top'
    report({ code: 'newer-version', path: [...place, 'semantic'], message, help, spot: { part: 'key' } })
  }
}

function checkEach(
  written: string | readonly string[] | undefined,
  known: ReadonlySet<string>,
  { kind, path, report }: { readonly kind: string; readonly path: DocumentPath; readonly report: Report },
): void {
  toList(written).forEach((text, index) => {
    const place = typeof written === 'string' ? [...path, kind] : [...path, kind, index]
    const problem = checkReference({ text, path: place }, known, kind)
    if (problem !== null) report(problem)
  })
}
