/**
 * Golden files of every language there is: one case a file under `<dialect>/__fixtures__`, what goes in and what must come
 * out, to be read by a person. The cases have the same names in every dialect, so that two languages can be compared case
 * by case. A new dialect is run by being registered.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest } from '../../../schemas/index.ts'
import { openFraming } from '../framing/index.ts'
import { eventLines } from '../framing/testing/event-messages.ts'
import type { DecodeContext, Dialect, WireErrorReply } from './dialect.ts'
import { dialects } from './index.ts'
import type { Quirks } from './quirks.ts'
import { noQuirks } from './quirks.ts'
import { encoded } from './testing/encode.ts'

interface Case {
  readonly about: string
  /** The target's. */
  readonly model?: string
  readonly quirks?: Quirks
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly contextWindow?: number
  /** The reply's. */
  readonly includeUsage?: boolean
  readonly answerTool?: string
  /** Exactly one of these goes in. */
  readonly request?: ChatCompletionRequest
  readonly reply?: unknown
  /** Lines of a stream; of a binary one, each the name of an event and its data (see `eventLines`). */
  readonly stream?: readonly string[]
  readonly error?: WireErrorReply
  readonly output: unknown
}

const kinds = ['request', 'reply', 'stream', 'error'] as const

function casesOf(dialect: Dialect): (readonly [string, Case])[] {
  const folder = new URL(`./${dialect.id}/__fixtures__/`, import.meta.url)
  return readdirSync(folder).map((name) => [
    name.replace(/\.json$/, ''),
    JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Case,
  ])
}

function contextOf({ quirks = noQuirks, includeUsage = false, answerTool }: Case): DecodeContext {
  return {
    fallbackId: 'chatcmpl-fallback',
    createdSeconds: 1_700_000_000,
    model: 'fallback-model',
    includeUsage,
    quirks,
    ...(answerTool !== undefined && { answerTool }),
  }
}

function decodeStream(dialect: Dialect, one: Case, lines: readonly string[]): unknown {
  const reader = openFraming(dialect.framing)
  const decoder = dialect.openStream(contextOf(one))
  const isBinary = dialect.framing === 'aws-event-stream'
  const bytes = isBinary ? eventLines(lines) : new TextEncoder().encode(lines.join('\n'))
  const frames = [...reader.push(bytes), ...reader.end()]
  const steps = [...frames.map((frame) => decoder.push(frame.data, frame.event)), decoder.end()]
  return {
    chunks: steps.flatMap((step) => step.chunks),
    failure: steps.at(-1)?.failure,
    usage: decoder.usage(),
    nativeFinishReason: decoder.nativeFinishReason(),
  }
}

function outputOf(dialect: Dialect, one: Case): unknown {
  const { request, reply, stream, error, ...target } = one
  if (request !== undefined) {
    const { body, headers, lost, answerTool } = encoded(dialect, request, target)
    return { body: JSON.parse(body) as unknown, headers, lost, answerTool }
  }
  if (reply !== undefined) return dialect.decode(JSON.stringify(reply), contextOf(one))
  if (stream !== undefined) return decodeStream(dialect, one, stream)
  if (error !== undefined) return dialect.decodeError(error)
  throw new Error('a case without input')
}

describe.each(Object.values(dialects).map((dialect) => [dialect.id, dialect] as const))('%s', (_id, dialect) => {
  const cases = casesOf(dialect)

  it('has golden files of every kind, each of one kind', () => {
    const found = cases.flatMap(([, one]) => kinds.filter((kind) => one[kind] !== undefined))
    expect(new Set(found)).toEqual(new Set(kinds))
    expect(found).toHaveLength(cases.length)
  })

  it.each(cases)('%s', (_name, one) => {
    // By way of JSON: what is undefined is not sent.
    expect(JSON.parse(JSON.stringify(outputOf(dialect, one)))).toEqual(one.output)
  })
})
