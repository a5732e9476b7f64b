/** Proxy, TLS and HTTP/2 towards a provider: what cannot work together, and what would do nothing. */
import type { Report } from '../diagnostics.ts'
import { type NamedConnection, baseUrlOf } from '../references.ts'

export function checkNetwork(connection: NamedConnection, report: Report): void {
  const { name, entry } = connection
  const proxy = checkProxy(connection, report)
  checkPair(connection, report)
  const address = baseUrlOf(connection)
  // An address that is missing or wrong is told where it stands; nothing can be said of the rest until it is right.
  if (address === null || !URL.canParse(address) || new URL(address).protocol === 'https:') return
  const path = ['providers', name]
  if (entry.http2 === true) {
    report({
      code: 'ignored-setting',
      path: [...path, 'http2'],
      message: '`http2` would be ignored: it is agreed on while TLS is set up, and this address is http',
      help: 'leave it out, or use an https address',
      spot: { part: 'key' },
    })
  }
  for (const setting of ['ca', 'cert', 'key', 'server_name'] as const) {
    if (entry.tls?.[setting] === undefined) continue
    // A proxy that is itself reached over TLS is trusted by the same certificates.
    if (setting === 'ca' && proxy?.protocol === 'https:') continue
    report({
      code: 'ignored-setting',
      path: [...path, 'tls', setting],
      message: `\`tls.${setting}\` would be ignored: this address is http`,
      help: 'leave it out, or use an https address',
      spot: { part: 'key' },
    })
  }
}

/** The address of the proxy where it is one. */
function checkProxy({ name, entry }: NamedConnection, report: Report): URL | null {
  if (entry.proxy === undefined) return null
  const path = ['providers', name, 'proxy']
  const url = URL.canParse(entry.proxy) ? new URL(entry.proxy) : null
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.host === '') {
    const help = 'such as `http://proxy.internal:3128`; other kinds of proxy are not spoken to'
    report({ code: 'invalid-url', path, message: '`proxy` must be an absolute http or https address', help })
    return null
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    report({
      code: 'invalid-url',
      path,
      message: '`proxy` is a host and a port: a path would be ignored',
      help: `\`${url.protocol}//${url.host}\``,
    })
  }
  // A password is told as a literal secret.
  if (url.username !== '' && url.password === '') {
    report({ code: 'invalid-url', path, message: 'the name in `proxy` would be ignored: no proxy is logged in to' })
  }
  return url
}

function checkPair({ name, entry }: NamedConnection, report: Report): void {
  const { cert, key } = entry.tls ?? {}
  if ((cert === undefined) === (key === undefined)) return
  const [given, missing] = cert === undefined ? ['key', 'cert'] : ['cert', 'key']
  report({
    code: 'missing-key',
    path: ['providers', name, 'tls', missing],
    message: `\`tls.${given}\` is of no use without \`tls.${missing}\``,
    spot: { part: 'key' },
  })
}
