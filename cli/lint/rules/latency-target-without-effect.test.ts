import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (route: string, top = '') =>
  await findings('latency-target-without-effect', manifest(`- {name: r, match: {model: m}, ${route}}`, top))

const target = (settings: string, rest = '') =>
  find(`targets: [{provider: openai, model: a, ${settings}}], fallback: groq/a${rest}`)

describe('latency-target-without-effect', () => {
  it('names what ends the attempt before', async () => {
    expect(await target('max_latency_ms: 9000, attempt_timeout_ms: 9000')).toEqual([
      '2 «9000» `max_latency_ms: 9000` of `openai/a` never holds: its attempt ends at `attempt_timeout_ms: 9000`; lower ' +
        '`max_latency_ms` below `attempt_timeout_ms`, or leave it out',
    ])
    expect((await target('max_latency_ms: 9000', ', failover: {deadline_ms: 5000}'))[0]).toContain(
      '`deadline_ms: 5000`',
    )
    expect(
      await target('max_latency_ms: 9000, attempt_timeout_ms: 10000', ', failover: {deadline_ms: 5000}'),
    ).toHaveLength(1)
  })

  it.each(['max_latency_ms: 8000, attempt_timeout_ms: 9000', 'attempt_timeout_ms: 9000', 'max_latency_ms: 9000'])(
    'not: %s',
    async (settings) => {
      expect(await target(settings)).toEqual([])
    },
  )
})
