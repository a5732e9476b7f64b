/** What an answer to a check means, or the lack of one. */
import type { ProviderFailure } from '../../core/chat/failure.ts'
import type { Dialect } from '../../core/dialects/dialect.ts'
import { dialects } from '../../core/dialects/index.ts'
import type { Connection } from '../../core/routing/table.ts'
import { ConnectFailure, describeTlsTrouble } from '../transport/connect-failure.ts'
import { codeOf, transportFailure } from '../transport/failures.ts'
import { withoutSecrets } from '../transport/without-secrets.ts'
import type { CheckFinding, CheckOutcome } from '../../core/providers/check-outcome.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

/** More came than any list of models has. */
export class EndlessAnswer extends Error {}

export interface Asked {
  readonly connection: Connection
  /** What calls over this connection carry, in every form it may come back in. */
  readonly secrets: readonly string[]
  /** The call was about this model; null: about none. */
  readonly model: string | null
}

/** An answer of 300 or above. */
export function judgeRefusal(answer: Answer, { connection, secrets, model }: Asked): CheckFinding {
  const { status } = answer
  const failure = withoutSecrets(readFailure(answer, connection), secrets)
  const said = sentence(failure.message)
  const found = (outcome: CheckOutcome, message: string, help: string | null): CheckFinding => {
    return { outcome, message, help, status }
  }
  if (status >= 300 && status < 400) {
    return found('not_found', `it sends callers elsewhere (${status})`, 'set `base_url` to where it really is')
  }
  if (failure.class === 'quota')
    return found('quota', said, 'the account has nothing left to spend: see to its billing')
  if (failure.class === 'rate_limited') {
    return found('rate_limited', said, 'the account is at its limit now; nothing else was wrong')
  }
  if (status === 404 || status === 405) {
    return model === null
      ? found('not_found', said, tellAddress(connection) + tellListless(connection))
      : found('model_unknown', said, `is ${model} the model's name there? Otherwise: ${tellAddress(connection)}`)
  }
  if (failure.class === 'misconfigured') return found('key_refused', said, tellKey(connection))
  if (status >= 500) return found('failing', said, 'something is wrong at the provider, or on the way there')
  return found('refused', said, null)
}

/** The provider's own language knows best what its errors mean. */
function readFailure(answer: Answer, { provider }: Connection): ProviderFailure {
  const own: Dialect | undefined = provider.dialect === null ? undefined : dialects[provider.dialect]
  const dialect = own ?? dialects['openai-chat']
  if (dialect === undefined) throw new Error('there is no language to read an error in')
  return dialect.decodeError(answer)
}

const unresolved: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME'])

/** No answer came. `timeoutMs`: what the whole check may take; `timedOut`: it is over. */
export function judgeSilence(
  error: Error,
  { connection, timeoutMs, timedOut }: { connection: Connection; timeoutMs: number; timedOut: boolean },
): CheckFinding {
  const { host } = new URL(connection.baseUrl)
  const nothing = (outcome: CheckOutcome, message: string, help: string | null): CheckFinding => {
    return { outcome, message: sentence(message), help, status: null }
  }
  if (timedOut) return nothing('timeout', `${host} did not answer within ${timeoutMs} ms`, 'allow more with --timeout')
  if (error instanceof EndlessAnswer) {
    return nothing('unreadable', `the answer of ${host} goes on and on`, 'is something else in between?')
  }
  const { message } = transportFailure(error)
  const cause = error.cause instanceof Error ? error.cause : error
  if (error instanceof ConnectFailure && /^(?:the certificate of )?the proxy\b/.test(message)) {
    return nothing('proxy', message, 'see `proxy` of the connection')
  }
  if (unresolved.has(codeOf(cause))) {
    return nothing('dns', `there is no address for ${host} (${codeOf(cause)})`, tellAddress(connection))
  }
  if (describeTlsTrouble(codeOf(cause), 'the provider') !== null) return nothing('tls', message, 'see `tls` there')
  if (codeOf(error) === 'UND_ERR_CONNECT_TIMEOUT') {
    return nothing('timeout', `no connection with ${host} within ${connection.connectTimeoutMs} ms`, reachable)
  }
  if (codeOf(cause) === 'ECONNREFUSED') return nothing('tcp', `nothing listens on ${host}`, reachable)
  return nothing('tcp', `${host}: ${message}`, reachable)
}

const reachable = 'is the address right, and may this machine reach it?'

function tellAddress({ provider, baseUrl }: Connection): string {
  const usual =
    provider.baseUrl === null || provider.baseUrl === baseUrl ? '' : ` (the vendor's own is ${provider.baseUrl})`
  return `see \`base_url\`${usual}`
}

/** Not everything that calls itself compatible lists its models. */
function tellListless({ provider }: Connection): string {
  return provider.baseUrl === null && provider.check.call === 'GET' ? '; a server without this path may serve chat' : ''
}

/** Ways of authentication by which the secret itself is sent. */
const plainSchemes: ReadonlySet<string> = new Set(['bearer', 'header', 'none'])

function tellKey({ auth, secret, provider }: Connection): string {
  if (!plainSchemes.has(auth.scheme)) return 'are these the right credentials, with the rights to call models?'
  if (secret === null)
    return provider.keyRequired ? 'name a key under `api_key`' : 'the server wants a key: see `api_key`'
  return 'env' in secret ? `the key is that of ${secret.env}` : `the key is that in ${secret.file}`
}

/** Where credentials of such connections come from. */
const sources: ReadonlyMap<string, string> = new Map([
  ['sigv4', 'AWS credentials are looked for as its own tools do: variables, profiles, web identity, the machine'],
  ['google', 'see `auth` and `api_key` of the connection, or log this machine in with `gcloud`'],
  ['entra', 'see `auth` of the connection, or log this machine in with `az`'],
])

export function tellCredentials({ auth }: Connection): string {
  return sources.get(auth.scheme) ?? 'see `api_key` of the connection'
}

/** One line, and not more than fits one: what a proxy in between says may be a page. */
export function sentence(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length <= longestSentence ? line : `${line.slice(0, longestSentence - 1)}…`
}

const longestSentence = 200
