/**
 * Conversations that one client library had with many providers: what it sent to OpenAI-shaped hosts, through our
 * dialect, is held against what it sent to Anthropic, which was answered 200. Both are brought into a normal form first.
 * One library's choices are not law, so where we send something else on purpose, it stands here by name.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { anthropicMessages } from '../../gateway/core/dialects/anthropic-messages/index.ts'
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
  readonly system: string
  readonly turns: readonly { readonly role: string; readonly blocks: readonly unknown[] }[]
  readonly tools: unknown
  readonly choice: unknown
  readonly temperature: number
  readonly topK: number | null
  readonly stream: boolean
  readonly thinks: boolean
  readonly schema: unknown
}

/**
 * Roles and parts in order; system text; tools and the choice between them; which result belongs to which call;
 * sampling; thinking on or off; the schema of the answer. Ids become the order of their calls. What the models said in
 * between differs between siblings, so it is only there or not.
 */
function normal(body: any): Form {
  const ids: string[] = []
  const idOf = (id: string): number => (ids.includes(id) ? ids.indexOf(id) : ids.push(id) - 1)
  return {
    system: textsOf(body.system).join('\n'),
    turns: body.messages.map(({ role, content }: any) => ({
      role,
      blocks: compared(blocksOf(content)).map((block: any) => normalBlock(block, role, idOf)),
    })),
    tools: (body.tools ?? []).map(({ name, description, input_schema: schema }: any) => ({
      name,
      description,
      schema,
    })),
    choice: body.tool_choice ?? { type: 'auto' },
    temperature: body.temperature ?? 1,
    topK: body.top_k ?? null,
    stream: body.stream === true,
    thinks: body.thinking?.type === 'enabled',
    schema: body.output_config?.format?.schema ?? null,
  }
}

/** What a model said beside its calls, or not, is its own affair. */
function compared(blocks: any[]): any[] {
  return blocks.some(({ type }) => type === 'tool_use') ? blocks.filter(({ type }) => type !== 'text') : blocks
}

function normalBlock(block: any, role: string, idOf: (id: string) => number): unknown {
  switch (block.type) {
    case 'text':
      return role === 'assistant' ? 'text' : { text: block.text }
    case 'image':
      return { image: block.source }
    case 'tool_use':
      return { call: idOf(block.id), name: block.name, input: Object.keys(block.input) }
    case 'tool_result':
      // Places that the model made up are in what the tool said.
      return {
        result: idOf(block.tool_use_id),
        content: textsOf(block.content).map((told) => told.replace(/at \S+ \S+:/, 'at')),
      }
    default:
      return block
  }
}

function blocksOf(content: any): any[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}

function textsOf(content: any): string[] {
  if (content === undefined) return []
  return blocksOf(content).map(({ text }: any) => text)
}

// ---- differences, by name ----

/** Where the library asked one host for something else than it asked Anthropic for: what of the form differs. */
const otherwise: Readonly<Record<string, Partial<Form>>> = {
  // It names the tool where it could say that any will do.
  'tool-choice-and-calls-control-respects-choice-required-for-unrelated-queries of mistral, turn 1': {
    choice: { type: 'tool', name: 'weather' },
  },
  // It asks for reasoning with a field of the host's own.
  'with-extended-thinking-returns-thinking-when-available of openrouter, turn 1': { thinks: false },
  'with-extended-thinking-returns-thinking-when-available of ollama, turn 1': { thinks: false },
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
  const own = native.find(({ provider }) => provider === 'anthropic')
  return openai.flatMap(({ provider, turns: asked }) =>
    asked.flatMap(({ request }, index) => {
      const counterpart = own?.turns[index]
      const name = `${scenario} of ${provider}, turn ${index + 1}`
      return counterpart === undefined ? [] : [{ name, asked: request.body, native: counterpart.request.body }]
    }),
  )
})

describe.skipIf(missingFixtures !== null)(`conversations that were had with Anthropic as well${why}`, () => {
  it('are there', () => {
    expect([pairs.length, turns.length]).toEqual([21, 168])
    expect(Object.keys(otherwise).filter((name) => !turns.some((turn) => turn.name === name))).toEqual([])
  })

  it.each(turns.map((turn) => [turn.name, turn] as const))('%s', (name, { asked, native }) => {
    const { body } = encoded(anthropicMessages, requestOf(asked), { model: native.model })
    expect(normal(JSON.parse(body))).toEqual({
      ...normal(native),
      // The library sent its requests to some hosts in another order: first the stream.
      stream: asked.stream,
      ...otherwise[name],
    })
  })
})
