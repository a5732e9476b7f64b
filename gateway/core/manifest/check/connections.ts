import type { ManifestConnection, RoutesManifest } from '../../../../schemas/index.ts'
import type { AuthScheme } from '../../providers/provider.ts'
import { type Problem, type Report, enumerate, quote } from '../diagnostics.ts'
import { authChoiceOf, authChoices, keyNeed, signingRegion } from '../authentication.ts'
import { type NamedConnection, baseUrlOf, findConnection, uses } from '../references.ts'
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
    checkAuthentication(connection, report)
    checkNetwork(connection, report)
    checkHeaders(entry, connection, report)
  }
}

function checkAddress(connection: NamedConnection, report: Report): void {
  const { name, entry, provider } = connection
  const address = entry.base_url
  if (address === undefined) {
    if (baseUrlOf(connection) !== null) return
    report({ ...lackOfAddress(connection), path: ['providers', name, 'base_url'], spot: { part: 'key' } })
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

/** Nobody has said where it goes; some addresses can be told by less. */
function lackOfAddress({ entry, provider }: NamedConnection): Pick<Problem, 'code' | 'message' | 'help'> {
  const { id, regional } = provider
  const code = 'missing-key'
  if (regional === undefined) {
    const message = `${quote(id)} has no base URL of its own: \`base_url\` is required`
    return { code, message, help: 'such as `base_url: "http://vllm.svc:8000/v1"`' }
  }
  const needed = regional.path.includes('{project}') ? (['project', 'region'] as const) : (['region'] as const)
  const lacking = needed.filter((setting) => entry[setting] === undefined).map((setting) => `\`${setting}\``)
  const message = `where ${quote(id)} is cannot be told without ${enumerate(lacking, 'and')}, or \`base_url\``
  return { code, message, help: 'such as `region: europe-west4`' }
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
}

/** How the provider is told who we are: a choice it does not know, and a choice that lacks what it stands on. */
function checkAuthentication(connection: NamedConnection, report: Report): void {
  const { name, entry, provider } = connection
  const path = ['providers', name]
  const choices = authChoices(provider)
  const choice = authChoiceOf(connection)
  if (entry.auth !== undefined && !choices.includes(entry.auth)) {
    const help = choices.length === 0 ? 'there is no choice: leave it out' : `it knows ${enumerate(choices, 'and')}`
    const message = `${quote(provider.id)} does not know \`auth: ${entry.auth}\``
    report({ code: 'ignored-setting', path: [...path, 'auth'], message, help })
    return
  }
  const spot = { part: 'key' } as const
  const need = keyNeed(choice)
  if (need === 'needed' && entry.api_key === undefined) {
    const what = choice === 'service_account' ? "the service account's key file, JSON" : 'a token that is kept fresh'
    const help = `such as \`api_key: {file: /run/secrets/key}\`: ${what}`
    report({
      code: 'missing-key',
      path: [...path, 'api_key'],
      message: `\`auth: ${choice}\` needs \`api_key\``,
      help,
      spot,
    })
  }
  if (need === 'useless' && entry.api_key !== undefined) {
    const message = `\`auth: ${choice}\`${entry.auth === undefined ? ', the default,' : ''} has no use for \`api_key\``
    const others = choices.filter((other) => keyNeed(other) !== 'useless')
    const help = `leave it out, or say what it is: \`auth: ${others.join('` or `auth: ')}\``
    report({ code: 'ignored-setting', path: [...path, 'api_key'], message, help, spot })
  }
  const address = baseUrlOf(connection)
  if (choice === 'sigv4' && address !== null && signingRegion(address, entry.region) === null) {
    const message = 'a signature is for one region, which this address does not tell: `region` is required'
    report({ code: 'missing-key', path: [...path, 'region'], message, help: 'such as `region: eu-central-1`', spot })
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
