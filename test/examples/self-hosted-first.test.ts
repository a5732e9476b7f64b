import { expect } from 'vitest'
import { describeExample, servedBy } from './example.ts'

describeExample('self-hosted-first', (example) => {
  const rush = 'aigw replay capture.ndjson --manifest routes.yaml --scenario rush.yaml'
  const own = 'own/qwen3-32b'
  const cloud = 'mistral/mistral-medium-latest'

  example.command(rush, async (copy, command) => {
    const { exitCode, sides, failed_expectations: failed } = await copy.replays(command)
    expect({ exitCode, failed }).toEqual({ exitCode: 0, failed: [] })
    expect(sides[0] && servedBy(sides[0])).toEqual({ [own]: 90, [cloud]: 20 })
    // Skipped, not refused: nobody was sent there in vain.
    expect(sides[0]).toMatchObject({ requests: 110, attempts: 110, failovers: 0, cost_micro_usd: 23_716 })
    example.says('90 of 110 requests are answered by the machine, 20 at the peak by the first cloud, for $0.0237')
  })

  example.command(
    'aigw replay capture.ndjson --manifest routes.yaml --scenario machine-is-down.yaml',
    async (copy, command) => {
      const { exitCode, sides, failed_expectations: failed } = await copy.replays(command)
      expect({ exitCode, failed }).toEqual({ exitCode: 0, failed: [] })
      expect(sides[0]).toMatchObject({ failovers: 10, fates: { served: 110, lost: 0 } })
      expect(((sides[0]?.cost_micro_usd ?? 0) / 1e6).toFixed(4)).toBe('0.1325')
      example.says('10 requests find out', 'The morning costs $0.1325')
    },
  )

  example.change('with three places the clouds do most of it', async (copy) => {
    copy.change('routes.yaml', 'max_concurrent: 8', 'max_concurrent: 3')
    const { exitCode, sides, failed_expectations: failed } = await copy.replays(rush)
    expect({ exitCode, failed }).toEqual({
      exitCode: 4,
      failed: ['usd is 0.069, allowed is 0.05', 'self_hosted serves a share of 0.482, at least 0.75 was expected'],
    })
    expect(sides[0] && servedBy(sides[0])).toMatchObject({ [own]: 53 })
    example.says('write `max_concurrent: 3`. 53 requests are left for the machine')
  })
})
