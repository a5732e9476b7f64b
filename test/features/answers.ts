/** Features of answers: text, streams, calls, reasoning, length and what was used up. */
import type { ChatCompletion } from '../../schemas/index.ts'
import type { Actor } from './actor.ts'
import { firstChoice, lossFor, say } from './actor.ts'
import type { Feature, Observed } from './feature.ts'
import { absent, exact } from './feature.ts'
import { tools } from './fields.ts'

type Message = ChatCompletion['choices'][number]['message']

/** Throws unless it holds: no answer of any provider may be otherwise. */
function demand(holds: boolean, what: string, value?: unknown): void {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(value)}`)
}

async function text(actor: Actor): Promise<Observed> {
  const { completion } = await actor.complete({ messages: say('Hello.') })
  const { message, finish_reason: finish } = firstChoice(completion)
  demand(finish === 'stop' && /^[A-Z].*\.$/.test(message.content ?? ''), 'no text', completion)
  return exact
}

async function streaming(actor: Actor): Promise<Observed> {
  const { completion } = await actor.complete({ messages: say('Hello.') })
  const folded = await actor.streamed({ messages: say('Hello.') })
  demand(firstChoice(folded).message.content === firstChoice(completion).message.content, 'another text', folded)
  return exact
}

async function turns(actor: Actor): Promise<Observed> {
  const messages = [...say('mark-1'), { role: 'assistant', content: 'mark-2' }, ...say('mark-3')]
  await actor.complete({ messages })
  const places = ['mark-1', 'mark-2', 'mark-3'].map((mark) => actor.sent().indexOf(mark))
  demand(
    places.every((place, index) => place > (places[index - 1] ?? -1)),
    'turns out of order',
    actor.sent(),
  )
  return exact
}

// ---- tools ----

const question = say('Use get_weather and get_time.')

function callsOf({ tool_calls: calls = [] }: Message) {
  return calls.flatMap((call) => (call.type === 'function' ? [call] : []))
}

async function askForCalls(actor: Actor): Promise<Message> {
  return firstChoice((await actor.complete({ messages: question, tools })).completion).message
}

async function parallelCalls(actor: Actor): Promise<Observed> {
  const { loss, observed } = toolRowOf(actor, 'tools')
  if (loss !== 'exact' && loss !== 'approximated') return await refusedOrDropped(actor, observed)
  const calls = callsOf(await askForCalls(actor))
  demand(calls.map((call) => call.function.name).join() === 'get_weather,get_time', 'not two calls', calls)
  demand(new Set(calls.map(({ id }) => id)).size === 2, 'ids that are alike', calls)
  const streamed = callsOf(firstChoice(await actor.streamed({ messages: question, tools })).message)
  demand(streamed.map((call) => call.function.name).join() === 'get_weather,get_time', 'not so streamed', streamed)
  return observed
}

async function callWithoutArguments(actor: Actor): Promise<Observed> {
  const { loss, observed } = toolRowOf(actor, 'tools')
  if (loss !== 'exact' && loss !== 'approximated') return await refusedOrDropped(actor, observed)
  const call = callsOf(await askForCalls(actor)).find(({ function: { name } }) => name === 'get_time')
  demand(call?.function.arguments === '{}', 'arguments where there are none', call)
  return observed
}

async function resultsInAnyOrder(actor: Actor): Promise<Observed> {
  const { loss, observed } = toolRowOf(actor, 'messages[tool]')
  if (loss !== 'exact' && loss !== 'approximated') return await refusedOrDropped(actor, observed)
  const message = await askForCalls(actor)
  const results = callsOf(message).map(({ id }, index) => ({
    role: 'tool',
    tool_call_id: id,
    content: `mark-${index}`,
  }))
  for (const order of [results, results.toReversed()]) {
    const { completion } = await actor.complete({ messages: [...question, message, ...order], tools })
    demand(/mark-[01]/.test(firstChoice(completion).message.content ?? ''), 'the results did not arrive', completion)
    demand(actor.sent().includes('mark-0') && actor.sent().includes('mark-1'), 'a result is missing', actor.sent())
  }
  return observed
}

interface Row {
  readonly loss: Observed['verdict']
  readonly observed: Observed
}

function toolRowOf(actor: Actor, part: 'tools' | 'messages[tool]'): Row {
  const { fidelity, how } = lossFor(actor, part)
  return { loss: fidelity, observed: { verdict: fidelity, how: fidelity === 'exact' ? '' : how } }
}

/** Where the table says that there are no tools, none may reach the provider. */
async function refusedOrDropped(actor: Actor, observed: Observed): Promise<Observed> {
  const reply = await actor.post({ messages: question, tools })
  demand(!actor.sent().includes('get_time'), 'tools were sent', actor.sent())
  demand(observed.verdict === 'refused' ? reply.status === 400 : reply.lost.has('tools'), 'not told', reply.text)
  return observed
}

// ---- reasoning ----

const thought = 'let me think of mark-why'
const thinking = { reply: { reasoning: thought, text: 'four' } }

/** What is not shown nobody can pass on. */
function unshown({ row }: Actor): Observed {
  if (row.player !== 'openai') return absent('its answers do not show it')
  const shown = 'where it comes as `reasoning_content` or `reasoning`, it is passed on'
  return absent(`played in the manner of OpenAI, which does not show it; ${shown}`)
}

async function shownReasoning(actor: Actor): Promise<Observed> {
  await actor.next(thinking, thinking)
  const body = { messages: say('2+2'), reasoning_effort: 'low' }
  const { message } = firstChoice((await actor.complete(body)).completion)
  const { message: streamed } = firstChoice(await actor.streamed(body))
  demand(message.reasoning_content === streamed.reasoning_content, 'another one in the stream', [message, streamed])
  if (message.reasoning_content === undefined) return unshown(actor)
  demand(message.reasoning_content === thought && message.content === 'four', 'other reasoning', message)
  return exact
}

/** A call that was thought about, and the next turn with all that the caller was given. */
async function reasoningInLoops(actor: Actor): Promise<Observed> {
  const { loss, observed } = toolRowOf(actor, 'tools')
  if (loss === 'refused') return await refusedOrDropped(actor, observed)
  await actor.next({ reply: { reasoning: thought, toolCalls: [{ name: 'get_time', arguments: '{}' }] } })
  const asked = { messages: say('What time is it?'), tools, reasoning_effort: 'low' }
  const { message } = firstChoice((await actor.complete(asked)).completion)
  if (message.reasoning_content === undefined && message['reasoning_details'] === undefined) return unshown(actor)
  const results = callsOf(message).map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'noon' }))
  const { reply } = await actor.complete({ ...asked, messages: [...asked.messages, message, ...results] })
  const part = (['messages[].reasoning_details', 'messages[].reasoning_content'] as const).find((name) =>
    reply.lost.has(name),
  )
  const isThere = actor.sent().includes(thought)
  if (isThere) return exact
  demand(part !== undefined, 'reasoning was left out without a word', actor.sent())
  const { how } = lossFor(actor, part ?? 'messages[].reasoning_content')
  return { verdict: 'dropped', how }
}

// ---- length and usage ----

async function lengthStop(actor: Actor): Promise<Observed> {
  const body = { messages: say('Hello.'), max_completion_tokens: 5 }
  const { completion } = await actor.complete(body)
  demand(firstChoice(completion).finish_reason === 'length', 'another end', completion)
  demand(firstChoice(await actor.streamed(body)).finish_reason === 'length', 'another end in the stream')
  return exact
}

async function usage(actor: Actor): Promise<Observed> {
  await actor.next({ reply: { text: 'four', usage: { promptTokens: 31, completionTokens: 7 } } })
  const { completion } = await actor.complete({ messages: say('2+2') })
  const { usage: used } = completion
  demand(used?.prompt_tokens === 31 && used.completion_tokens === 7 && used.total_tokens === 38, 'other counts', used)
  return exact
}

async function streamedUsage(actor: Actor): Promise<Observed> {
  const patch = { reply: { text: 'four', usage: { promptTokens: 31, completionTokens: 7 } } }
  await actor.next(patch, patch)
  const asked = await actor.stream({ messages: say('2+2'), stream_options: { include_usage: true } })
  demand(asked.chunks.at(-1)?.usage?.total_tokens === 38, 'no usage in the stream', asked.chunks.at(-1))
  const unasked = await actor.stream({ messages: say('2+2') })
  demand(!unasked.chunks.some((chunk) => 'usage' in chunk), 'usage that nobody asked for', unasked.chunks.at(-1))
  return exact
}

async function cachedTokens(actor: Actor): Promise<Observed> {
  await actor.next({ reply: { text: 'four', usage: { promptTokens: 31, completionTokens: 7, cachedTokens: 13 } } })
  const { completion } = await actor.complete({ messages: say('2+2') })
  const { usage: used } = completion
  demand(used?.prompt_tokens === 31, 'the prompt was counted otherwise', used)
  const cached = used?.prompt_tokens_details?.cached_tokens
  if (cached === undefined || cached === 0) return absent('its answers do not count them')
  demand(cached === 13, 'other counts', used)
  return exact
}

async function reasoningTokens(actor: Actor): Promise<Observed> {
  const counted = { promptTokens: 31, completionTokens: 17, reasoningTokens: 11 }
  await actor.next({ reply: { reasoning: thought, text: 'four', usage: counted } })
  const { completion } = await actor.complete({ messages: say('2+2'), reasoning_effort: 'low' })
  const { usage: used } = completion
  demand(used?.completion_tokens === 17, 'the answer was counted otherwise', used)
  const reasoned = used?.completion_tokens_details?.reasoning_tokens
  if (reasoned === undefined || reasoned === 0) return absent('its answers do not count them')
  demand(reasoned === 11, 'other counts', used)
  return exact
}

export const answerFeatures: readonly Feature[] = [
  { group: 'Conversation', title: 'text', parts: [], observe: text },
  { group: 'Conversation', title: 'stream', parts: ['stream'], observe: streaming },
  { group: 'Conversation', title: 'turns', parts: [], observe: turns },
  { group: 'Tools', title: 'parallel calls', parts: ['tools'], observe: parallelCalls },
  { group: 'Tools', title: 'call without arguments', parts: ['tools'], observe: callWithoutArguments },
  { group: 'Tools', title: 'results in any order', parts: ['messages[tool]'], observe: resultsInAnyOrder },
  { group: 'Reasoning', title: 'reasoning in the answer', parts: [], observe: shownReasoning },
  { group: 'Reasoning', title: 'reasoning in tool loops', parts: [], observe: reasoningInLoops },
  { group: 'Length and sampling', title: 'cut off for length', parts: [], observe: lengthStop },
  { group: 'Usage', title: 'tokens', parts: [], observe: usage },
  { group: 'Usage', title: 'tokens of a stream', parts: ['stream_options'], observe: streamedUsage },
  { group: 'Usage', title: 'cached tokens', parts: [], observe: cachedTokens },
  { group: 'Usage', title: 'reasoning tokens', parts: [], observe: reasoningTokens },
]
