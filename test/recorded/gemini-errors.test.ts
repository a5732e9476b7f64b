/** Refusals in Google's language: the recorded ones, those written from its documentation, and those users reported. */
import { describe, expect, it } from 'vitest'
import type { FailureClass, ProviderFailure } from '../../gateway/core/chat/failure.ts'
import { geminiGenerateContent } from '../../gateway/core/dialects/gemini-generate-content/index.ts'
import type { RecordedError } from './fixtures.ts'
import { bodyOf, missingFixtures, readErrors } from './fixtures.ts'

const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`

function inLanguage(name: string): RecordedError[] {
  return readErrors(name).filter(({ api }) => api === 'gemini-generate-content')
}

function failureOf(error: RecordedError): ProviderFailure {
  const { status, headers = {} } = error.response
  return geminiGenerateContent.decodeError({ status, headers, body: bodyOf(error) })
}

/** In the order of the file: of both services, the second's after the first's. */
const constructed: readonly (readonly [status: number, FailureClass, retryAfterMs: number | null])[] = [
  [400, 'unsupported_by_target', null],
  [403, 'misconfigured', null],
  [404, 'misconfigured', null],
  [429, 'rate_limited', 18_000],
  [500, 'server_error', null],
  [503, 'server_error', null],
  [400, 'unsupported_by_target', null],
  [403, 'misconfigured', null],
  [404, 'misconfigured', null],
  [429, 'rate_limited', 18_000],
  [500, 'server_error', null],
  [503, 'server_error', null],
  [401, 'misconfigured', null],
  [400, 'invalid_request', null],
]

describe.skipIf(missingFixtures !== null)(`refusals in Google's language${why}`, () => {
  it('were recorded', () => {
    expect(inLanguage('gemini').map(failureOf)).toMatchObject([
      { class: 'misconfigured', status: 400, message: 'API key not valid. Please pass a valid API key.' },
      { class: 'rate_limited', status: 429, code: 'RESOURCE_EXHAUSTED', retryAfterMs: 34_400 },
    ])
  })

  it('were constructed', () => {
    const errors = inLanguage('constructed')
    expect(errors.map(failureOf)).toMatchObject(
      constructed.map(([status, failureClass, retryAfterMs]) => ({ status, class: failureClass, retryAfterMs })),
    )
    expect(errors).toHaveLength(constructed.length)
  })
})
