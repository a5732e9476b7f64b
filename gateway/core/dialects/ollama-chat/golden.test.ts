/**
 * Golden files: one case a file, what goes in and what must come out, to be read by a person. The cases have the same
 * names in every dialect, so that two languages can be compared case by case.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'
import { openFraming } from '../../framing/index.ts'
import type { DecodeContext, WireErrorReply } from '../dialect.ts'
import { noQuirks } from '../quirks.ts'
import { encoded } from '../testing/encode.ts'
import { ollamaChat } from './index.ts'

interface Case {
  readonly about: string
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly contextWindow?: number
  readonly includeUsage?: boolean
  /** Exactly one of these goes in. */
  readonly request?: ChatCompletionRequest
  readonly reply?: unknown
  readonly stream?: readonly string[]
  readonly error?: WireErrorReply
  readonly output: unknown
}

const folder = new URL('./__fixtures__/', import.meta.url)
const cases = readdirSync(folder).map((name): [string, Case] => [
  name.replace(/\.json$/, ''),
  JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Case,
])

function contextOf({ includeUsage = false }: Case): DecodeContext {
  return {
    fallbackId: 'chatcmpl-fallback',
    createdSeconds: 1_700_000_000,
    model: 'fallback-model',
    includeUsage,
    quirks: noQuirks,
  }
}

function decodeStream(one: Case, lines: readonly string[]): unknown {
  const reader = openFraming(ollamaChat.framing)
  const decoder = ollamaChat.openStream(contextOf(one))
  const frames = [...reader.push(new TextEncoder().encode(lines.join('\n'))), ...reader.end()]
  const steps = [...frames.map((frame) => decoder.push(frame.data, frame.event)), decoder.end()]
  return {
    chunks: steps.flatMap((step) => step.chunks),
    failure: steps.at(-1)?.failure,
    usage: decoder.usage(),
    nativeFinishReason: decoder.nativeFinishReason(),
  }
}

function outputOf(one: Case): unknown {
  const { request, reply, stream, error, parameters = null, contextWindow = null } = one
  if (request !== undefined) {
    const { body, headers, lost } = encoded(ollamaChat, request, { parameters, contextWindow })
    return { body: JSON.parse(body) as unknown, headers, lost }
  }
  if (reply !== undefined) return ollamaChat.decode(JSON.stringify(reply), contextOf(one))
  if (stream !== undefined) return decodeStream(one, stream)
  if (error !== undefined) return ollamaChat.decodeError(error)
  throw new Error('a case without input')
}

describe('golden files', () => {
  it('are there, of every kind', () => {
    const kinds = cases.flatMap(([, one]) =>
      Object.keys(one).filter((key) => /^(request|reply|stream|error)$/.test(key)),
    )
    expect(new Set(kinds)).toEqual(new Set(['request', 'reply', 'stream', 'error']))
    expect(kinds).toHaveLength(cases.length)
  })

  it.each(cases)('%s', (_name, one) => {
    // By way of JSON: what is undefined is not sent.
    expect(JSON.parse(JSON.stringify(outputOf(one)))).toEqual(one.output)
  })
})
