/** Refusals in Bedrock's language: the recorded one, those written from its documentation, and streams that end badly. */
import { describe, expect, it } from 'vitest'
import type { FailureClass, ProviderFailure } from '../../gateway/core/chat/failure.ts'
import { bedrockConverse } from '../../gateway/core/dialects/bedrock-converse/index.ts'
import { noQuirks } from '../../gateway/core/dialects/quirks.ts'
import { openAwsEventStream } from '../../gateway/core/framing/aws-event-stream.ts'
import type { RecordedError } from './fixtures.ts'
import { bodyOf, missingFixtures, readErrors, readEventStreamVectors } from './fixtures.ts'

const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`
const inLanguage = (name: string): RecordedError[] => readErrors(name).filter(({ api }) => api === 'bedrock-converse')

function failureOf(error: RecordedError): ProviderFailure {
  const { status, headers = {} } = error.response
  return bedrockConverse.decodeError({ status, headers, body: bodyOf(error) })
}

/** In the order of the file. */
const constructed: readonly (readonly [status: number, FailureClass])[] = [
  [400, 'misconfigured'],
  [403, 'misconfigured'],
  [403, 'misconfigured'],
  [404, 'misconfigured'],
  [408, 'timeout'],
  [424, 'server_error'],
  [429, 'rate_limited'],
  [429, 'rate_limited'],
  [500, 'server_error'],
  [503, 'server_error'],
]

describe.skipIf(missingFixtures !== null)(`refusals in Bedrock's language${why}`, () => {
  it('were recorded', () => {
    const [error, ...more] = inLanguage('bedrock')
    if (error === undefined) throw new Error('missing')
    expect(more).toEqual([])
    expect(failureOf(error)).toMatchObject({
      class: 'misconfigured',
      status: 403,
      message: 'The security token included in the request is invalid.',
      code: 'UnrecognizedClientException',
    })
  })

  it('were constructed', () => {
    const errors = inLanguage('constructed')
    expect(errors.map((error) => [error.response.status, failureOf(error).class])).toEqual(constructed)
  })

  it.each<[string, FailureClass, boolean]>([
    ['constructed-exception-first', 'rate_limited', false],
    ['constructed-exception-after-text', 'server_error', true],
  ])('a stream with an exception: %s', (name, failureClass, hasContent) => {
    const vector = readEventStreamVectors().find((one) => one.name === name)
    if (vector === undefined) throw new Error('missing')
    const decoder = bedrockConverse.openStream({
      fallbackId: 'c',
      createdSeconds: 1,
      model: 'm',
      includeUsage: false,
      quirks: noQuirks,
    })
    const frames = openAwsEventStream().push(Buffer.from(vector.bytesBase64, 'base64'))
    const steps = frames.map((frame) => decoder.push(frame.data, frame.event))
    expect(steps.some((step) => step.content)).toBe(hasContent)
    expect(steps.at(-1)?.failure).toMatchObject({ class: failureClass, status: 200 })
  })
})
