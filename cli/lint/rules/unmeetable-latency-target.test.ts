import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (route: string, top = '') =>
  await findings('unmeetable-latency-target', manifest(`- {name: r, match: {model: m}, ${route}}`, top))

const target = (provider: string, wish: number) =>
  find(`targets: [{provider: ${provider}, model: a, max_latency_ms: ${wish}}], fallback: groq/a`)

describe('unmeetable-latency-target', () => {
  it('stands at the number', async () => {
    expect(await target('openai', 30)).toEqual([
      '2 «30» `openai/a` cannot begin an answer within 30 ms: it is asked in vain, and every request goes on to the next ' +
        'candidate; write what its callers can bear; hosted models begin to answer after some 200 to 2,000 ms',
    ])
    expect(await target('vllm', 4)).toHaveLength(1)
  })

  it.each([
    ['openai', 50],
    ['openai', 800],
    ['vllm', 30],
  ])('not: %s within %d ms', async (provider, wish) => {
    expect(await target(provider, wish)).toEqual([])
  })
})
