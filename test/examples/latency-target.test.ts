import { expect } from 'vitest'
import { describeExample, servedBy, toMs } from './example.ts'

describeExample('latency-target', (example) => {
  const gate = 'aigw replay capture.ndjson --manifest routes.yaml --scenario counter.yaml'

  example.command('aigw replay capture.ndjson --manifest before.yaml --against routes.yaml', async (copy, command) => {
    const { exitCode, sides } = await copy.replays(command)
    expect(exitCode).toBe(0)
    const [before, after] = sides
    expect(before).toMatchObject({ requests: 100, attempts: 100, failovers: 0 })
    expect(after).toMatchObject({ attempts: 110, failovers: 10, fates: { served: 100, lost: 0 } })
    example.says('It costs 10 attempts that are given up: 110 for 100 requests')
    const [earlier, later] = sides.map(({ first_content_us: us }) => ({ p50: toMs(us.p50), p95: toMs(us.p95) }))
    example.says(`within ${later?.p95} ms, where it was ${earlier?.p95} ms before`)
    expect(later?.p50).toBe(earlier?.p50)
    example.says(`Half of the callers notice nothing, ${later?.p50} ms before and after`)
  })

  example.command(gate, async (copy, command) => {
    const { exitCode, failed_expectations: failed } = await copy.replays(command)
    expect({ exitCode, failed }).toEqual({ exitCode: 0, failed: [] })
    const before = await copy.replays(command.replace('routes.yaml', 'before.yaml'))
    expect(before).toMatchObject({ exitCode: 4, failed_expectations: ['p95_ms is 3742, allowed is 2000'] })
  })

  example.change('an impatient target is faster, and costs more than was allowed', async (copy) => {
    copy.change('routes.yaml', 'max_latency_ms: 1200', 'max_latency_ms: 600')
    const { exitCode, sides, failed_expectations: failed } = await copy.replays(gate)
    expect({ exitCode, failed }).toEqual({
      exitCode: 4,
      failed: ['anthropic serves a share of 0.47, at least 0.6 was expected'],
    })
    const [side] = sides
    expect(side && servedBy(side)).toMatchObject({ 'anthropic/claude-haiku-5-5': 47 })
    example.says('`max_latency_ms: 600`', `p95 is ${toMs(side?.first_content_us.p95 ?? 0)} ms`)
    example.says(`${side?.attempts} attempts are made for 100 requests, the first provider is left with 0.47`)
  })
})
