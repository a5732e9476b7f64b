import { describe, expect, it } from 'vitest'
import { findings } from '../testing/lint.ts'

interface Times {
  readonly attempts: readonly (number | null)[]
  readonly deadline?: number
  readonly latency?: number
}
const find = async ({ attempts, deadline, latency }: Times) => {
  const targets = attempts.map((attempt, index) => {
    const limits = [
      attempt === null ? '' : `, attempt_timeout_ms: ${attempt}`,
      latency === undefined ? '' : `, max_latency_ms: ${latency}`,
    ]
    return `      - {provider: openai, model: m${index}${limits.join('')}}`
  })
  const failover = deadline === undefined ? '' : `\n    failover: {deadline_ms: ${deadline}}`
  return await findings(
    'starved-target',
    `ai_routes:\n  - name: r\n    match: {model: m}\n    targets:\n${targets.join('\n')}\n    fallback: groq/last${failover}\n`,
  )
}

describe('starved-target', () => {
  it('tells the first one that gets no time, and where it went', async () => {
    expect(await find({ attempts: [30_000, 30_000], deadline: 60_000 })).toEqual([
      '7 «groq/last» `groq/last` of route `r` gets no time: when the 2 candidates before it hang, 60000 of the 60000 ms of ' +
        '`deadline_ms` are gone; lower `attempt_timeout_ms` of those before it, so that together they stay well below ' +
        '`deadline_ms`; or raise `deadline_ms`',
    ])
  })

  it('tells only the first', async () => {
    const found = await find({ attempts: [60_000, 30_000], deadline: 60_000 })
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(/^6 «.*m1.*» `openai\/m1` of route `r` gets no time: when the candidate before it hang/)
  })

  it('knows the default deadline, and counts less than a second as nothing', async () => {
    expect((await find({ attempts: [599_500] }))[0]).toContain('599500 of the 600000 ms of `deadline_ms` (the default)')
  })

  it.each<[string, Times]>([
    ['fair shares', { attempts: [null, null], deadline: 9_000 }],
    ['enough is left', { attempts: [20_000, 20_000], deadline: 60_000 }],
    ['the latency target ends it before', { attempts: [60_000], deadline: 60_000, latency: 2_000 }],
  ])('not: %s', async (_what, times) => {
    expect(await find(times)).toEqual([])
  })
})
