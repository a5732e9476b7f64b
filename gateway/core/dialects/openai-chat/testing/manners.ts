/**
 * Any answer, and any manner of sending it: what vendors of this language differ in, as values to draw. The wire is
 * written here by hand, not by anything that is under test.
 */
import fc from 'fast-check'

// ---- answers ----

interface Call {
  readonly name: string
  readonly input: Record<string, unknown> | null
}

export interface Answer {
  readonly choices: readonly {
    readonly reasoning: string
    readonly text: string
    readonly calls: readonly Call[]
    readonly finish: string
  }[]
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number } | null
}

const words = fc.array(fc.constantFrom('a', 'é', '日本', '🌍', '"', '\\', '\n', ' ', '{', 'data:'), { maxLength: 6 })
const text = words.map((some) => some.join(''))
const call: fc.Arbitrary<Call> = fc.record({
  name: fc.constantFrom('f', 'get_weather'),
  input: fc.oneof(fc.constant(null), fc.dictionary(fc.constantFrom('x', 'y'), fc.oneof(text, fc.integer()))),
})
export const answers: fc.Arbitrary<Answer> = fc.record({
  choices: fc.array(
    fc.record({
      reasoning: fc.oneof(fc.constant(''), text),
      text,
      calls: fc.array(call, { maxLength: 3 }),
      finish: fc.constantFrom('stop', 'length', 'tool_calls', 'eos'),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  usage: fc.oneof(fc.constant(null), fc.record({ prompt_tokens: fc.nat(99), completion_tokens: fc.nat(99) })),
})

// ---- manners ----

export const manners = fc.record({
  role: fc.constantFrom('first', 'every', 'never'),
  reasoningField: fc.constantFrom('reasoning_content', 'reasoning', 'reasoning_text', 'parts'),
  contentAs: fc.constantFrom('text', 'parts'),
  toolIndex: fc.boolean(),
  toolsWhole: fc.boolean(),
  namesAgain: fc.boolean(),
  emptyArguments: fc.constantFrom('', '{}', null),
  finishWithLast: fc.boolean(),
  usage: fc.constantFrom('alone', 'with finish', 'everywhere'),
  done: fc.boolean(),
  emptyFirst: fc.boolean(),
  comments: fc.boolean(),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
})
export type Manner = ReturnType<typeof manners.generate>['value']

const head = { id: 'chatcmpl-law', created: 1_710_000_000, model: 'm-1' }
const idOf = (choice: number, position: number): string => `call_${choice}_${position}`

function argumentsOf({ input }: Call, { emptyArguments }: Manner): string | null {
  return input === null ? emptyArguments : JSON.stringify(input)
}

function reasoningFields(value: string, { reasoningField }: Manner): Record<string, unknown> {
  if (reasoningField === 'parts') return { content: [{ type: 'thinking', thinking: [{ type: 'text', text: value }] }] }
  return { [reasoningField]: value }
}

function textFields(value: string, { contentAs }: Manner): Record<string, unknown> {
  return { content: contentAs === 'parts' ? [{ type: 'text', text: value }] : value }
}

export function wholeReply({ choices, usage }: Answer, manner: Manner): string {
  return JSON.stringify({
    ...head,
    choices: choices.map(({ reasoning, text: told, calls, finish }, index) => {
      const parts = [
        { type: 'thinking', thinking: [{ type: 'text', text: reasoning }] },
        { type: 'text', text: told },
      ]
      const fields =
        manner.reasoningField === 'parts'
          ? { content: parts }
          : { ...textFields(told, manner), ...reasoningFields(reasoning, manner) }
      const tool_calls = calls.map((one, position) => ({
        id: idOf(index, position),
        function: { name: one.name, arguments: argumentsOf(one, manner) },
      }))
      return { index, message: { ...fields, tool_calls }, finish_reason: finish }
    }),
    usage,
  })
}

/** Code points apart, as tokens come; never inside a surrogate pair, since each event is JSON of its own. */
function codePoints(value: string): string[] {
  return Array.from(value)
}

function deltasOf(choice: Answer['choices'][number], index: number, manner: Manner): Record<string, unknown>[] {
  const deltas: Record<string, unknown>[] = [
    ...codePoints(choice.reasoning).map((piece) => reasoningFields(piece, manner)),
    ...codePoints(choice.text).map((piece) => textFields(piece, manner)),
  ]
  for (const [position, one] of choice.calls.entries()) {
    const where = manner.toolIndex ? { index: position } : {}
    const id = idOf(index, position)
    const told = argumentsOf(one, manner)
    const first = { ...where, id, function: { name: one.name, arguments: manner.toolsWhole ? told : '' } }
    deltas.push({ tool_calls: [first] })
    if (manner.toolsWhole || told === null) continue
    for (const piece of codePoints(told)) {
      const again = manner.namesAgain
        ? { id, function: { name: one.name, arguments: piece } }
        : { function: { arguments: piece } }
      deltas.push({ tool_calls: [{ ...where, ...again }] })
    }
  }
  return deltas
}

function eventsOf({ choices, usage }: Answer, manner: Manner): object[] {
  const events: object[] = manner.emptyFirst ? [{ id: '', created: 0, model: '', choices: [] }] : []
  const everywhere = manner.usage === 'everywhere' ? { usage } : {}
  for (const [index, choice] of choices.entries()) {
    const deltas = [{}, ...deltasOf(choice, index, manner)]
    if (!manner.finishWithLast) deltas.push({})
    for (const [position, fields] of deltas.entries()) {
      const last = position === deltas.length - 1
      const role = manner.role === 'every' || (manner.role === 'first' && position === 0) ? { role: 'assistant' } : {}
      const ending = last ? { finish_reason: choice.finish } : {}
      const counted = last && manner.usage === 'with finish' ? { usage } : everywhere
      events.push({ ...head, choices: [{ index, delta: { ...role, ...fields }, ...ending }], ...counted })
    }
  }
  if (manner.usage === 'alone') events.push({ ...head, choices: [], usage })
  return events
}

export function bytesOf(drawn: Answer, manner: Manner): Uint8Array {
  const events = eventsOf(drawn, manner).map((event) => JSON.stringify(event))
  if (manner.done) events.push('[DONE]')
  const { lineEnd } = manner
  const comment = manner.comments ? `: wait${lineEnd}${lineEnd}` : ''
  return new TextEncoder().encode(events.map((data) => `${comment}data: ${data}${lineEnd}${lineEnd}`).join(''))
}
