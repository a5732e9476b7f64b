import type { RoutesManifest } from '../../../../schemas/index.ts'
import type { DocumentPath, Problem, Report } from '../diagnostics.ts'

/** Beginnings that the vendors give their keys, and the armour of a private key. What follows is never shown. */
const keyShapes =
  /(?:^|[^A-Za-z0-9])(?:sk-[A-Za-z0-9_-]{16,}|gsk_[A-Za-z0-9]{16,}|xai-[A-Za-z0-9]{16,}|pplx-[A-Za-z0-9]{16,}|hf_[A-Za-z0-9]{16,}|nvapi-[A-Za-z0-9_-]{16,}|csk-[A-Za-z0-9]{16,}|fw_[A-Za-z0-9]{16,}|AIza[A-Za-z0-9_-]{30,}|A(?:KIA|SIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{30,}|Bearer\s+[A-Za-z0-9._~+/-]{16,}|-----BEGIN [A-Z ]*PRIVATE KEY-----)/

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
    message: 'a secret may not stand in the manifest',
    help: 'name where the gateway finds it: `{env: NAME}` or `{file: PATH}`; and take the key as lost: make a new one',
  }
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
