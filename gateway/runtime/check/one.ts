/** The check of one connection: what is missing here, then what its provider says. */
import type { ModelList, ProviderCheck } from '../../core/providers/provider.ts'
import { checkOf } from '../../core/providers/provider.ts'
import type { CompiledTarget, Connection } from '../../core/routing/table.ts'
import type { PreparedTarget } from '../reload/generations.ts'
import { headersOf, type ResolvedSecrets, secretFormsOf } from '../transport/headers.ts'
import type { Authenticator, OutgoingCall } from '../transport/authentication/authenticator.ts'
import type { OriginPool } from '../transport/pools.ts'
import { ask, type Heard } from './ask.ts'
import { isForEmbeddings, questionFor } from './questions.ts'
import type { CheckFinding, CheckOutcome, ConnectionCheck } from '../../core/providers/check-outcome.ts'
import { type Answer, judgeRefusal, judgeSilence, sentence, tellCredentials } from './judge.ts'
import { isListed, readModels } from './models.ts'

export interface CheckSubject {
  readonly connection: Connection
  /** What it cannot do without and what is not there: `env:NAME`, `file:PATH`; null: the manifest names no place. */
  readonly missing: readonly (string | null)[]
  /** What is wrong with its certificates or key; null: nothing. */
  readonly trouble: string | null
  readonly secrets: ResolvedSecrets
  readonly pool: OriginPool
  /** null: a key says who calls, or nothing does. */
  readonly authenticator: Authenticator | null
  /** One for each model that a route asks it for. Prepared when it is wanted: not every language is spoken. */
  readonly targets: readonly { readonly target: CompiledTarget; readonly prepare: () => PreparedTarget }[]
  readonly userAgent: string
  /** What all calls of the check may take together, and what is left of it. */
  readonly timeoutMs: number
  readonly remainingMs: () => number
}

type Models = ConnectionCheck['models']

export async function checkConnection(subject: CheckSubject): Promise<ConnectionCheck> {
  const { connection, missing, trouble } = subject
  if (trouble !== null) return tell(subject, found('tls', trouble, 'see `tls` of the connection'))
  if (missing.length > 0) return tell(subject, tellMissing(missing))
  const { check } = connection.provider
  try {
    return check.call === 'GET' ? await checkByList(subject, check) : await checkByModel(subject)
  } catch (error) {
    // A header with a line break in it, say: nobody but the operator can have written that.
    const message = error instanceof Error ? error.message : String(error)
    return tell(subject, found('refused', `it could not be called: ${message}`, null))
  }
}

function found(outcome: CheckOutcome, message: string, help: string | null): CheckFinding {
  return { outcome, message, help, status: null }
}

interface Told {
  readonly call?: string
  readonly ms?: number
  readonly status?: number | null
  readonly models?: Models
}

function tell({ connection, targets }: CheckSubject, finding: CheckFinding, told: Told = {}): ConnectionCheck {
  const { name, provider } = connection
  const models = told.models ?? targets.map(({ target }) => ({ model: target.model, found: null }))
  const { call = null, ms = null, status = finding.status } = told
  return { connection: name, type: provider.id, call, ms, costs: provider.check.costs, models, ...finding, status }
}

function tellMissing(missing: CheckSubject['missing']): CheckFinding {
  const names = missing.flatMap((reads) => (reads === null ? [] : [reads]))
  const [first] = names
  if (first === undefined) return found('key_missing', 'it needs a key', 'name one under `api_key`')
  const places = names.map((reads) => reads.slice(reads.indexOf(':') + 1))
  const help = first.startsWith('env:') ? 'set it where the gateway runs, and here' : 'the file is not there, or empty'
  return found('key_missing', `${places.join(', ')} ${places.length === 1 ? 'is' : 'are'} not set`, help)
}

// ---- a list ----

type ListCheck = Extract<ProviderCheck, { readonly call: 'GET' }>

async function checkByList(subject: CheckSubject, check: ListCheck): Promise<ConnectionCheck> {
  const { connection, targets } = subject
  const question = listQuestion(subject, check.path, check.headers)
  const heard = await send(subject, question)
  const told = toldOf(connection, question, heard)
  const first = judge(subject, heard, null)
  if (first !== null) return tell(subject, first, told)
  const { models: list } = check
  if (list === undefined) return tell(subject, fine, told)
  const body = list.path === undefined ? bodyOf(heard) : bodyOf(await send(subject, listQuestion(subject, list.path)))
  const names = readModels(body, list)
  if (names === null) {
    // Where the list is beside the point, its absence is too.
    if (list.path !== undefined) return tell(subject, fine, told)
    const help = 'is something else in between: a proxy, a login page?'
    return tell(subject, found('unreadable', 'it answered 200 without a list of models', help), told)
  }
  const models: { model: string; found: boolean | null }[] = []
  for (const { target } of targets) {
    const isThere = isListed(target.model, names, list) || (await isKnownByName(subject, target.model, { check, list }))
    models.push({ model: target.model, found: isThere })
  }
  const absent = models.flatMap(({ model, found: isThere }) => (isThere === false ? [model] : []))
  if (absent.length === 0) return tell(subject, fine, { ...told, models })
  return tell(subject, tellAbsent(absent, names, list), { ...told, models })
}

function tellAbsent(absent: readonly string[], names: ReadonlySet<string>, list: ModelList): CheckFinding {
  const said = `${absent.join(', ')} ${absent.length === 1 ? 'is' : 'are'} not among its ${names.size} models`
  if (list.incomplete !== true) return found('model_unknown', said, 'requests for it would be answered 404')
  return found('model_unlisted', said, 'it may be there under another name, or unlisted')
}

/** Some names lead to models that the list has under another one. null: the provider did not say. */
async function isKnownByName(
  subject: CheckSubject,
  model: string,
  { check, list }: { readonly check: ListCheck; readonly list: ModelList },
): Promise<boolean | null> {
  if (list.byName === undefined) return false
  const path = list.byName.replace('{model}', () => encodeURIComponent(model))
  const heard = await send(subject, listQuestion(subject, path, check.headers))
  if (!('answer' in heard)) return null
  if (isGood(heard.answer)) return true
  return heard.answer.status === 404 ? false : null
}

function listQuestion(subject: CheckSubject, path: string, extra: ListCheck['headers'] = {}): OutgoingCall {
  const { connection } = subject
  const filled = path.replaceAll('{api_version}', () => encodeURIComponent(connection.apiVersion ?? ''))
  const headers = [...plainHeaders(subject), ...Object.entries(extra).flat()]
  return { method: 'GET', path: before(connection) + filled, headers, body: null }
}

// ---- one call for each model ----

async function checkByModel(subject: CheckSubject): Promise<ConnectionCheck> {
  const { connection, targets } = subject
  const questions = questionsOf(subject)
  const [first] = questions
  if (first === undefined) {
    const why = targets.length > 0 ? 'this version does not speak its language' : 'no target names a model of it'
    return tell(subject, found('unchecked', `${why}, so there was nothing to ask`, null))
  }
  const models: { model: string; found: boolean | null }[] = []
  const unknown: string[] = []
  let answered: Heard | null = null
  for (const { model, question } of questions) {
    const heard = await send(subject, question)
    answered ??= heard
    const finding = judge(subject, heard, model)
    const told = toldOf(connection, first.question, answered)
    // What is not about a model is as wrong for the next one.
    if (finding !== null && finding.outcome !== 'model_unknown') return tell(subject, finding, told)
    models.push({ model, found: finding === null })
    if (finding !== null) unknown.push(`${model}: ${finding.message}`)
  }
  const told = { ...toldOf(connection, first.question, answered), models }
  if (unknown.length === 0) return tell(subject, fine, told)
  const help = 'is that the name of the model there, and is the account allowed to use it?'
  return tell(subject, found('model_unknown', unknown.join('; '), help), told)
}

interface ModelQuestion {
  readonly model: string
  readonly question: OutgoingCall
}

function questionsOf(subject: CheckSubject): ModelQuestion[] {
  const { connection, targets } = subject
  const { check } = connection.provider
  const known = targets.flatMap(({ target, prepare }) => {
    const own = checkOf(connection.provider, target.model)
    // Other calls than chats and embeddings are for models of one kind.
    const isOwn = own.call === 'POST' && (target.dialect === null || !isForEmbeddings(target))
    if (own.call === 'POST' && isOwn) return [postQuestion(subject, own, target.model)]
    const question = own.call === 'GET' ? null : questionFor(target, prepare)
    return question === null ? [] : [{ model: target.model, question }]
  })
  if (known.length > 0 || check.call !== 'POST' || check.model === undefined) return known
  return [postQuestion(subject, check, check.model)]
}

function postQuestion(
  subject: CheckSubject,
  { path, body }: Extract<ProviderCheck, { readonly call: 'POST' }>,
  model: string,
): ModelQuestion {
  const { connection } = subject
  const filled = path.replaceAll('{model}', () => encodeURIComponent(model))
  const named = body.replaceAll('"{model}"', () => JSON.stringify(model))
  const headers = plainHeaders(subject)
  return { model, question: { method: 'POST', path: before(connection) + filled, headers, body: named } }
}

// ---- what all of them share ----

async function send(subject: CheckSubject, question: OutgoingCall): Promise<Heard> {
  const { pool, authenticator, remainingMs } = subject
  return await ask(question, { pool, authenticator, timeoutMs: remainingMs() })
}

function plainHeaders({ connection, secrets, userAgent }: CheckSubject): string[] {
  return headersOf(connection, secrets, userAgent)
}

/** The path that the base URL has of its own. */
function before({ baseUrl }: Connection): string {
  return new URL(baseUrl).pathname.replace(/\/$/, '')
}

/** What is told of a check whatever it found: its first call. */
function toldOf(connection: Connection, question: OutgoingCall, heard: Heard | null): Told {
  if (heard === null) return { call: callOf(connection, question) }
  return { call: callOf(connection, question), ms: heard.ms, status: 'answer' in heard ? heard.answer.status : null }
}

/** `GET https://host/path`, without a query: it is what it is called, and no more. */
function callOf({ baseUrl }: Connection, { method, path }: OutgoingCall): string {
  return `${method} ${new URL(baseUrl).origin}${path.replace(/\?.*$/, '')}`
}

function judge(subject: CheckSubject, heard: Heard, model: string | null): CheckFinding | null {
  const { connection, secrets, timeoutMs } = subject
  if ('unidentified' in heard) return found('no_credentials', sentence(heard.unidentified), tellCredentials(connection))
  if ('error' in heard) return judgeSilence(heard.error, { connection, timeoutMs, timedOut: heard.timedOut })
  const { answer } = heard
  if (isGood(answer)) return null
  const sent = [...heard.secrets, ...secretFormsOf(connection, secrets)]
  return judgeRefusal(answer, { connection, secrets: sent, model })
}

function bodyOf(heard: Heard): string {
  return 'answer' in heard && isGood(heard.answer) ? heard.answer.body : ''
}

function isGood({ status }: Answer): boolean {
  return status < 300
}

const fine: CheckFinding = found('ok', 'answered', null)
