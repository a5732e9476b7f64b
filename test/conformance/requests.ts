/**
 * Any request that OpenAI's API would take, and some it would not: for laws about encoding. What is said, shown, called
 * and answered carries a mark of its own (`m17m`), so that it can be looked for on the other side.
 */
import fc from 'fast-check'
import { signThinking } from '../../gateway/simulators/anthropic-messages/signature.ts'

/** Marks are numbered within one request, so that a shrunk one stays readable. */
const placeholder = /⟦mark⟧/g
export const markPattern = /m\d+m/g

/** The seed that the simulated provider signs its thinking with. */
export const signingSeed = 1

/** A few of the choices, one of them now and then. */
function mostly<Value>(usual: readonly Value[], odd: readonly Value[]): fc.Arbitrary<Value> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  )
}

// ---- messages ----

const said = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .constantFrom(
        'Hello.',
        'ünïcode 🌍',
        '{"a":1}',
        '\u{d800} alone',
        'null',
        ' white ',
        '"model"',
        'Use get_weather.',
      )
      .map((text) => `⟦mark⟧ ${text}`),
  },
  { weight: 1, arbitrary: fc.constantFrom('', ' ', '\n\t', '\u00a0') },
)
const cacheMark = mostly<object | null | undefined>([undefined], [{ type: 'ephemeral' }, null])
const marked = (part: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  fc.tuple(part, cacheMark).map(([whole, mark]) => (mark === undefined ? whole : { ...whole, cache_control: mark }))

const textPart = said.map((text) => ({ type: 'text', text }))
/** The mark is at the end of the data, as base64. */
const pictures = ['data:image/png;base64,iVBORw0KGgoA⟦data⟧', 'data:image/jpeg;base64,iVBORw0KGgoA⟦data⟧']
const image = fc
  .tuple(
    mostly([...pictures, 'https://example.test/⟦mark⟧.png'], ['http://example.test/⟦mark⟧.png', 'data:,x']),
    fc.constantFrom<unknown[]>(undefined, 'high', null),
  )
  .map(([url, detail]) => ({ type: 'image_url', image_url: { url, ...(detail !== undefined && { detail }) } }))
const oddPart = fc.constantFrom<object[]>(
  { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0x⟦data⟧' } },
  { type: 'file', file: { file_id: 'file-1' } },
  { type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } },
  { type: 'refusal', refusal: '⟦mark⟧' },
  { type: 'text' },
  { type: 'constructor' },
)
const userPart = fc.oneof(
  { weight: 6, arbitrary: textPart },
  { weight: 3, arbitrary: image },
  { weight: 1, arbitrary: oddPart },
)
const contentOf = (part: fc.Arbitrary<object>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 6, arbitrary: said },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 4, arbitrary: fc.array(marked(part), { maxLength: 3 }) },
  )

const names = mostly(['get_weather', 'get_time', 'a-b'], ['with.dot', 'with space', 'constructor', 'x'.repeat(129)])
const ids = mostly(['call_0', 'call_1', 'call_2', 'call_3'], ['1', 'functions.get:0', 'ü', 'x'.repeat(80)])
const given = mostly(['{"mark":"⟦mark⟧"}'], ['{}', '', '[1]', 'no json ⟦mark⟧', '{"__proto__":{"a":1}}'])
const call = fc
  .tuple(ids, names, given)
  .map(([id, name, text]) => ({ id, type: 'function', function: { name, arguments: text } }))
const thought = signThinking(signingSeed, 'nonce', 'why')
const extras = fc.record(
  {
    name: fc.constantFrom('ada', '', null),
    refusal: fc.constantFrom(null, '', 'I will not.'),
    reasoning_content: fc.constantFrom(null, '', 'why'),
    annotations: fc.constantFrom<unknown[]>([], null, [{ type: 'url_citation' }]),
    reasoning_details: fc.constantFrom<unknown[]>(
      null,
      [],
      [{ type: 'reasoning.encrypted', data: 'AA', format: 'openai-responses-v1', index: 0 }],
      [{ type: 'reasoning.text', text: 'why', signature: thought, format: 'anthropic-claude-v1', index: 0 }],
    ),
    prefix: fc.constant(true),
  },
  { requiredKeys: [] },
)

const system = fc.record({ role: fc.constantFrom('system', 'developer'), content: contentOf(textPart) })
const user = marked(fc.record({ role: fc.constant('user'), content: contentOf(userPart) }))
const assistant = fc
  .tuple(contentOf(textPart), extras)
  .map(([content, more]) => ({ role: 'assistant', content, ...more }))
const calling = fc.uniqueArray(call, { minLength: 1, maxLength: 4, selector: ({ id }) => id })
const results = fc.array(contentOf(fc.oneof({ weight: 3, arbitrary: textPart }, { weight: 1, arbitrary: image })), {
  minLength: 4,
  maxLength: 4,
})
const loop = fc
  .tuple(contentOf(textPart), calling, extras, results, fc.boolean())
  .map(([content, calls, more, answers, isReversed]) => {
    const answered = calls.map(({ id }, place) => ({ role: 'tool', tool_call_id: id, content: answers[place] }))
    const first = { role: 'assistant', content, tool_calls: calls, ...more }
    return [first, ...(isReversed ? answered.toReversed() : answered)]
  })
const older = fc.tuple(names, given, contentOf(textPart)).map(([name, text, content]) => [
  { role: 'assistant', content: null, function_call: { name, arguments: text } },
  { role: 'function', name, content },
])
/** Halves of a loop: OpenAI refuses some of them, and takes others. */
const halves = fc.oneof<fc.Arbitrary<object[]>[]>(loop, older).chain((both) => fc.subarray(both, { minLength: 1 }))

const messages = fc
  .array(
    fc.oneof<fc.MaybeWeightedArbitrary<object[]>[]>(
      { weight: 6, arbitrary: fc.oneof(user, user, system, assistant).map((message) => [message]) },
      { weight: 3, arbitrary: loop },
      { weight: 1, arbitrary: older },
      { weight: 1, arbitrary: halves },
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.flat())

// ---- tools and shapes ----

const leaf = mostly<unknown>(
  [{ type: 'string' }, { type: 'integer', minimum: 1 }, { type: ['string', 'null'] }, { $ref: '#/$defs/d' }, {}],
  [true, { not: {} }, { type: 'object', additionalProperties: { type: 'string' } }, { type: null }, { const: 1 }],
)
const keys = mostly(['a', 'b', 'c'], ['long name', '$x', 'constructor'])
const inner = fc.dictionary(keys, leaf, { maxKeys: 3 }).map((properties) => ({ type: 'object', properties }))
const rootSchema = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(keys, fc.oneof(leaf, inner), { maxKeys: 4 }),
        required: fc.constantFrom(['a'], []),
        additionalProperties: fc.constantFrom<unknown[]>(false, true),
        $defs: fc.constant({ d: { type: 'string' } }),
      },
      { requiredKeys: ['type', 'properties'] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<object[]>(
      {},
      { type: ['object', 'null'], properties: {} },
      {
        anyOf: [
          { type: 'object', properties: { a: {} } },
          { type: 'object', properties: { b: {} } },
        ],
      },
      { type: 'array', items: {} },
    ),
  },
)
const tool = fc
  .tuple(names, rootSchema, fc.constantFrom(undefined, null, true), cacheMark)
  .map(([name, parameters, strict, mark]) => ({
    type: 'function',
    function: { name, parameters, ...(strict !== undefined && { strict }) },
    ...(mark !== undefined && { cache_control: mark }),
  }))
const manyTools = Array.from({ length: 100 }, (_, place) => ({
  type: 'function',
  function: { name: `t${place}`, strict: true, parameters: { type: 'object', properties: {} } },
}))
const tools = fc.oneof<fc.MaybeWeightedArbitrary<unknown>[]>(
  { weight: 6, arbitrary: fc.array(tool, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(null, manyTools, [{ type: 'custom', custom: { name: 'shell' } }]) },
)
const named = names.map((name) => ({ type: 'function', function: { name } }))

// ---- everything else ----

const numbers = (...some: number[]): fc.Arbitrary<number | null> => fc.constantFrom(null, ...some)
const fields: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  tools,
  tool_choice: fc.oneof(fc.constantFrom(null, 'auto', 'none', 'required', 'constructor'), named),
  parallel_tool_calls: fc.constantFrom(true, false, null),
  functions: fc.constantFrom<unknown[]>([], null, [{ name: 'get_time' }]),
  function_call: fc.constantFrom<unknown[]>('auto', 'none', null, { name: 'get_time' }),
  response_format: fc.oneof(
    fc.constantFrom(null, { type: 'text' }, { type: 'json_object' }),
    rootSchema.map((schema) => ({ type: 'json_schema', json_schema: { name: 'my shape!', schema, strict: true } })),
  ),
  stream: fc.constantFrom(true, false, null),
  stream_options: fc.constantFrom<unknown[]>({ include_usage: true }, null, {}),
  max_tokens: numbers(0, 1, 2000, 1e6),
  max_completion_tokens: numbers(1, 4000, 1e7),
  n: numbers(1, 2),
  stop: fc.constantFrom<unknown[]>('', ' ', 'END', [], ['a', 'b', 'c', 'd', 'e'], ['', 'x'], null),
  temperature: numbers(0, 0.5, 1, 2),
  top_p: numbers(0, 0.5, 0.99, 1),
  top_k: numbers(0, 5),
  frequency_penalty: numbers(-2, 0, 2),
  seed: numbers(-1, 7),
  logprobs: fc.constantFrom(true, false, null),
  top_logprobs: numbers(0, 20),
  logit_bias: fc.constantFrom<unknown[]>({}, { 1: 5 }, null),
  reasoning_effort: fc.constantFrom('none', 'minimal', 'high', 'xhigh', 'max', '', null, 'constructor'),
  user: fc.constantFrom('u', 'a@b.example', '', null, 'x'.repeat(300)),
  service_tier: fc.constantFrom('auto', 'flex', '__proto__', null),
  store: fc.constantFrom(true, null),
  metadata: fc.constantFrom<unknown[]>({ a: 'b' }, {}, null),
  web_search_options: fc.constantFrom<unknown[]>({}, { search_context_size: 'low' }, null),
  keep_alive: fc.constant('5m'),
  'a name of nobody': fc.constant(1),
}
/** A handful of them at a time: with all at once every request would be refused for one. */
const someFields = fc
  .subarray(Object.keys(fields), { maxLength: 6 })
  .chain((chosen) => fc.record(Object.fromEntries(chosen.map((name) => [name, fields[name] ?? fc.constant(null)]))))

/** As JSON, each place with its own mark. */
export const requestTexts: fc.Arbitrary<string> = fc.tuple(messages, someFields).map(([conversation, more]) => {
  let count = 0
  const next = (): string => `m${(count += 1)}m`
  const whole = JSON.stringify({ model: 'asked', messages: conversation, ...more })
  return whole.replace(placeholder, next).replaceAll('⟦data⟧', () => btoa(`.${next()}`.padEnd(9, '.')))
})
