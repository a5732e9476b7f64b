import { expect } from 'vitest'
import { describeExample, servedBy } from './example.ts'

const usd = (side: { readonly cost_micro_usd: number } | undefined) =>
  `$${((side?.cost_micro_usd ?? 0) / 1e6).toFixed(2)}`

describeExample('cost-ladder', (example) => {
  const badDay = 'aigw replay capture.ndjson --manifest routes.yaml --scenario small-models-are-down.yaml'
  const cheapInput = 'groq/openai/gpt-oss-20b'
  const cheapOutput = 'mistral/mistral-small-latest'

  example.command(
    'aigw replay capture.ndjson --manifest before.yaml --against routes.yaml --assume openai=800ms/8s',
    async (copy, command) => {
      const { exitCode, sides, moved } = await copy.replays(command)
      expect(exitCode).toBe(0)
      expect(sides.map(servedBy)).toEqual([{ 'openai/gpt-5.5': 100 }, { [cheapInput]: 69, [cheapOutput]: 31 }])
      expect(moved.reduce((sum, { requests }) => sum + requests, 0)).toBe(100)
      example.says(`${usd(sides[0])} become ${usd(sides[1])}.`)
      example.says('69 of 100 letters go to the model with cheap input, 31 to the one with cheap output')
    },
  )

  example.change('the longest do not fit the smaller window, whatever it costs', async (copy) => {
    copy.change('routes.yaml', '{input: 0.2, output: 0.2}', '{input: 0.01, output: 0.01}')
    const command = 'aigw replay capture.ndjson --manifest routes.yaml --assume *=1s/8s'
    const { sides } = await copy.replays(command)
    expect(sides[0] && servedBy(sides[0])).toEqual({ [cheapInput]: 14, [cheapOutput]: 86 })
    example.says('The fourteen longest do not fit the latter')
  })

  example.command('aigw replay capture.ndjson --manifest routes.yaml --scenario budget.yaml', async (copy, command) => {
    const { exitCode, failed_expectations: failed } = await copy.replays(command)
    expect({ exitCode, failed }).toEqual({ exitCode: 0, failed: [] })
    const before = `${command.replace('routes.yaml', 'before.yaml')} --assume openai=800ms/8s`
    expect(await copy.replays(before)).toMatchObject({
      exitCode: 4,
      failed_expectations: ['usd is 6.875, allowed is 0.2', 'openai serves a share of 1, at most 0 was expected'],
    })
  })

  example.command(badDay, async (copy, command) => {
    const { exitCode, sides, failed_expectations: failed } = await copy.replays(command)
    expect({ exitCode, failed }).toEqual({ exitCode: 0, failed: [] })
    expect(sides[0]).toMatchObject({
      fates: { served: 99, lost: 1 },
      targets: { 'anthropic/claude-sonnet-5-5': { served: 13 } },
    })
    example.says(`13 letters are answered by the first large model, and the hour costs ${usd(sides[0])}.`)
  })

  example.change('without the caps nothing is lost, and the budget is', async (copy) => {
    copy.change('routes.yaml', ', max_usd_per_request: 0.05', '')
    const { exitCode, sides, failed_expectations: failed } = await copy.replays(badDay)
    expect({ exitCode, failed }).toEqual({ exitCode: 4, failed: ['usd is 0.589, allowed is 0.4'] })
    expect(sides[0]?.fates).toMatchObject({ lost: 0 })
    example.says(`nothing is lost, the hour costs ${usd(sides[0])}, and the drill ends with exit code 4`)
  })

  example.change('without a price lint says so', async (copy) => {
    copy.change('routes.yaml', ', usd_per_million: {input: 5, output: 30}', '')
    const { exitCode, stdout } = await copy.aigw('lint')
    expect(exitCode).toBe(3)
    expect(stdout).toContain('[price-unknown]')
  })
})
