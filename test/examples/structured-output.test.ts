import { expect } from 'vitest'
import { describeExample, rulesFound, servedBy } from './example.ts'

describeExample('structured-output', (example) => {
  const gate = 'aigw replay capture.ndjson --manifest routes.yaml --scenario forms.yaml'
  const mistral = 'mistral/mistral-medium-latest'

  example.command('aigw replay capture.ndjson --manifest before.yaml --against routes.yaml', async (copy, command) => {
    const { exitCode, sides } = await copy.replays(command)
    expect(exitCode).toBe(0)
    const [before, after] = sides.map(({ losses }) => losses)
    const schema = { target: 'deepseek/deepseek-flash', part: 'response_format[json_schema]', requests: 54 }
    expect(before).toMatchObject({ requests: 54, parts: [{ ...schema, fate: 'dropped' }] })
    const logprobs = { target: mistral, part: 'logprobs', requests: 10, fate: 'skipped' }
    expect(after).toMatchObject({ requests: 0, parts: [logprobs] })
    expect(sides[1]?.fates).toMatchObject({ served: 80, lost: 0 })
    example.says('With `before.yaml` 54 of 80 requests are not carried whole', '10 forms ask for log probabilities')
  })

  example.command('aigw lint --capture capture.ndjson', async (copy, command) => {
    const { exitCode, stdout } = await copy.runs(command, '--format', 'json')
    expect({ exitCode, found: rulesFound(stdout) }).toEqual({ exitCode: 3, found: ['recorded-refusal'] })
    expect(stdout).toContain('10 of 54 recorded requests of route `forms` ask for `logprobs`')
  })

  example.command(gate, async (copy, command) => {
    const { exitCode, failed_expectations: failed } = await copy.replays(command)
    expect({ exitCode, failed }).toEqual({ exitCode: 0, failed: [] })
    const before = await copy.replays(command.replace('routes.yaml', 'before.yaml'))
    expect(before.exitCode).toBe(4)
    expect(before.failed_expectations[0]).toBe('deepseek serves a share of 1, at most 0.35 was expected')
  })

  example.command(
    'aigw replay capture.ndjson --manifest routes.yaml --scenario openai-is-down.yaml',
    async (copy, command) => {
      const { exitCode, sides, failed_expectations: failed } = await copy.replays(command)
      expect({ exitCode, failed }).toEqual({ exitCode: 0, failed: [] })
      expect(sides[0]?.fates).toMatchObject({ served: 78, lost: 2 })
      example.says('When it is down for five minutes, 2 of them are lost')
    },
  )

  example.change('without on_loss: refuse the first target answers all forms, and less of them', async (copy) => {
    copy.change('routes.yaml', '    on_loss: refuse\n', '')
    const { exitCode, sides, failed_expectations: failed } = await copy.replays(gate)
    expect({ exitCode, failed }).toEqual({
      exitCode: 4,
      failed: ['openai serves a share of 0, at least 0.12 was expected'],
    })
    expect(sides[0] && servedBy(sides[0])).toMatchObject({ [mistral]: 54 })
    expect(sides[0]?.losses).toMatchObject({ requests: 10, parts: [{ part: 'logprobs', requests: 10 }] })
    example.says('the first target answers all 54 forms, 10 of them without the log probabilities')
  })
})
