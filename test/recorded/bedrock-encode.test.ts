/**
 * Conversations that one client library had with many providers: what it sent to OpenAI-shaped hosts, through our
 * dialect, is held against what it sent to Bedrock, which was answered 200. Both are brought into a normal form first.
 * One library's choices are not law, so where we send something else on purpose, it stands here by name.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bedrockConverse } from '../../gateway/core/dialects/bedrock-converse/index.ts'
import { encoded } from '../../gateway/core/dialects/testing/encode.ts'
import type { ChatCompletionRequest } from '../../schemas/index.ts'
import { validateChatCompletionRequest } from '../../schemas/validate-chat-completion-request.ts'
import { missingFixtures, pairsFolder } from './fixtures.ts'

// oxlint-disable typescript/no-explicit-any -- recorded JSON

interface Sibling {
  readonly provider: string
  readonly turns: readonly { readonly request: { readonly path: string; readonly body: any } }[]
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
  readonly temperature: number | null
  readonly topK: number | null
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
  const additional = body.additionalModelRequestFields ?? {}
  const schema = body.outputConfig?.textFormat.structure.jsonSchema.schema
  return {
    system: (body.system ?? []).map(({ text }: any) => text).join('\n'),
    turns: body.messages.map(({ role, content }: any) => ({
      role,
      blocks: compared(content).map((block: any) => normalBlock(block, role, idOf)),
    })),
    tools: (body.toolConfig?.tools ?? []).map(({ toolSpec }: any) => toolSpec),
    choice: body.toolConfig?.toolChoice ?? { auto: {} },
    temperature: body.inferenceConfig?.temperature ?? null,
    topK: additional.top_k ?? additional.inferenceConfig?.topK ?? null,
    thinks: (additional.thinking ?? additional.reasoning_config)?.type === 'enabled',
    schema: schema === undefined ? null : JSON.parse(schema),
  }
}

/** What a model said beside its calls, or not, is its own affair. */
function compared(blocks: any[]): any[] {
  return blocks.some((block) => 'toolUse' in block) ? blocks.filter((block) => !('text' in block)) : blocks
}

function normalBlock(block: any, role: string, idOf: (id: string) => number): unknown {
  if ('text' in block) return role === 'assistant' ? 'text' : block
  if ('toolUse' in block) {
    const { toolUseId, name, input } = block.toolUse
    return { call: idOf(toolUseId), name, input: Object.keys(input) }
  }
  if ('toolResult' in block) {
    const { toolUseId, content } = block.toolResult
    // Places that the model made up are in what the tool said.
    return {
      result: idOf(toolUseId),
      content: content.map(({ text }: any) => String(text).replace(/at \S+ \S+:/, 'at')),
    }
  }
  return block
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

// ---- differences, by name ----

/** What of the form differs on purpose. */
const otherwise: readonly (readonly [name: RegExp, form: Partial<Form>])[] = [
  // These hosts are asked for reasoning with a field of their own.
  [/^with-extended-thinking.* of (?:openrouter|ollama), turn 1$/, { thinks: false }],
]

interface Turn {
  readonly name: string
  readonly asked: any
  readonly native: any
  readonly model: string
}

/** Each turn with the same turn of the other conversation. */
const turns: readonly Turn[] = pairs.flatMap(({ scenario, openai, native }) => {
  const own = native.find(({ provider }) => provider === 'bedrock')
  return openai.flatMap(({ provider, turns: asked }) =>
    asked.flatMap(({ request }, index) => {
      const counterpart = own?.turns[index]
      if (counterpart === undefined) return []
      const { path, body } = counterpart.request
      const model = decodeURIComponent(/\/model\/([^/]+)\//.exec(path)?.[1] ?? '')
      return [{ name: `${scenario} of ${provider}, turn ${index + 1}`, asked: request.body, native: body, model }]
    }),
  )
})

describe.skipIf(missingFixtures !== null)(`conversations that were had with Bedrock as well${why}`, () => {
  it('are there', () => {
    expect([pairs.length, turns.length]).toEqual([21, 152])
    for (const [name] of otherwise) expect(turns.filter((turn) => name.test(turn.name))).not.toEqual([])
  })

  it.each(turns.map((turn) => [turn.name, turn] as const))('%s', (name, { asked, native, model }) => {
    const { body } = encoded(bedrockConverse, requestOf(asked), { model })
    const [, difference = {}] = otherwise.find(([pattern]) => pattern.test(name)) ?? []
    expect(normal(JSON.parse(body))).toEqual({ ...normal(native), ...difference })
  })
})
