import { describe, expect, it } from 'vitest'
import type { ProviderFailure } from '../core/chat/failure.ts'
import { newRequest } from '../core/engine/state.ts'
import { step } from '../core/engine/step.ts'
import { factsOf, tableOf } from '../core/engine/testing/tables.ts'
import { SharedState } from '../core/routing/shared-state.ts'
import { envelopeOf } from './failure-reply.ts'

const words: ProviderFailure = {
  class: 'server_error',
  status: 500,
  message: 'it broke.',
  code: null,
  type: null,
  param: null,
  retryAfterMs: null,
}

/** What the caller of a route with one target reads when that target has failed like this. */
function told(failure: Partial<ProviderFailure>) {
  const table = tableOf([{ name: 'chat', targets: [{ name: 'a' }] }])
  const state = newRequest({ table, shared: new SharedState(), missingSecrets: new Set() })
  step(state, { kind: 'arrived', facts: factsOf({ high: 1, low: 1 }), atUs: 0, seq: 0 })
  const full = { ...words, ...failure }
  const { class: failed, status, retryAfterMs } = full
  step(state, { kind: 'ended', attempt: 0, class: failed, usage: null, status, retryAfterMs, atUs: 1, seq: 1 })
  if (state.finish === null) throw new Error('the request has not finished')
  return envelopeOf(state.finish, state, [full]).error
}

describe('what the caller reads', () => {
  it("names each attempt and carries the last provider's words", () => {
    expect(told({})).toEqual({
      message:
        'No target of route "chat" could serve this request (a/model: server_error). The last one said: it broke.',
      type: 'server_error',
      param: null,
      code: 'all_targets_failed',
    })
  })

  it("keeps what a provider says of the operator's key to the operator", () => {
    const { message } = told({ class: 'misconfigured', status: 401, message: 'Incorrect API key provided: sk-…abcd' })
    expect(message).toContain('a/model: misconfigured')
    expect(message).not.toContain('API key')
  })

  it("passes the caller's own mistake back as it was said", () => {
    expect(told({ class: 'invalid_request', status: 400, message: 'no', code: 'bad_value', param: 'top_p' })).toEqual({
      message: 'no',
      type: 'invalid_request_error',
      param: 'top_p',
      code: 'bad_value',
    })
  })

  it("uses OpenAI's own code for a parameter that no target takes", () => {
    const failure = {
      class: 'unsupported_by_target',
      status: 400,
      code: 'unsupported_parameter',
      param: 'max_tokens',
    } as const
    expect(told(failure)).toMatchObject({ code: 'unsupported_parameter', param: 'max_tokens' })
    expect(told({ ...failure, code: 'vendors_own' })).toMatchObject({ code: 'unsupported_by_target', param: null })
  })
})

describe('what no target can express', () => {
  /** What the caller of a route reads whose targets refuse these parts. */
  function skipped(fields: readonly string[], ...refuses: readonly (readonly string[])[]) {
    const targets = refuses.map((each, index) => ({ name: `t${index}`, refuses: each }))
    const table = tableOf([{ name: 'chat', strategy: 'priority', targets }])
    const state = newRequest({ table, shared: new SharedState(), missingSecrets: new Set() })
    const facts = factsOf({ high: 1, low: 1 })
    const asked = { ...facts, features: { ...facts.features, fields } }
    step(state, { kind: 'arrived', facts: asked, atUs: 0, seq: 0 })
    if (state.finish === null) throw new Error('the request has not finished')
    expect(state.finish.status).toBe(400)
    return envelopeOf(state.finish, state, []).error
  }

  it('is named, for each target', () => {
    expect(skipped(['seed', 'n', 'audio'], ['n'], ['audio', 'n'])).toMatchObject({
      message:
        'No target of route "chat" could serve this request (t0/model: cannot_express (n), t1/model: cannot_express (n; audio)).',
      type: 'invalid_request_error',
      code: 'unsupported_by_target',
      param: 'n',
    })
  })

  it('is no one part when each target has its own', () => {
    expect(skipped(['n', 'audio'], ['n'], ['audio'])).toMatchObject({ code: 'unsupported_by_target', param: null })
  })

  it('is counted where it is much', () => {
    const many = ['n', 'audio', 'seed', 'stop', 'tools']
    expect(skipped(many, many).message).toContain('cannot_express (n; audio; seed; and 2 more)')
  })

  it('is named when it was found while encoding', () => {
    const failure = { class: 'unsupported_by_target', status: 0, param: 'messages', message: 'no GIF' } as const
    expect(told(failure)).toMatchObject({ code: 'unsupported_by_target', param: 'messages' })
  })
})
