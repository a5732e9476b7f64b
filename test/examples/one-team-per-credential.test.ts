import { expect } from 'vitest'
import { describeExample, rulesFound, servedBy } from './example.ts'

describeExample('one-team-per-credential', (example) => {
  const drill = 'aigw replay capture.ndjson --manifest routes.yaml --scenario who-goes-where.yaml'

  example.command('aigw credential list', async (copy, command) => {
    const { exitCode, stdout } = await copy.runs(command)
    expect(exitCode).toBe(0)
    for (const name of ['ward-assistant', 'radiology-reports', 'billing', 'trial-notebooks']) {
      expect(stdout).toMatch(new RegExp(`^${name} +valid `, 'm'))
    }
  })

  example.command('aigw credential new night-desk --organization care', async (copy, command) => {
    const { exitCode, stdout } = await copy.runs(command)
    expect(exitCode).toBe(0)
    const [, key = ''] = /^ {2}(aigw_\S+)$/m.exec(stdout) ?? []
    const [, entry = ''] = /^credentials:\n((?: .*\n)+)/m.exec(stdout) ?? []
    copy.change('routes.yaml', 'credentials:\n', `credentials:\n${entry}`)
    const check = await copy.run({ args: ['credential', 'check'], stdin: key })
    expect(check).toMatchObject({ exitCode: 0 })
    expect(check.stdout).toContain('night-desk')
  })

  example.command(drill, async (copy, command) => {
    const { exitCode, sides, failed_expectations: failed } = await copy.replays(command)
    expect({ exitCode, failed }).toEqual({ exitCode: 0, failed: [] })
    const [side] = sides
    expect(side).toMatchObject({ boundary_left: 0, fates: { served: 97, lost: 0, no_route: 3 } })
    const { 'ward-a/llama-3.3-70b': first = 0, 'ward-b/llama-3.3-70b': second = 0 } = side ? servedBy(side) : {}
    expect(copy.read('capture.ndjson').split('"organization":"care"').length - 1).toBe(first + second)
    example.says(`All ${first + second} requests of the wards and of radiology are served in the house`)
    example.says(`${second} of them by the second machine; of the others 33 are served, and 3 have no route`)
  })

  example.command('aigw lint --capture capture.ndjson', async (copy, command) => {
    const { exitCode, stdout } = await copy.runs(command, '--format', 'json')
    expect({ exitCode, found: rulesFound(stdout) }).toEqual({ exitCode: 3, found: ['recorded-without-route'] })
    expect(stdout).toContain('`assistant-large` (3)')
  })

  example.change('a route for everybody at the top takes the patients away', async (copy) => {
    copy.change('routes.yaml', ', organization: [administration, research]', '')
    example.says(', organization: [administration, research]')
    const text = copy.read('routes.yaml')
    const last = text.slice(text.indexOf('  - name: everybody-else'))
    copy.write('routes.yaml', text.replace(last, '').replace('ai_routes:\n', `ai_routes:\n${last}`))
    expect(await copy.aigw('validate')).toMatchObject({ exitCode: 0 })
    const { exitCode, stdout } = await copy.aigw('lint', '--format', 'json')
    expect({ exitCode, found: rulesFound(stdout) }).toEqual({ exitCode: 3, found: ['unreachable-route'] })
    expect(await copy.replays(drill)).toMatchObject({
      exitCode: 4,
      failed_expectations: ['self_hosted serves a share of 0, at least 0.6 was expected'],
    })
  })
})
