/** What becomes of embeddings, part by part. */
import { validateEmbeddingsResponse } from '../../schemas/validate-embeddings-response.ts'
import { type Actor, type Reply, readError, lossFor } from './actor.ts'
import { type Feature, type Observed, absent, exact } from './feature.ts'

const none = absent('it has no embeddings: the target is skipped, and without another the request is answered 400')

interface EmbeddingsCase {
  readonly title: string
  /** null: no row of the loss table speaks of it. */
  readonly part: string | null
  readonly body: object
  readonly reached: string | RegExp | ((vectors: readonly unknown[]) => boolean)
}

const isNumbers = (vector: unknown): boolean => Array.isArray(vector) && typeof vector[0] === 'number'

const cases: readonly EmbeddingsCase[] = [
  { title: 'one text', part: null, body: { input: 'mark-one' }, reached: (vectors) => vectors.every(isNumbers) },
  {
    title: 'several texts',
    part: null,
    body: { input: ['mark-one', 'mark-two'] },
    reached: (vectors) => vectors.length === 2 && JSON.stringify(vectors[0]) !== JSON.stringify(vectors[1]),
  },
  { title: 'token ids', part: 'input[tokens]', body: { input: [4242, 17] }, reached: '4242' },
  {
    title: 'dimensions',
    part: 'dimensions',
    body: { input: 'mark', dimensions: 256 },
    reached: (vectors) => Array.isArray(vectors[0]) && vectors[0].length === 256,
  },
  {
    title: 'base64',
    part: 'encoding_format[base64]',
    body: { input: 'mark', encoding_format: 'base64' },
    reached: (vectors) => typeof vectors[0] === 'string',
  },
  { title: 'user', part: 'user', body: { input: 'mark', user: 'mark-user' }, reached: 'mark-user' },
  {
    title: 'input_type',
    part: 'input_type',
    body: { input: 'mark', input_type: 'query' },
    reached: /query/i,
  },
]

export const embeddingsFeatures: readonly Feature[] = cases.map((one) => ({
  group: 'Embeddings',
  title: one.title,
  parts: one.part === null ? [] : [one.part],
  observe: async (actor) => await observe(actor, one),
}))

async function observe(actor: Actor, { title, part, body, reached }: EmbeddingsCase): Promise<Observed> {
  const reply = await actor.post(body)
  const { losses } = actor
  if (losses === null) {
    if (reply.status !== 400 || actor.sent() !== '') throw new Error(`embeddings without embeddings: ${reply.text}`)
    return none
  }
  const how = howOf(actor, part)
  if (reply.status === 400) return refusalOf(actor, { title, part, body, reached }, reply)
  const vectors = vectorsIn(reply)
  const told = part === null ? undefined : reply.lost.get(part)
  const isThere = typeof reached === 'function' ? reached(vectors) : isIn(actor.sent(), reached)
  if (told === 'approximated') return { verdict: 'approximated', how }
  if (told === 'dropped') {
    if (isThere && typeof reached !== 'function') throw new Error(`${title} is told as dropped, and was sent`)
    return { verdict: 'dropped', how }
  }
  if (!isThere) throw new Error(`${title} got lost without a word: ${actor.sent()} became ${reply.text.slice(0, 300)}`)
  return exact
}

function howOf(actor: Actor, part: string | null): string {
  return part === null ? '' : lossFor(actor, part).how
}

/** By the gateway, which then asks nobody; or by who plays the provider, because OpenAI has no such part. */
function refusalOf(actor: Actor, { title, part, reached }: EmbeddingsCase, { text }: Reply): Observed {
  if (actor.sent() === '') return { verdict: 'refused', how: howOf(actor, part) || messageIn(text) }
  const isPassedOn = typeof reached !== 'function' && isIn(actor.sent(), reached)
  if (!isPassedOn) throw new Error(`${title} was refused with ${text} for ${actor.sent()}`)
  return { verdict: 'exact', how: 'passed on as it is; a server like OpenAI refuses it' }
}

/** What was said about the only target, without its name. */
function messageIn(text: string): string {
  const { message } = readError(JSON.parse(text))
  return /\(\S+: (.+)\)\.$/.exec(message)?.[1] ?? message
}

function isIn(sent: string, mark: string | RegExp): boolean {
  return typeof mark === 'string' ? sent.includes(mark) : mark.test(sent)
}

/** Throws where the answer is not one that OpenAI could have given. */
function vectorsIn({ status, text }: Reply): unknown[] {
  if (status !== 200) throw new Error(`no embeddings but ${status}: ${text}`)
  const checked = validateEmbeddingsResponse(JSON.parse(text))
  if (!checked.valid) throw new Error(`${JSON.stringify(checked.problems)} in ${text.slice(0, 300)}`)
  return checked.value.data.map(({ embedding }) => embedding)
}
