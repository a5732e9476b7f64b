/** The table is what happens: each row is held against the body that goes out. */
import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'
import { readFields, requestFields } from '../../chat/request-fields.ts'
import { encodeRequest, fieldsToEncode } from '../encode-request.ts'
import { encoded, targetOf } from '../testing/encode.ts'
import { requestPairs } from '../testing/pairs.ts'
import { ollamaChat } from './index.ts'
import { losses } from './losses.ts'

function bodyOf(request: ChatCompletionRequest): unknown {
  return JSON.parse(encoded(ollamaChat, request).body)
}

/** Asked for by nobody, given to everybody. */
const unasked = new Set(['stream_options'])

describe('every row of the loss table', () => {
  it.each(requestFields)('%s', (field) => {
    const { using, without } = requestPairs[field]
    const { fidelity, how } = losses[field]
    if (field !== 'stream_options') expect(readFields(using)).toContain(field)
    expect(fidelity === 'exact' || how !== '').toBe(true)
    if (fidelity === 'refused') {
      const result = encodeRequest(ollamaChat, fieldsToEncode(using), targetOf(ollamaChat, {}))
      expect(result).toMatchObject({ failure: { class: 'unsupported_by_target' } })
      if ('failure' in result) expect(losses[field]).toEqual(losses[result.failure.param as typeof field])
      return
    }
    const { lost } = encoded(ollamaChat, using)
    if (fidelity === 'dropped') {
      expect(lost).toContain(field)
      expect(bodyOf(using)).toEqual(bodyOf(without))
      return
    }
    expect(lost).not.toContain(field)
    expect(lost.includes(`${field};approximated`)).toBe(fidelity === 'approximated')
    if (unasked.has(field)) expect(bodyOf(using)).toEqual(bodyOf(without))
    else expect(bodyOf(using)).not.toEqual(bodyOf(without))
  })

  it("lets the API's own fields through and no others", () => {
    const own = { keep_alive: '5m', think: 'low', format: 'json', truncate: true, shift: true, options: { min_p: 0.1 } }
    const request = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...own, num_ctx: 100, safe_prompt: true }
    const { body, lost } = encoded(ollamaChat, request)
    expect(JSON.parse(body)).toMatchObject({ ...own, options: { min_p: 0.1, num_ctx: 100 } })
    expect(JSON.parse(body)).not.toHaveProperty('safe_prompt')
    expect(lost).toEqual(['safe_prompt'])
  })
})
