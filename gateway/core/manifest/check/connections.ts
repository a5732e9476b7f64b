import type { ManifestConnection, RoutesManifest } from '../../../../schemas/index.ts'
import type { AuthScheme } from '../../providers/provider.ts'
import { type Report, enumerate, quote } from '../diagnostics.ts'
import { type NamedConnection, authChoices, findConnection, uses } from '../references.ts'
import { checkNetwork } from './network.ts'

export function checkConnections(manifest: RoutesManifest, report: Report): void {
  for (const [name, entry] of Object.entries(manifest.providers ?? {})) {
    const connection = findConnection(manifest, name)
    if (connection === null) {
      const message = `the connection ${quote(name)} does not say of which type it is`
      const help = 'add `type:`; it may only be left out where the connection is named like a built-in provider'
      report({ code: 'missing-key', path: ['providers', name, 'type'], message, help, spot: { part: 'key' } })
      continue
    }
    checkAddress(connection, report)
    checkSettings(connection, report)
    checkNetwork(connection, report)
    checkHeaders(entry, connection, report)
  }
}

function checkAddress({ name, entry, provider }: NamedConnection, report: Report): void {
  const address = entry.base_url
  if (address === undefined) {
    if (provider.baseUrl !== null) return
    const message = `${quote(provider.id)} has no base URL of its own: \`base_url\` is required`
    const help = 'such as `base_url: "http://vllm.svc:8000/v1"`'
    report({ code: 'missing-key', path: ['providers', name, 'base_url'], message, help, spot: { part: 'key' } })
    return
  }
  const path = ['providers', name, 'base_url']
  const url = URL.canParse(address) ? new URL(address) : null
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.host === '') {
    const help = 'such as `https://llm.example/v1`'
    report({ code: 'invalid-url', path, message: '`base_url` must be an absolute http or https address', help })
    return
  }
  if (url.search !== '' || url.hash !== '') {
    report({
      code: 'invalid-url',
      path,
      message: '`base_url` may not end in a query or a fragment: a path is appended',
      help: 'leave out what begins with `?` or `#`',
    })
  }
  const appended = provider.chatPath.split('?')[0] ?? ''
  if (appended !== '' && !appended.includes('{') && url.pathname.replace(/\/+$/, '').endsWith(appended)) {
    const message = `\`base_url\` already ends in ${quote(appended)}, which is appended to it`
    report({ code: 'invalid-url', path, message, help: `leave ${quote(appended)} out` })
  }
}

/** A setting the provider has no use for would be ignored without a word. */
function checkSettings({ name, entry, provider }: NamedConnection, report: Report): void {
  const path = ['providers', name]
  for (const setting of ['deployment_name', 'api_version', 'project'] as const) {
    if (entry[setting] === undefined || uses(provider, setting)) continue
    const message = `${quote(provider.id)} has no use for \`${setting}\`: it would be ignored`
    report({ code: 'ignored-setting', path: [...path, setting], message, help: 'leave it out', spot: { part: 'key' } })
  }
  if (uses(provider, 'api_version') && entry.api_version === undefined) {
    const message = `${quote(provider.id)} needs \`api_version\``
    const help = 'such as `api_version: "2024-10-21"`'
    report({ code: 'missing-key', path: [...path, 'api_version'], message, help, spot: { part: 'key' } })
  }
  if (entry.api_key !== undefined && provider.auth.scheme === 'none') {
    const message = `${quote(provider.id)} takes no key: \`api_key\` would be ignored`
    report({
      code: 'ignored-setting',
      path: [...path, 'api_key'],
      message,
      help: 'leave it out',
      spot: { part: 'key' },
    })
  }
  if (entry.auth !== undefined) {
    const choices = authChoices(provider)
    if (choices.includes(entry.auth)) return
    const help = choices.length === 0 ? 'there is no choice: leave it out' : `it knows ${enumerate(choices, 'and')}`
    const message = `${quote(provider.id)} does not know \`auth: ${entry.auth}\``
    report({ code: 'ignored-setting', path: [...path, 'auth'], message, help })
  }
}

/** Headers the gateway writes itself, or that belong to one connection only. */
const reservedHeaders: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Where callers send the key that this gateway knows them by. */
const callerKeyHeaders = new Set(['authorization', 'proxy-authorization'])

function checkHeaders(entry: ManifestConnection, { name, provider }: NamedConnection, report: Report): void {
  const authentication = authHeader(provider.auth)
  const seen = new Set<string>()
  const names = [
    ...Object.keys(entry.headers ?? {}).map((header) => ({ header, path: ['providers', name, 'headers', header] })),
    ...(entry.forward_headers ?? []).map((header, index) => ({
      header,
      path: ['providers', name, 'forward_headers', index],
    })),
  ]
  for (const { header, path } of names) {
    const folded = header.toLowerCase()
    const spot = { part: path.includes('headers') ? 'key' : 'value' } as const
    if (seen.has(folded)) {
      const message = `the header ${quote(header)} stands here twice: names are compared without case`
      report({ code: 'duplicate-name', path, message, help: 'keep one of the two', spot })
    } else if (path.includes('forward_headers') && callerKeyHeaders.has(folded)) {
      const message = `the header ${quote(header)} holds the caller's key, which no provider may see`
      report({ code: 'reserved-header', path, message, help: 'leave it out', spot })
    } else if (reservedHeaders.has(folded) || folded === authentication) {
      const message = `the gateway sets the header ${quote(header)} itself`
      report({ code: 'reserved-header', path, message, spot })
    }
    seen.add(folded)
  }
}

function authHeader(auth: AuthScheme): string | null {
  if (auth.scheme === 'none') return null
  return auth.scheme === 'header' ? auth.name.toLowerCase() : 'authorization'
}
