/**
 * Conversations that one client library had with many providers: what it sent to OpenAI-shaped hosts, through our
 * dialect, is held against what it sent to Cohere, which was answered 200. Both are brought into a normal form first.
 * One library's choices are not law, so where we send something else on purpose, it stands here by name.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cohereChat } from '../../gateway/core/dialects/cohere-chat/index.ts'
import { encoded } from '../../gateway/core/dialects/testing/encode.ts'
import type { ChatCompletionRequest } from '../../schemas/index.ts'
import { validateChatCompletionRequest } from '../../schemas/validate-chat-completion-request.ts'
import { missingFixtures, pairsFolder } from './fixtures.ts'

// oxlint-disable typescript/no-explicit-any -- recorded JSON

interface Sibling {
  readonly provider: string
  readonly turns: readonly { readonly request: { readonly body: any } }[]
}

interface Pair {
  readonly scenario: string
  readonly openai: readonly Sibling[]
  readonly native: readonly Sibling[]
}

const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`
const pairs: readonly Pair[] =
  missingFixtures === null
    ? readdirSync(pairsFolder).map((name) => JSON.parse(readFileSync(join(pairsFolder, name), 'utf8')) as Pair)
    : []

// ---- the normal form ----

interface Form {
  readonly system: unknown
  readonly turns: readonly unknown[]
  readonly tools: unknown
  readonly choice: unknown
  readonly temperature: number | null
  readonly stream: boolean
  readonly thinks: boolean
  readonly format: unknown
}

/**
 * System texts, wherever they stand; roles and parts in order; tools and the choice between them; which result belongs to which call; sampling; thinking on
 * or off; the schema of the answer. Ids become the order of their calls. What the models said in between differs between
 * siblings, so it is only there or not, and beside calls not even that.
 */
function normal(body: any): Form {
  const ids: string[] = []
  const idOf = (id: string): number => (ids.includes(id) ? ids.indexOf(id) : ids.push(id) - 1)
  const isSystem = ({ role }: any): boolean => role === 'system'
  return {
    system: body.messages.filter(isSystem).flatMap(({ content }: any) => partsOf(content)),
    turns: body.messages.filter((message: any) => !isSystem(message)).map((message: any) => normalTurn(message, idOf)),
    tools: (body.tools ?? []).map(({ function: declared }: any) => withoutStrict(declared)),
    choice: body.tool_choice ?? 'auto',
    temperature: body.temperature ?? null,
    stream: body.stream === true,
    thinks: body.thinking?.type === 'enabled',
    format: body.response_format ?? null,
  }
}

function normalTurn({ role, content, tool_calls: calls = [], tool_call_id: id }: any, idOf: (id: string) => number) {
  if (role === 'assistant') {
    const called = calls.map(({ id: callId, function: { name, arguments: given } }: any) => [
      idOf(callId),
      name,
      Object.keys(JSON.parse(given)),
    ])
    return { role, calls: called, said: called.length > 0 ? null : partsOf(content).length > 0 }
  }
  // Places that the model made up are in what the tool said.
  const parts = partsOf(content).map((part: any) => {
    if (part.type === 'text') return { ...part, text: part.text.replace(/at \S+ \S+:/, 'at') }
    // The detail that is meant where none is said.
    return { image: part.image_url.url, detail: part.image_url.detail ?? 'auto' }
  })
  return { role, parts, ...(role === 'tool' && { of: idOf(id) }) }
}

/** To OpenAI-shaped hosts the library says it inside the schema, where it means nothing. */
function withoutStrict({ parameters: { strict: _strict, ...parameters }, ...declared }: any): unknown {
  return { ...declared, parameters }
}

function partsOf(content: any): any[] {
  if (content === null || content === undefined) return []
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}

// ---- differences, by name ----

/** Where the library asked one host for something else than it asked Cohere for: what of the form differs. */
function othersOf(name: string, native: any): Partial<Form> {
  // It asks these hosts for reasoning with a field of their own.
  if (/with-extended-thinking\S+ of (?:openrouter|ollama)/.test(name)) return { thinks: false }
  // It names the tool where it could say that any will do; that one is demanded alone, which is the same.
  if (native.tool_choice === 'REQUIRED') return { choice: 'REQUIRED' }
  return {}
}

/** Two requests have `image_url` as a bare text, which their host takes and OpenAI's API does not. */
function requestOf(body: any): ChatCompletionRequest {
  const messages = body.messages.map(({ content, ...message }: any) => ({
    ...message,
    content: Array.isArray(content) ? content.map(withImageObject) : content,
  }))
  const checked = validateChatCompletionRequest({ ...body, messages, model: 'asked-model' })
  if (!checked.valid) throw new Error(checked.problems[0].message)
  return checked.value
}

function withImageObject(part: any): unknown {
  return typeof part.image_url === 'string' ? { ...part, image_url: { url: part.image_url } } : part
}

interface Turn {
  readonly name: string
  readonly asked: any
  readonly native: any
}

/** Each turn with the same turn of the other conversation. */
const turns: readonly Turn[] = pairs.flatMap(({ scenario, openai, native }) => {
  const own = native.find(({ provider }) => provider === 'cohere')
  return openai.flatMap(({ provider, turns: asked }) =>
    asked.flatMap(({ request }, index) => {
      const counterpart = own?.turns[index]
      const name = `${scenario} of ${provider}, turn ${index + 1}`
      return counterpart === undefined ? [] : [{ name, asked: request.body, native: counterpart.request.body }]
    }),
  )
})

describe.skipIf(missingFixtures !== null)(`conversations that were had with Cohere as well${why}`, () => {
  it('are there', () => {
    expect(turns.length).toBeGreaterThan(150)
  })

  it.each(turns.map((turn) => [turn.name, turn] as const))('%s', (name, { asked, native }) => {
    const { body } = encoded(cohereChat, requestOf(asked), { model: native.model })
    expect(normal(JSON.parse(body))).toEqual({
      ...normal(native),
      // The library sent its requests to some hosts in another order: first the stream.
      stream: asked.stream,
      ...othersOf(name, native),
    })
  })
})
