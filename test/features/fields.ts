/** Features that are parts of a request: sent, and looked for in what reached the provider. */
import type { RequestField } from '../../gateway/core/chat/request-fields.ts'
import type { Actor, Reply } from './actor.ts'
import { firstChoice, readCompletion, lossFor, say } from './actor.ts'
import type { Feature, FeatureGroup, Observed } from './feature.ts'
import { exact } from './feature.ts'

interface FieldCase {
  readonly group: FeatureGroup
  readonly title: string
  readonly part: RequestField
  /** Beside model and messages, or with messages of its own. */
  readonly body: object
  /** Did the provider get what was asked for? By what stands in the request it got, or by what came back. */
  readonly reached: string | RegExp | ((reply: Reply) => boolean)
}

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Weather of a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}
const clock = { type: 'function', function: { name: 'get_time', description: 'The time.' } }
export const tools = [weather, clock]

const redPixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='
const image = (more: object) =>
  say([
    { type: 'text', text: 'What is this?' },
    { type: 'image_url', image_url: more },
  ])
const imageData = `data:image/png;base64,${redPixel}`
const person = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name', 'age'],
  additionalProperties: false,
}

const callsIn = (reply: Reply) => firstChoice(readCompletion(reply)).message.tool_calls ?? []
const nameOf = (reply: Reply) => callsIn(reply).map((call) => (call.type === 'function' ? call.function.name : ''))
const textIn = (reply: Reply) => firstChoice(readCompletion(reply)).message.content ?? ''

const cases: readonly FieldCase[] = [
  {
    group: 'Conversation',
    title: 'system message',
    part: 'messages[system]',
    body: { messages: [{ role: 'system', content: 'mark-s' }, ...say('Hello.')] },
    reached: 'mark-s',
  },
  {
    group: 'Conversation',
    title: 'developer message',
    part: 'messages[developer]',
    body: { messages: [{ role: 'developer', content: 'mark-d' }, ...say('Hello.')] },
    reached: 'mark-d',
  },
  {
    group: 'Conversation',
    title: 'name of a speaker',
    part: 'messages[].name',
    body: { messages: [{ role: 'user', name: 'mark-ada', content: 'Hello.' }] },
    reached: 'mark-ada',
  },
  {
    group: 'Tools',
    title: 'tool_choice none',
    part: 'tool_choice[none]',
    body: { messages: say('Use get_time.'), tools, tool_choice: 'none' },
    reached: (reply) => callsIn(reply).length === 0,
  },
  {
    group: 'Tools',
    title: 'tool_choice required',
    part: 'tool_choice[required]',
    body: { tools, tool_choice: 'required' },
    reached: (reply) => callsIn(reply).length > 0,
  },
  {
    group: 'Tools',
    title: 'one tool by name',
    part: 'tool_choice[function]',
    body: { tools, tool_choice: { type: 'function', function: { name: 'get_time' } } },
    reached: (reply) => nameOf(reply).join() === 'get_time',
  },
  {
    group: 'Tools',
    title: 'no parallel calls',
    part: 'parallel_tool_calls',
    body: { messages: say('Use get_weather and get_time.'), tools, parallel_tool_calls: false },
    reached: /parallel/,
  },
  {
    group: 'Tools',
    title: 'strict schema',
    part: 'tools[].strict',
    body: {
      tools: [{ type: 'function', function: { name: 'find', strict: true, parameters: person } }],
    },
    // Some hold all tools of a request to their schemas, by a mode.
    reached: /"strict(?:_tools)?":true|"VALIDATED"/,
  },
  {
    group: 'Shape of the answer',
    title: 'JSON object',
    part: 'response_format[json_object]',
    body: { messages: say('Give me a person as JSON.'), response_format: { type: 'json_object' } },
    reached: (reply) => typeof JSON.parse(textIn(reply)) === 'object',
  },
  {
    group: 'Shape of the answer',
    title: 'JSON schema',
    part: 'response_format[json_schema]',
    body: {
      messages: say('Give me a person as JSON.'),
      response_format: { type: 'json_schema', json_schema: { name: 'person', strict: true, schema: person } },
    },
    reached: (reply) =>
      Object.keys(JSON.parse(textIn(reply)) as object)
        .toSorted()
        .join() === 'age,name',
  },
  {
    group: 'Shape of the answer',
    title: 'n: 2',
    part: 'n',
    body: { n: 2 },
    reached: (reply) => readCompletion(reply).choices.length === 2,
  },
  {
    group: 'Shape of the answer',
    title: 'logprobs',
    part: 'logprobs',
    body: { logprobs: true },
    reached: /logprobs/i,
  },
  {
    group: 'Shape of the answer',
    title: 'verbosity',
    part: 'verbosity',
    body: { verbosity: 'low' },
    reached: /verbosity/,
  },
  {
    group: 'Images, audio and files',
    title: 'image as data',
    part: 'messages[].content[image_url].data',
    body: { messages: image({ url: imageData }) },
    reached: redPixel,
  },
  {
    group: 'Images, audio and files',
    title: 'image by URL',
    part: 'messages[].content[image_url].url',
    body: { messages: image({ url: 'https://example.test/mark.png' }) },
    reached: 'example.test/mark.png',
  },
  {
    group: 'Images, audio and files',
    title: 'image detail',
    part: 'messages[].content[image_url].detail',
    body: { messages: image({ url: imageData, detail: 'low' }) },
    reached: /"detail":"low"/,
  },
  {
    group: 'Images, audio and files',
    title: 'audio',
    part: 'messages[].content[input_audio]',
    body: { messages: say([{ type: 'input_audio', input_audio: { data: 'UklGRiQAAABXQVZF', format: 'wav' } }]) },
    reached: 'UklGRiQAAABXQVZF',
  },
  {
    group: 'Images, audio and files',
    title: 'file as data',
    part: 'messages[].content[file].file_data',
    body: {
      messages: say([
        { type: 'text', text: 'Read this.' },
        { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0xLjQK' } },
      ]),
    },
    reached: 'JVBERi0xLjQK',
  },
  {
    group: 'Reasoning',
    title: 'reasoning_effort',
    part: 'reasoning_effort',
    body: { reasoning_effort: 'low' },
    reached: /effort|think|budget/i,
  },
  {
    group: 'Length and sampling',
    title: 'stop',
    part: 'stop',
    body: { stop: ['mark-end'] },
    reached: 'mark-end',
  },
  {
    group: 'Length and sampling',
    title: 'temperature',
    part: 'temperature',
    body: { temperature: 0.375 },
    reached: '0.375',
  },
  { group: 'Length and sampling', title: 'top_p', part: 'top_p', body: { top_p: 0.625 }, reached: '0.625' },
  { group: 'Length and sampling', title: 'seed', part: 'seed', body: { seed: 424_242 }, reached: '424242' },
  {
    group: 'Length and sampling',
    title: 'presence_penalty',
    part: 'presence_penalty',
    body: { presence_penalty: 0.4375 },
    reached: '0.4375',
  },
  {
    group: 'Length and sampling',
    title: 'frequency_penalty',
    part: 'frequency_penalty',
    body: { frequency_penalty: 0.5625 },
    reached: '0.5625',
  },
  {
    group: 'Length and sampling',
    title: 'logit_bias',
    part: 'logit_bias',
    body: { logit_bias: { 50256: -77 } },
    reached: '-77',
  },
  { group: 'Account', title: 'user', part: 'user', body: { user: 'mark-user' }, reached: 'mark-user' },
  {
    group: 'Account',
    title: 'metadata',
    part: 'metadata',
    body: { metadata: { team: 'mark-team' } },
    reached: 'mark-team',
  },
  { group: 'Account', title: 'store', part: 'store', body: { store: true }, reached: /"store":true/ },
  {
    group: 'Account',
    title: 'service_tier',
    part: 'service_tier',
    body: { service_tier: 'default' },
    reached: /tier/i,
  },
]

export const fieldFeatures: readonly Feature[] = cases.map((one) => ({
  group: one.group,
  title: one.title,
  parts: [one.part],
  observe: async (actor) => {
    const { above, how } = lossFor(actor, one.part)
    if (above === undefined) return await observeField(actor, one)
    // Small values are exact, and only those above are not.
    const small = await observeField(actor, one)
    const great = await observeField(actor, { ...one, body: { [one.part]: above + 0.0625 } })
    if (small.verdict !== 'exact') throw new Error(`${one.part} is ${small.verdict} below ${above} too`)
    return { verdict: great.verdict, how: `above ${above}: ${how}` }
  },
}))

/** What became of one part. Throws when it was lost without a word, or told as lost and sent all the same. */
async function observeField(actor: Actor, { part, body, reached }: FieldCase): Promise<Observed> {
  const reply = await actor.post({ messages: say('Hello.'), ...body })
  const { how } = lossFor(actor, part)
  if (reply.status === 400 && reply.text.includes('unsupported_by_target')) {
    if (actor.sent() !== '') throw new Error(`${part} was refused, and the provider was asked all the same`)
    return { verdict: 'refused', how }
  }
  readCompletion(reply)
  const told = reply.lost.get(part)
  const others = [...reply.lost.keys()].filter((name) => name !== part)
  if (others.length > 0) throw new Error(`only ${part} was asked for, and ${others.join()} is told as lost`)
  if (told === 'approximated') return { verdict: 'approximated', how }
  const isThere = typeof reached === 'function' ? reached(reply) : isIn(actor.sent(), reached)
  if (told === 'dropped') {
    // What came back may look right by chance.
    if (isThere && typeof reached !== 'function') throw new Error(`${part} is told as dropped, and was sent`)
    return { verdict: 'dropped', how }
  }
  if (!isThere) throw new Error(`${part} did not reach the provider, and nobody was told: ${actor.sent()}`)
  return exact
}

function isIn(sent: string, mark: string | RegExp): boolean {
  return typeof mark === 'string' ? sent.includes(mark) : mark.test(sent)
}
