/**
 * Conversations that one client library had with many providers: what it sent to OpenAI-shaped hosts, through our
 * dialect, is held against what it sent to Google's two services, which was answered 200. Both are brought into a normal
 * form first. One library's choices are not law, so where we send something else on purpose, it stands here by name.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { geminiGenerateContent } from '../../gateway/core/dialects/gemini-generate-content/index.ts'
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
  readonly system: readonly string[]
  readonly turns: readonly { readonly role: string; readonly parts: readonly unknown[] }[]
  readonly tools: unknown
  readonly choice: unknown
  readonly temperature: number
  readonly thinks: boolean
  readonly format: unknown
}

/**
 * Roles and parts in order; system text; functions and the choice between them; which result belongs to which call;
 * sampling; thinking on or off; the shape of the answer. What the models said in between differs between siblings, so it
 * is only there or not; signatures are of one conversation alone.
 */
function normal(body: any): Form {
  const config = body.generationConfig ?? {}
  const calling = body.toolConfig?.functionCallingConfig ?? { mode: 'AUTO' }
  return {
    system: (body.systemInstruction?.parts ?? []).map(({ text }: any) => text),
    turns: body.contents.map(({ role, parts }: any) => ({
      role,
      parts: compared(parts).map((part: any) => normalPart(part, role)),
    })),
    tools: (body.tools ?? []).flatMap(({ functionDeclarations }: any) => functionDeclarations.map(normalFunction)),
    choice: { ...calling, mode: calling.mode.toUpperCase() },
    temperature: config.temperature ?? 1,
    thinks: config.thinkingConfig?.includeThoughts === true,
    format: { type: config.responseMimeType, schema: normalSchema(config.responseJsonSchema ?? config.responseSchema) },
  }
}

/** What a model said beside its calls, or thought, is its own affair. */
function compared(parts: any[]): any[] {
  const said = parts.filter(({ thought }) => thought !== true)
  return said.some(({ functionCall }) => functionCall) ? said.filter(({ functionCall }) => functionCall) : said
}

function normalPart(part: any, role: string): unknown {
  const { text, functionCall: call, functionResponse: result } = part
  const media = part.inlineData ?? part.inline_data
  if (call) return { call: call.name, args: Object.keys(call.args).toSorted() }
  if (media) return { type: media.mimeType ?? media.mime_type, data: media.data }
  if (!result) return role === 'model' ? 'text' : { text }
  const said = result.response.output ?? result.response.content.map((one: any) => one.text).join('\n')
  // Places that the model made up are in what the tool said.
  return { result: result.name, said: said.replace(/at \S+ \S+:/, 'at') }
}

function normalFunction({ name, description, parameters, parametersJsonSchema }: any): unknown {
  // The older field has no word for a closed object.
  const { additionalProperties: _closed, ...schema } = parametersJsonSchema ?? parameters ?? {}
  const isEmpty = Object.keys(schema.properties ?? {}).length === 0
  return { name, description, parameters: isEmpty ? null : normalSchema(schema) }
}

/** Types in small letters; what asks for nothing is not there. */
function normalSchema(schema: any): unknown {
  if (Array.isArray(schema)) return schema.map(normalSchema)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).map(([key, value]): [string, unknown] => [
    key,
    key === 'type' ? String(value).toLowerCase() : normalSchema(value),
  ])
  return Object.fromEntries(entries.filter(([, value]) => JSON.stringify(value) !== '[]'))
}

// ---- differences, by name ----

/** Where the library asked one host for something else than it asked Google for: what of the form differs. */
const otherwise: Readonly<Record<string, Partial<Form>>> = {
  // It names the tool where it could say that any will do.
  'tool-choice-and-calls-control-respects-choice-required-for-unrelated-queries of mistral, turn 1, against gemini': {
    choice: { mode: 'ANY', allowedFunctionNames: ['weather'] },
  },
  // It asks for reasoning with a field of the host's own.
  ...Object.fromEntries(
    ['openrouter', 'ollama'].flatMap((host) =>
      ['gemini', 'vertex'].map((service) => [
        `with-extended-thinking-returns-thinking-when-available of ${host}, turn 1, against ${service}`,
        { thinks: false },
      ]),
    ),
  ),
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
  readonly model: string
  readonly native: any
}

/** Each turn with the same turn of the other conversation, as both services had it. */
const turns: readonly Turn[] = pairs.flatMap(({ scenario, openai, native }) =>
  native
    .filter(({ provider }) => provider === 'gemini' || provider === 'vertex')
    .flatMap((own) =>
      openai.flatMap(({ provider, turns: asked }) =>
        asked.flatMap(({ request }, index) => {
          const counterpart = own.turns[index]?.request
          const model = /models\/([^:]+):/.exec(counterpart?.path ?? '')?.[1] ?? ''
          const name = `${scenario} of ${provider}, turn ${index + 1}, against ${own.provider}`
          return counterpart === undefined ? [] : [{ name, asked: request.body, model, native: counterpart.body }]
        }),
      ),
    ),
)

describe.skipIf(missingFixtures !== null)(`conversations that were had with Google as well${why}`, () => {
  it('are there', () => {
    expect([pairs.length, turns.length]).toEqual([21, 317])
    expect(Object.keys(otherwise).filter((name) => !turns.some((turn) => turn.name === name))).toEqual([])
  })

  it.each(turns.map((turn) => [turn.name, turn] as const))('%s', (name, { asked, model, native }) => {
    const { body } = encoded(geminiGenerateContent, requestOf(asked), { model })
    expect(normal(JSON.parse(body))).toEqual({ ...normal(native), ...otherwise[name] })
  })
})
