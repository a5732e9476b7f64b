import { expect } from 'vitest'
import { describeExample } from './example.ts'

describeExample('change-a-weight', (example) => {
  example.command(
    'aigw replay capture.ndjson --manifest before.yaml --against routes.yaml --scenario gate.yaml',
    async (copy, command) => {
      const { exitCode, sides, moved, failed_expectations: failed } = await copy.replays(command)
      expect({ exitCode, failed }).toEqual({ exitCode: 0, failed: [] })
      expect(sides.map(({ fates }) => [fates['served'], fates['lost']])).toEqual([
        [80, 0],
        [80, 0],
      ])
      expect(moved).toEqual([{ from: 'openai/gpt-4o-mini', to: 'mistral/mistral-small-latest', requests: 13 }])
      expect(sides.map(({ evidence }) => [evidence['record'], evidence['distribution']])).toEqual([
        [80, 0],
        [67, 13],
      ])
      expect(sides[1]?.cost_micro_usd).toBeLessThan(sides[0]?.cost_micro_usd ?? 0)
      example.says('13 of 80 go from OpenAI to Mistral, none the other way')
    },
  )

  example.command('aigw plan', async (copy, command) => {
    const { exitCode, stdout } = await copy.runs(command)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('60 % openai/gpt-4o-mini, 40 % mistral/mistral-small-latest')
  })

  example.command('aigw apply', async (copy, command) => {
    // It asks, and here nobody can be asked.
    const unasked = await copy.runs(command)
    expect(unasked.exitCode).not.toBe(0)
    expect(unasked.stderr).toContain('--auto-approve')
    expect(await copy.runs(command, '--auto-approve')).toMatchObject({ exitCode: 0 })
    expect((await copy.aigw('plan')).stdout).toMatch(/no changes/i)
  })

  example.change('weights the other way round are more than the gate allows', async (copy) => {
    copy.change('routes.yaml', 'weight: 60', 'weight: 20')
    copy.change('routes.yaml', 'weight: 40', 'weight: 80')
    const command = 'aigw replay capture.ndjson --manifest before.yaml --against routes.yaml --scenario gate.yaml'
    const { exitCode, failed_expectations: failed } = await copy.replays(command)
    expect(exitCode).toBe(4)
    expect(failed).toEqual([expect.stringMatching(/^routes\.yaml: mistral serves a share of 0\.\d+, at most 0\.5/)])
    example.says('turn the weights round, `weight: 20` and `weight: 80`')
  })
})
