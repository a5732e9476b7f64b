import { expect } from 'vitest'
import { describeExample, rulesFound, servedBy } from './example.ts'

describeExample('eu-only', (example) => {
  const routes = 'routes.yaml'
  const europeIsDown = 'aigw replay capture.ndjson --manifest routes.yaml --scenario europe-is-down.yaml'
  const boundary = '    boundary: [eu-north, eu-west]\n'
  const fallback = '    fallback: openai/gpt-5.4-mini\n'

  example.command('aigw validate --env prod', async (copy, command) => {
    expect(await copy.runs(command)).toMatchObject({ exitCode: 0, stderr: '' })
    copy.change('aigw.yaml', 'AZURE_SWEDEN_URL:', 'AZURE_URL:')
    const { exitCode, stdout } = await copy.runs(command)
    expect(exitCode).toBe(3)
    expect(stdout).toContain('AZURE_SWEDEN_URL')
  })

  example.command(
    'aigw replay capture.ndjson --manifest routes.yaml --scenario sweden-is-down.yaml',
    async (copy, command) => {
      const { exitCode, sides, failed_expectations: failed } = await copy.replays(command)
      expect({ exitCode, failed }).toEqual({ exitCode: 0, failed: [] })
      expect(sides[0]).toMatchObject({ requests: 80, failovers: 8, fates: { served: 80, lost: 0 } })
      example.says('All 80 requests are served, 8 of them by a second attempt')
    },
  )

  example.command(europeIsDown, async (copy, command) => {
    const { exitCode, sides, failed_expectations: failed } = await copy.replays(command)
    expect({ exitCode, failed }).toEqual({ exitCode: 0, failed: [] })
    expect(sides[0]).toMatchObject({ boundary_left: 0, fates: { served: 60, lost: 20 } })
    expect(sides[0] && servedBy(sides[0])).toMatchObject({ 'openai/gpt-5.4-mini': 20 })
    const allQuestionsOfThePublic = copy.read('capture.ndjson').split('"model":"public-assistant"').length - 1
    expect(allQuestionsOfThePublic).toBe(20)
    example.says('Now 20 requests are lost, all of them about case files', 'it answers the 20 questions of the public')
  })

  example.change('a fallback outside the boundary is refused', async (copy) => {
    copy.change(routes, boundary, fallback + boundary)
    example.says(fallback.trim(), boundary.trim())
    const { exitCode, stdout } = await copy.aigw('validate')
    expect(exitCode).toBe(3)
    expect(stdout).toMatch(/routes\.yaml:17:15 error .* \[outside-boundary\]/)
    expect(await copy.aigw('serve', '--manifest', routes, '--port', '0')).toMatchObject({ exitCode: 3 })
  })

  example.change('without the boundary lint tells, and the drill fails', async (copy) => {
    copy.change(routes, boundary, fallback)
    expect(await copy.aigw('validate')).toMatchObject({ exitCode: 0 })
    const { exitCode, stdout } = await copy.aigw('lint', '--format', 'json')
    expect({ exitCode, found: rulesFound(stdout) }).toEqual({ exitCode: 3, found: ['failover-leaves-region'] })
    const drill = await copy.replays(europeIsDown)
    expect(drill.exitCode).toBe(4)
    expect(drill.sides[0]).toMatchObject({ fates: { lost: 0 }, targets: { 'openai/gpt-5.4-mini': { served: 40 } } })
    example.says('40 of 80 requests are answered by OpenAI')
  })
})
