import { describe, expect, it } from 'vitest'
import { findings, manifest, request } from '../testing/lint.ts'

const route = (more = '') =>
  manifest(`- {name: r, match: {model: m}, targets: [{provider: groq, model: a}], fallback: openai/b${more}}`)
const asked = (...fields: readonly string[]) => request({ model: 'm', fields })
const help =
  'send such requests elsewhere by an earlier route (`match.has`), or accept it: callers are told in `x-aigw-lost`'

describe('recorded-loss', () => {
  it('counts requests, part by part, at each candidate, and says why', async () => {
    const requests = [asked('logprobs', 'logit_bias'), asked('logprobs'), asked('tools'), request({ model: 'other' })]
    expect(await findings('recorded-loss', route(), { requests })).toEqual([
      `2 «a» 2 of 3 recorded requests of route \`r\` ask for \`logprobs\`, which \`groq/a\` would leave out (refused by the provider with 400); ${help}`,
      `2 «a» 1 of 3 recorded requests of route \`r\` asks for \`logit_bias\`, which \`groq/a\` would leave out (refused by the provider with 400); ${help}`,
    ])
  })

  it('a field of nobody stands there by its name, unless that could be any text', async () => {
    const text = manifest(`- {name: r, match: {model: m}, targets: [{provider: anthropic, model: a}]}`)
    const requests = [asked('their_field'), asked('a sentence that somebody wrote')]
    const found = await findings('recorded-loss', text, { requests })
    expect(found.map((line) => /asks for `([^`]+)`/.exec(line)?.[1])).toEqual(['their_field', 'other'])
  })

  it('not: what is carried, refused, approximated or not recorded, and without a capture', async () => {
    expect(await findings('recorded-loss', route(), { requests: [asked('tools', 'seed', 'n')] })).toEqual([])
    const unknown = request({ model: 'm', fields: ['logprobs'], unknown: new Set(['features'] as const) })
    expect(await findings('recorded-loss', route(), { requests: [unknown] })).toEqual([])
    // Then the target is skipped, which is another rule.
    expect(await findings('recorded-loss', route(', on_loss: refuse'), { requests: [asked('logprobs')] })).toEqual([])
    expect(await findings('recorded-loss', route())).toEqual([])
  })
})
