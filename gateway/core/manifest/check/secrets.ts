import type { RoutesManifest } from '../../../../schemas/index.ts'
import type { DocumentPath, Problem, Report, Span } from '../diagnostics.ts'
import { allKeys, keyShapes } from '../key-shapes.ts'

/** Headers whose value is a secret whatever it looks like. */
const secretHeaders = new Set([
  'authorization',
  'proxy-authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'cookie',
])

export function literalSecret(path: DocumentPath): Problem {
  return {
    code: 'literal-secret',
    path,
    message: 'a secret may not stand in this file',
    help: `${insteadOf(String(path.at(-1)))}; and take the secret as lost: make a new one`,
  }
}

function insteadOf(key: string): string {
  if (key === 'base_url') return 'take it out of the address; `headers` can hold a reference, `{env: NAME}`'
  if (key === 'proxy') return 'take it out of the address'
  if (key === 'key_hash') return 'write the hash, which `aigw credential new` prints'
  return 'write where the gateway finds it, `{env: NAME}` or `{file: PATH}`'
}

export interface FoundKey {
  readonly span: Span
  readonly inComment: boolean
  /** What must not be repeated, not even where YAML, or a name made of two names, cuts the key up; longest first. */
  readonly parts: readonly string[]
}

/** Shorter parts tell nothing of a key, and could stand in any message. */
const shortestPart = 6

function partsOf(key: string): string[] {
  const parts = [key, ...key.split(/\s+/), ...key.split(/[\s/]+/)]
  return [...new Set(parts)].filter(
    (part) => part.length >= shortestPart && !/^(?:Bearer|-----BEGIN|PRIVATE|KEY-----)$/.test(part),
  )
}

/** Keys in a text that is not read as anything: where they stand, and what to take out of anything said about it. */
export function findKeys(text: string): FoundKey[] {
  // Asked first: nearly every text has none.
  if (!keyShapes.test(text)) return []
  return text.split('\n').flatMap((content, index) => {
    const line = index + 1
    return [...content.matchAll(allKeys)].map((match) => {
      const start = match.index
      const inComment = /(?:^|\s)#/.test(content.slice(0, start))
      const span = { line, column: start + 1, endLine: line, endColumn: start + match[0].length + 1 }
      return { span, inComment, parts: partsOf(match[0]) }
    })
  })
}

/** No text of a manifest is a key, so that no release, plan, diff or log can hold one. The text itself is never told. */
export function checkSecrets(manifest: RoutesManifest, report: Report): void {
  scan(manifest, [], report)
  for (const [name, { headers = {}, proxy, base_url: baseUrl }] of Object.entries(manifest.providers ?? {})) {
    for (const [header, value] of Object.entries(headers)) {
      const isSecret = secretHeaders.has(header.toLowerCase())
      const path = ['providers', name, 'headers', header]
      if (isSecret && typeof value === 'string' && !keyShapes.test(value)) report(literalSecret(path))
    }
    for (const [setting, address] of [['base_url', baseUrl] as const, ['proxy', proxy] as const]) {
      const password = address === undefined || !URL.canParse(address) ? '' : new URL(address).password
      if (password !== '') report(literalSecret(['providers', name, setting]))
    }
  }
}

function scan(value: unknown, path: DocumentPath, report: Report): void {
  if (typeof value === 'string') {
    if (keyShapes.test(value)) report(literalSecret(path))
  } else if (Array.isArray(value)) {
    value.forEach((child: unknown, index) => scan(child, [...path, index], report))
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) scan(child, [...path, key], report)
  }
}
