import { expect } from 'vitest'
import { describeExample, rulesFound, toMs } from './example.ts'

describeExample('provider-switch', (example) => {
  const compare = 'aigw replay capture.ndjson --manifest before.yaml --against routes.yaml --scenario trial.yaml'
  const usd = (side: { readonly cost_micro_usd: number } | undefined) =>
    `$${((side?.cost_micro_usd ?? 0) / 1e6).toFixed(2)}`

  example.command('aigw diff before.yaml routes.yaml --format markdown', async (copy, command) => {
    const { exitCode, stdout } = await copy.runs(command)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^\| --- \|/m)
    for (const target of ['anthropic/claude-haiku-5-5', 'openai/gpt-4o-mini']) {
      expect(stdout).toContain(`ai_routes.helpdesk.targets.${target}`)
    }
    expect(stdout).not.toContain('match')
  })

  example.command(compare, async (copy, command) => {
    const { exitCode, sides, failed_expectations: failed } = await copy.replays(command)
    expect({ exitCode, failed }).toEqual({ exitCode: 0, failed: [] })
    const [before, after] = sides
    expect(before?.losses).toMatchObject({ requests: 0, parts: [] })
    expect(after?.losses.parts.map(({ part, requests }) => [part, requests])).toEqual([
      ['temperature', 80],
      ['seed', 24],
      ['frequency_penalty', 13],
    ])
    expect(copy.read('capture.ndjson').split('"tools"').length - 1).toBe(31 * 2)
    example.says('Tools and their results, which 31 requests have, are carried whole')
    example.says('dropped in all 80', '`seed` in 24, and `frequency_penalty` in 13')
    const [early, late] = sides.map(({ first_content_us: us }) => toMs(us.p50))
    example.says(`after ${late} ms instead of ${early} ms`, `cost ${usd(after)} instead of ${usd(before)}`)
  })

  example.command('aigw lint --capture capture.ndjson', async (copy, command) => {
    const { exitCode, stdout } = await copy.runs(command, '--format', 'json')
    const found = rulesFound(stdout)
    expect({ exitCode, found }).toEqual({ exitCode: 3, found: Array.from({ length: 4 }, () => 'recorded-loss') })
    expect(stdout).toContain('48 of 80 recorded requests of route `helpdesk` ask for `user`, which `mistral/')
    example.says('The fallback loses `user` in 48 requests')
    const comment = '    # aigw-lint-disable-route recorded-loss -- the applications were asked, and do not mind\n'
    copy.change('routes.yaml', '    match:', `${comment}    match:`)
    expect(await copy.runs(command)).toMatchObject({ exitCode: 0 })
  })

  example.change('a dearer model is more than the trial allows', async (copy) => {
    copy.change('routes.yaml', 'claude-haiku-5-5', 'claude-opus-5-5')
    copy.change('routes.yaml', 'input: 1, output: 5', 'input: 5, output: 25')
    const { exitCode, sides, failed_expectations: failed } = await copy.replays(compare)
    expect({ exitCode, failed }).toEqual({ exitCode: 4, failed: ['routes.yaml: usd is 0.864, allowed is 0.2'] })
    example.says('write `claude-opus-5-5` for `claude-haiku-5-5`', `twenty minutes cost ${usd(sides[1])}`)
  })
})
