import { describe, expect, it } from 'vitest'
import type { FailureClass } from '../../chat/failure.ts'
import { decodeError, embeddedFailure } from './errors.ts'

const typed = (name: string, more: object) => ({ '@type': `type.googleapis.com/google.rpc.${name}`, ...more })
const quota = (quotaId: string) => typed('QuotaFailure', { violations: [{ quotaId }] })
const retry = (retryDelay: string) => typed('RetryInfo', { retryDelay })

function failureOf(status: number, message: string, details: readonly object[] = []) {
  return decodeError({
    status,
    headers: {},
    body: JSON.stringify({ error: { code: status, message, status: 'X', details } }),
  })
}

describe('refusals', () => {
  const used = 'You exceeded your current quota, please check your plan and billing details.'

  it.each<[string, number, string, readonly object[], FailureClass, number | null]>([
    [
      'a minute',
      429,
      used,
      [quota('GenerateRequestsPerMinutePerProjectPerModel'), retry('34.4s')],
      'rate_limited',
      34_400,
    ],
    ['a delay first', 429, used, [retry('7s'), quota('InputTokensPerModelPerMinute')], 'rate_limited', 7000],
    ['in words', 429, `${used} Please retry in 36.429760048s.`, [], 'rate_limited', 36_430],
    ['no words of it', 429, 'Resource has been exhausted (e.g. check quota).', [], 'rate_limited', null],
    ['a day', 429, used, [quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier'), retry('36s')], 'quota', null],
    [
      'nothing at all',
      429,
      `${used}\n* Quota exceeded for metric: x, limit: 0, model: gemini-3.1-pro`,
      [retry('25s')],
      'quota',
      null,
    ],
    [
      'a limit of twenty',
      429,
      `${used}\n* Quota exceeded for metric: x, limit: 20, model: m`,
      [retry('25s')],
      'rate_limited',
      25_000,
    ],
    ['no money', 429, 'Your prepayment credits are depleted. Please go to AI Studio.', [], 'quota', null],
    ['a bad key', 400, 'API key expired.', [typed('ErrorInfo', { reason: 'API_KEY_INVALID' })], 'misconfigured', null],
    [
      'too long',
      400,
      'The input token count (9) exceeds the maximum number of tokens allowed (8).',
      [],
      'context_length',
      null,
    ],
    [
      'JSON beside tools',
      400,
      "Function calling with a response mime type: 'application/json' is unsupported",
      [],
      'unsupported_by_target',
      null,
    ],
    ["another's signature", 400, 'Corrupted thought signature.', [], 'unsupported_by_target', null],
    ['several answers', 400, 'Multiple candidates is not enabled for this model', [], 'unsupported_by_target', null],
    ['a last turn', 400, 'Requests ending with a model turn are not supported.', [], 'unsupported_by_target', null],
    [
      'forbidden words',
      400,
      'The prompt contains words that violate Responsible AI practices.',
      [],
      'content_filtered',
      null,
    ],
    ['not valid', 400, 'Request contains an invalid argument.', [], 'invalid_request', null],
    ['no right', 403, 'The caller does not have permission', [], 'misconfigured', null],
    ['overloaded', 503, 'The model is overloaded. Please try again later.', [], 'server_error', null],
    ['too late', 504, 'Deadline expired before operation could complete.', [], 'server_error', null],
  ])('%s', (_name, status, message, details, failureClass, retryAfterMs) => {
    expect(failureOf(status, message, details)).toMatchObject({ class: failureClass, status, retryAfterMs })
  })

  it('may stand in a list, or be a page', () => {
    const body = JSON.stringify([
      { error: { code: 400, message: 'x', details: [typed('ErrorInfo', { reason: 'API_KEY_INVALID' })] } },
    ])
    expect(decodeError({ status: 400, headers: {}, body })).toMatchObject({ class: 'misconfigured', message: 'x' })
    expect(decodeError({ status: 502, headers: {}, body: '<html>' })).toMatchObject({ class: 'server_error' })
  })

  it('tell no key', () => {
    const { message } = failureOf(400, 'API key AIzaSyA1234567890abcdefghij not valid.')
    expect(message).not.toContain('AIzaSy')
  })
})

describe('an error inside an answer', () => {
  it('is judged by its own status, and reported as inside a 200', () => {
    const error = { code: 429, message: 'Slow down.', details: [retry('2s')] }
    expect(embeddedFailure({ error })).toMatchObject({ class: 'rate_limited', status: 200, retryAfterMs: 2000 })
    expect(embeddedFailure([{ error: { code: 503, message: 'Busy.' } }])).toMatchObject({
      class: 'server_error',
      status: 200,
    })
    expect(embeddedFailure({ error: {} })).toMatchObject({
      message: 'the provider answered 200 and said nothing',
      class: 'server_error',
    })
  })

  it('is none where there is none', () => {
    for (const value of [{}, [], null, 'x', { error: null }, { candidates: [] }])
      expect(embeddedFailure(value)).toBeNull()
  })
})
