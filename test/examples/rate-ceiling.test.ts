import { expect } from 'vitest'
import { describeExample, servedBy, toMs } from './example.ts'

describeExample('rate-ceiling', (example) => {
  const gate = 'aigw replay capture.ndjson --manifest routes.yaml --scenario nobody-waits.yaml'

  example.command('aigw replay capture.ndjson --manifest before.yaml --against routes.yaml', async (copy, command) => {
    const { exitCode, sides, moved } = await copy.replays(command)
    expect(exitCode).toBe(0)
    const [before, after] = sides
    expect(before).toMatchObject({ attempts: 132, failovers: 12, fates: { served: 120 } })
    expect(after).toMatchObject({ failovers: 1, fates: { served: 120 } })
    example.says('12 requests were served by a second attempt before, and one is afterwards')
    expect(moved).toEqual([{ from: 'mistral/mistral-medium-latest', to: 'openai/gpt-5.4-mini', requests: 6 }])
    example.says('Six in 120 go to the other cloud')
    const [earlier, later] = [before, after].map((side) => toMs(side?.first_content_us.p95 ?? 0))
    example.says(`see a first word within ${later} ms, where it was ${earlier} ms before`)
  })

  example.command(gate, async (copy, command) => {
    const { exitCode, failed_expectations: failed } = await copy.replays(command)
    expect({ exitCode, failed }).toEqual({ exitCode: 0, failed: [] })
    const before = await copy.replays(command.replace('routes.yaml', 'before.yaml'))
    expect(before).toMatchObject({ exitCode: 4, failed_expectations: ['p95_ms is 1083, allowed is 700'] })
  })

  example.change('a ceiling that is too careful leaves the provider idle', async (copy) => {
    copy.change('routes.yaml', 'requests_per_minute: 18', 'requests_per_minute: 5')
    example.says('`requests_per_minute: 18`', '`requests_per_minute: 5`')
    const { exitCode, sides, failed_expectations: failed } = await copy.replays(gate)
    expect(exitCode).toBe(4)
    expect(failed).toEqual([
      expect.stringMatching(/^mistral serves a share of 0\.[0-4]\d*, at least 0\.7 was expected$/),
    ])
    expect(sides[0] && servedBy(sides[0])).toMatchObject({ 'openai/gpt-5.4-mini': expect.any(Number) })
  })
})
