import { expect } from 'vitest'
import { describeExample, rulesFound } from './example.ts'

describeExample('canary-release', (example) => {
  const old = 'openai/gpt-5.4-mini'
  const canary = 'anthropic/claude-haiku-5-5'
  const worstDay = 'aigw replay capture.ndjson --manifest routes.yaml --scenario canary-fails.yaml'

  example.command('aigw diff before.yaml routes.yaml', async (copy, command) => {
    const { exitCode, stdout } = await copy.runs(command)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('weight 100 → 95')
    expect(stdout).toContain('1 added, 1 changed.')
  })

  example.command(
    'aigw replay capture.ndjson --manifest before.yaml --against routes.yaml --scenario canary.yaml',
    async (copy, command) => {
      const { exitCode, sides, moved, failed_expectations: failed } = await copy.replays(command)
      expect({ exitCode, failed }).toEqual({ exitCode: 0, failed: [] })
      expect(moved).toEqual([{ from: old, to: canary, requests: 6 }])
      expect(sides[1]).toMatchObject({ requests: 120, evidence: { record: 114, assumed: 6 } })
      example.says('6 of 120 requests go to the new model')
    },
  )

  example.command(
    'aigw replay capture.ndjson --manifest routes.yaml --against step-2.yaml --assume anthropic=650ms/3500ms',
    async (copy, command) => {
      const { exitCode, moved } = await copy.replays(command)
      expect(exitCode).toBe(0)
      expect(moved).toEqual([{ from: old, to: canary, requests: 25 }])
      example.says('25 more go to the new model and none comes back')
    },
  )

  example.command(worstDay, async (copy, command) => {
    const { exitCode, sides, failed_expectations: failed } = await copy.replays(command)
    expect({ exitCode, failed }).toEqual({ exitCode: 0, failed: [] })
    expect(sides[0]).toMatchObject({ failovers: 6, fates: { served: 120, lost: 0 } })
    example.says('Its 6 requests are served by the old model')
  })

  example.change('with failover for rate limits only, the worst day is lost', async (copy) => {
    copy.change('routes.yaml', '    targets:', '    failover: {on: [rate_limited]}\n    targets:')
    example.says('`failover: {on: [rate_limited]}`')
    expect(await copy.aigw('validate')).toMatchObject({ exitCode: 0 })
    const { exitCode, stdout } = await copy.aigw('lint', '--format', 'json')
    expect({ exitCode, found: rulesFound(stdout) }).toEqual({ exitCode: 3, found: ['narrow-failover'] })
    const { exitCode: drill, failed_expectations: failed } = await copy.replays(worstDay)
    expect({ drill, failed: failed[0] }).toEqual({ drill: 4, failed: 'lost is 6, allowed is 0' })
  })

  example.change('the second step is more than the first one was allowed', async (copy) => {
    const command = 'aigw replay capture.ndjson --manifest step-2.yaml --scenario canary.yaml'
    const { exitCode, failed_expectations: failed } = await copy.replays(command)
    expect({ exitCode, failed }).toEqual({
      exitCode: 4,
      failed: ['anthropic serves a share of 0.258, at most 0.1 was expected'],
    })
  })
})
