/** Failures: that each of them becomes OpenAI's envelope, with the status that its class has. */
import type { Fault } from '../../gateway/simulators/behaviour.ts'
import type { Actor } from './actor.ts'
import { readError, say } from './actor.ts'
import type { Feature, Observed } from './feature.ts'
import { exact } from './feature.ts'

const words = 'the sky is falling'
const question = { messages: say('Hello.') }

/** `told`: what the caller gets; `quotes`: does it hear the provider's own words? */
function refusal(
  title: string,
  status: number,
  { told, quotes, retryAfter }: { readonly told: number; readonly quotes: boolean; readonly retryAfter?: number },
): Feature {
  return {
    group: 'Failures',
    title,
    parts: [],
    observe: async (actor) => {
      const wait = retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter }
      await actor.next({ faults: [{ kind: 'status', status, message: words, ...wait }] })
      const { status: given, text, headers } = await actor.post(question)
      const { message } = readError(JSON.parse(text))
      if (given !== told) throw new Error(`a ${status} became ${given}: ${text}`)
      // What a provider says of the operator's key or model is the operator's business.
      if (message.includes(words) !== quotes)
        throw new Error(`the provider's own words are ${quotes ? 'lost' : 'told'}: ${text}`)
      if (retryAfter !== undefined && headers.get('retry-after') !== String(retryAfter)) {
        throw new Error(`when to ask again was not told: ${headers.get('retry-after')}`)
      }
      return exact
    },
  }
}

async function fault(actor: Actor, one: Fault, more: { readonly chunks?: number } = {}): Promise<void> {
  await actor.next({ ...more, faults: [one] })
}

async function errorIn200(actor: Actor): Promise<Observed> {
  await fault(actor, { kind: 'error_event', message: words })
  const plain = await actor.post(question)
  if (plain.status !== 502) throw new Error(`an error in a 200 became ${plain.status}: ${plain.text}`)
  await fault(actor, { kind: 'error_event', after: 3, message: words }, { chunks: 20 })
  const { chunks, error } = await actor.stream(question)
  if (chunks.length < 3 || error?.message.includes(words) !== true) throw new Error('the stream hides its error')
  return exact
}

async function cutMidStream(actor: Actor): Promise<Observed> {
  await fault(actor, { kind: 'cut', after: 3 }, { chunks: 20 })
  const { error } = await actor.stream(question)
  if (error?.code !== 'stream_interrupted') throw new Error(`a cut stream ended with ${error?.code}`)
  return exact
}

async function emptyAnswer(actor: Actor): Promise<Observed> {
  await fault(actor, { kind: 'empty' })
  const { status, text } = await actor.post(question)
  if (status !== 502) throw new Error(`an empty 200 became ${status}: ${text}`)
  return exact
}

export const failureFeatures: readonly Feature[] = [
  refusal('400', 400, { told: 400, quotes: true }),
  refusal('401', 401, { told: 502, quotes: false }),
  refusal('404', 404, { told: 502, quotes: false }),
  refusal('429', 429, { told: 429, quotes: true, retryAfter: 7 }),
  refusal('500', 500, { told: 502, quotes: true }),
  { group: 'Failures', title: 'error in a 200', parts: [], observe: errorIn200 },
  { group: 'Failures', title: 'cut mid-stream', parts: [], observe: cutMidStream },
  { group: 'Failures', title: 'empty 200', parts: [], observe: emptyAnswer },
]
