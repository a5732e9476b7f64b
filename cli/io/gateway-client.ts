/** Asks a gateway's admin listener. */
import { CommandError } from '../context.ts'

const timeoutMs = 5_000

/**
 * What `GET /status` answers, unread. `token`: what the admin listener asks for, where it does. Throws `CommandError`
 * with a sentence when nobody answers, or not with JSON.
 */
export async function fetchStatus(url: string, token: string | null): Promise<Readonly<Record<string, unknown>>> {
  const address = URL.parse('/status', /^https?:\/\//.test(url) ? url : `http://${url}`)
  if (address === null)
    throw new CommandError(`"${url}" is not the address of a gateway, such as http://127.0.0.1:8081`)
  let response: Response
  try {
    const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
    // A redirect would carry the token to somebody else.
    response = await fetch(address, { headers, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
  } catch (error) {
    throw new CommandError(`no gateway answers at ${address.origin}: ${tellFailure(error)}`, {
      details: ['Status is on the admin listener (--admin-port), not where applications call.'],
    })
  }
  const text = await response.text()
  if (response.status === 401) {
    throw new CommandError(`${address.origin} asks for a token${token === null ? '' : ', and not for this one'}`, {
      details: ['Name it with --admin-token-env or --admin-token-file, or set AIGW_ADMIN_TOKEN.'],
    })
  }
  if (!response.ok) {
    throw new CommandError(`${address.href} answered ${response.status}`, {
      details: ['Status is on the admin listener (--admin-port), not where applications call.'],
    })
  }
  const value = parse(text)
  if (value === null) throw new CommandError(`${address.href} did not answer with a status`)
  return value
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}

function tellFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1_000} s`
  const { cause } = error
  if (cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED') return 'connection refused'
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message
}
