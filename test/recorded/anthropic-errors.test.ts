/** Refusals in Anthropic's language: the recorded one and those written from its documentation. */
import { describe, expect, it } from 'vitest'
import type { FailureClass, ProviderFailure } from '../../gateway/core/chat/failure.ts'
import { anthropicMessages } from '../../gateway/core/dialects/anthropic-messages/index.ts'
import { noQuirks } from '../../gateway/core/dialects/quirks.ts'
import { openServerSentEvents } from '../../gateway/core/framing/sse.ts'
import type { RecordedError } from './fixtures.ts'
import { bodyOf, missingFixtures, readErrors } from './fixtures.ts'

const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`
const inLanguage = (name: string): RecordedError[] => readErrors(name).filter(({ api }) => api === 'anthropic-messages')

function failureOf(error: RecordedError): ProviderFailure | null {
  const { status, headers = {} } = error.response
  if (status !== 200) return anthropicMessages.decodeError({ status, headers, body: bodyOf(error) })
  const context = { fallbackId: 'c', createdSeconds: 1, model: 'm', includeUsage: false, quirks: noQuirks }
  const decoder = anthropicMessages.openStream(context)
  const reader = openServerSentEvents()
  const frames = [...reader.push(new TextEncoder().encode(bodyOf(error))), ...reader.end()]
  return (
    frames.map((frame) => decoder.push(frame.data, frame.event).failure).find((failure) => failure !== null) ?? null
  )
}

/** In the order of the file. */
const constructed: readonly (readonly [status: number, FailureClass, retryAfterMs: number | null])[] = [
  [400, 'invalid_request', null],
  [401, 'misconfigured', null],
  [402, 'quota', null],
  [403, 'misconfigured', null],
  [404, 'misconfigured', null],
  [413, 'invalid_request', null],
  [429, 'rate_limited', 21_000],
  [500, 'server_error', null],
  [529, 'server_error', null],
  [200, 'server_error', null],
]

describe.skipIf(missingFixtures !== null)(`refusals in Anthropic's language${why}`, () => {
  it('were recorded', () => {
    const [error, ...more] = inLanguage('anthropic')
    if (error === undefined) throw new Error('missing')
    expect(more).toEqual([])
    expect(failureOf(error)).toMatchObject({
      class: 'misconfigured',
      status: 401,
      message: 'invalid x-api-key',
      type: 'authentication_error',
    })
  })

  it('were constructed', () => {
    const errors = inLanguage('constructed')
    expect(errors.map(failureOf)).toMatchObject(
      constructed.map(([status, failureClass, retryAfterMs]) => ({ status, class: failureClass, retryAfterMs })),
    )
    expect(errors).toHaveLength(constructed.length)
  })
})
