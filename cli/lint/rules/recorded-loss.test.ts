import { describe, expect, it } from 'vitest'
import { findings, manifest, request } from '../testing/lint.ts'

const route = (more = '') =>
  manifest(`- {name: r, match: {model: m}, targets: [{provider: groq, model: a}], fallback: openai/b${more}}`)
const asked = (...fields: readonly string[]) => request({ model: 'm', fields })

describe('recorded-loss', () => {
  it('counts requests and fields, at each candidate', async () => {
    const requests = [asked('logprobs', 'logit_bias'), asked('logprobs'), asked('tools'), request({ model: 'other' })]
    expect(await findings('recorded-loss', route(), { requests })).toEqual([
      '2 «a» 2 of 3 recorded requests of route `r` would lose something at `groq/a`: `logprobs` (2), `logit_bias` (1); ' +
        'send such requests elsewhere by an earlier route (`match.has`), or accept it: callers are told in `x-aigw-lost`',
    ])
    const [found = ''] = await findings('recorded-loss', route(', on_loss: refuse'), { requests })
    expect(found).toContain('would not be served by `groq/a`')
  })

  it('not: what is carried, what is not recorded, and without a capture', async () => {
    expect(await findings('recorded-loss', route(), { requests: [asked('tools', 'seed')] })).toEqual([])
    const unknown = request({ model: 'm', fields: ['logprobs'], unknown: new Set(['features'] as const) })
    expect(await findings('recorded-loss', route(), { requests: [unknown] })).toEqual([])
    expect(await findings('recorded-loss', route())).toEqual([])
  })
})
