/** What a user sees who gets it wrong. Each of these once looked like success, or could not be mended from its words. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Workspace, productNote, servable } from './support.ts'

describe('asking for help', () => {
  test.each([
    [['help', 'valdate'], 'did you mean `validate`?'],
    [['histroy', '--help'], 'Run with --help alone'],
  ])('%j is told that there is no such command, instead of the help of everything', async (args, hint) => {
    const { exitCode, stdout, stderr } = await new Workspace().aigw(...args)
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toContain('aigw: unknown command')
    expect(stderr).toContain(hint)
  })

  test('of a command there is', async () => {
    for (const args of [['help', 'plan'], ['plan', '--help'], ['help'], ['-h']]) {
      expect(await new Workspace().aigw(...args)).toMatchObject({ exitCode: 0, stderr: '' })
    }
  })
})

describe('files', () => {
  test.each([
    ['random bytes', Buffer.from([0xff, 0xfd, 0x00, 0x41, 0x80])],
    ['UTF-16, as some editors write it', Buffer.from('ai_routes: []', 'utf16le')],
  ])('%s are no text, and are not shown as if they were', async (_what, bytes) => {
    const workspace = new Workspace()
    writeFileSync(workspace.path('routes.yaml'), bytes)
    const { exitCode, stdout, stderr } = await workspace.aigw('validate')
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toBe('aigw: cannot read routes.yaml: it is not text in UTF-8\n')
  })

  test('a file in UTF-16 that says so is told what to do', async () => {
    const workspace = new Workspace()
    writeFileSync(workspace.path('routes.yaml'), Buffer.from('\uFEFFai_routes: []', 'utf16le'))
    const { exitCode, stderr } = await workspace.aigw('validate')
    expect([exitCode, stderr]).toEqual([1, 'aigw: cannot read routes.yaml: it is UTF-16: save it as UTF-8\n'])
  })

  test('a manifest with a byte order mark and Windows line ends is fine', async () => {
    const workspace = new Workspace({ 'routes.yaml': `\uFEFF${servable(60).replaceAll('\n', '\r\n')}` })
    expect(await workspace.aigw('validate')).toMatchObject({ exitCode: 0, stderr: '' })
  })

  test('a manifest without routes says how many it has', async () => {
    const { stdout } = await new Workspace({ 'routes.yaml': 'ai_routes: []\n' }).aigw('validate')
    expect(stdout).toBe('✓ routes.yaml is valid: 0 routes\n')
  })

  test('a folder that is not there is called a folder', async () => {
    const { exitCode, stderr } = await new Workspace({ 'routes.yaml': servable(60) }).aigw('plan', '--out', 'no/p.json')
    expect([exitCode, stderr]).toEqual([1, 'aigw: cannot write no/p.json: there is no folder no\n'])
  })
})

describe('plan, rollback, credential', () => {
  test('a plan names the apply that would carry out this very plan', async () => {
    const workspace = new Workspace({
      'other.yaml': servable(60),
      'aigw.yaml': 'environments: {dev: {store: "file:dev"}, prod: {store: "file:prod"}}\n',
    })
    const { stderr } = await workspace.aigw('plan', '--env', 'prod', '--manifest', 'other.yaml')
    expect(stderr).toContain('Carry it out with: aigw apply --env prod --manifest other.yaml')
  })

  test('a rollback that cannot ask does not send anybody to plan the opposite', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('apply', '--auto-approve')
    workspace.write('routes.yaml', servable(50))
    await workspace.aigw('apply', '--auto-approve')
    const { exitCode, stderr } = await workspace.aigw('rollback')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('Approve with --auto-approve.')
    expect(stderr).not.toContain('aigw plan')
  })

  test('a release that was damaged is named, not stepped over in silence', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('apply', '--auto-approve')
    workspace.write('.aigw/releases/1.json', '{"half')
    const status = await workspace.aigw('status')
    expect(status.stdout).toMatch(/nothing published yet\n +revision 1 is stepped over: \S/)
    const damaged = [expect.stringContaining('revision 1')]
    expect(JSON.parse((await workspace.aigw('status', '--format', 'json')).stdout)).toMatchObject({
      store: { damaged },
    })
    for (const command of [['plan'], ['apply', '--auto-approve']]) {
      expect((await workspace.aigw(...command)).stderr).toContain('revision 1 is stepped over')
    }
    // A newer one was published since: what lies below the head is history.
    expect((await workspace.aigw('status')).stdout).not.toContain('stepped over')
  })

  test('a key that would never work is not made', async () => {
    const { exitCode, stdout, stderr } = await new Workspace().aigw(
      'credential',
      'new',
      'app',
      '--expires',
      '2020-01-01',
    )
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toContain('`expires` is in the past')
  })
})

describe('aigw serve that cannot', () => {
  const serve = ['serve', '--manifest', 'routes.yaml', '--port', '0', '--admin-port', '0']

  test('names what this version lacks with line and column, once', async () => {
    const manifest = productNote.replace('    targets:', '    hedge_after_ms: 300\n    targets:')
    const { exitCode, stderr } = await new Workspace({ 'routes.yaml': manifest }).aigw(...serve)
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/^routes\.yaml:\d+:5 error hedging cannot be served by this version/m)
    expect(stderr.match(/hedging/g)).toHaveLength(1)
  })

  test('names the variables that are missing', async () => {
    const { exitCode, stderr } = await new Workspace({ 'routes.yaml': servable(60) }).aigw(
      ...serve,
      '--require-secrets',
    )
    expect(exitCode).toBe(1)
    expect(stderr).toContain('Not set in this environment: OPENAI_API_KEY.')
  })

  test('says how to make a key for callers, where anybody could call', async () => {
    const { exitCode, stderr } = await new Workspace({ 'routes.yaml': servable(60) }).aigw(
      ...serve,
      '--host',
      '0.0.0.0',
    )
    expect(exitCode).toBe(1)
    expect(stderr).toContain('aigw credential new NAME')
  })

  test.each([
    [['--port', '18123', '--admin-port', '18123'], '--port and --admin-port are both 18123'],
    [['--host', '192.0.2.1'], 'cannot listen on 192.0.2.1: this machine has no such address'],
    [['--spool', 'routes.yaml'], 'cannot use routes.yaml'],
  ])('%j is told in words', async (flags, message) => {
    const { exitCode, stderr } = await new Workspace({ 'routes.yaml': servable(60) }).aigw(...serve, ...flags)
    expect(exitCode).toBe(1)
    expect(stderr).toContain(message)
    expect(stderr).not.toMatch(/E[A-Z]{4,}:/)
  })
})

describe('aigw simulate', () => {
  test('says which faults of a drill hit nothing', async () => {
    const workspace = new Workspace({ 's.yaml': 'name: d\nfaults: [{target: opanai, status: 503}]\n' })
    const child = workspace.start('simulate', '--port', '0', '--scenario', 's.yaml')
    await expect.poll(() => child.stderr(), { timeout: 15_000 }).toContain('Stop with Ctrl-C.')
    expect(child.stderr()).toContain('nothing simulated is called opanai')
  })

  test('says that there is no room above a port', async () => {
    const { exitCode, stderr } = await new Workspace().aigw('simulate', '--port', '65533')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('the ports after the first one reach beyond 65535')
  })
})

describe('aigw replay', () => {
  const line = (more: object = {}) =>
    JSON.stringify({ v: 1, at: '2026-11-23T09:00:00.000Z', model: 'gpt-4o-mini', ...more })
  const whatIf = ['replay', 'c.ndjson', '--manifest', 'routes.yaml']
  const assumed = [...whatIf, '--assume', '*=300ms/500ms']
  const workspaceWith = (capture: string, scenario = '') =>
    new Workspace({ 'routes.yaml': servable(60), 'c.ndjson': capture, 's.yaml': scenario })

  test('of nothing is no success', async () => {
    const workspace = workspaceWith('')
    mkdirSync(workspace.path('empty'))
    for (const args of [['replay', 'empty'], ['replay', 'c.ndjson'], assumed]) {
      const { exitCode, stdout, stderr } = await workspace.aigw(...args)
      expect([exitCode, stdout]).toEqual([1, ''])
      expect(stderr).toMatch(/^aigw: (empty|c\.ndjson): no request is recorded there\n$/)
    }
  })

  test.each([
    [line({ at: 'yesterday' }), '`at`: expected a time'],
    [line({ v: 2 }), '`v`: '],
    [line({ modle: 'x' }), '`modle`'],
    [line({ estimate: { input_tokens: 'many', output_tokens: null, family: 'x' } }), '`estimate.input_tokens`'],
    ['{"hello": 1}', 'neither a spool line'],
    ['{"v":1,"at"', 'not a line of JSON; was the file cut off?'],
  ])('refuses %s, with its line', async (bad, message) => {
    const { exitCode, stdout, stderr } = await workspaceWith(`${line()}\n${bad}\n`).aigw(...assumed)
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^aigw: c\.ndjson:2: /)
    expect(stderr).toContain(message)
  })

  test.each([
    ['faults: [{target: opanai, status: 503}]', 'faults[0].target', 'did you mean `openai`?'],
    ['assume: {opanai: {total_ms: 5}}', 'assume', 'did you mean `openai`?'],
    ['expect: {share: {somewhere: {at_most: 0.5}}}', 'expect.share', 'known are openai'],
    ['assume: {openai: {first_content_ms: 9, total_ms: 5}}', 'assume.openai', 'longer than'],
  ])('refuses a drill with %s, which would prove nothing', async (text, where, hint) => {
    const workspace = workspaceWith(`${line()}\n`, `name: d\n${text}\n`)
    const { exitCode, stdout, stderr } = await workspace.aigw(...assumed, '--scenario', 's.yaml')
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toContain(`aigw: ${where}`)
    expect(stderr).toContain(hint)
  })

  test('a share may name a connection, as a fault does', async () => {
    const workspace = workspaceWith(
      `${line()}\n`,
      'name: d\nexpect: {share: {openai: {at_least: 1}, cloud: {at_least: 1}}}\n',
    )
    expect((await workspace.aigw(...assumed, '--scenario', 's.yaml')).exitCode).toBe(0)
  })

  test.each([
    ['usd: 1', 'usd cannot be told'],
    ['p95_ms: 1', 'p95_ms is 5'],
  ])('expects %s, and what cannot be told does not hold', async (expectation, message) => {
    const workspace = workspaceWith(`${line()}\n`, `name: d\nexpect: {${expectation}}\n`)
    const { exitCode, stdout } = await workspace.aigw(...assumed, '--scenario', 's.yaml')
    expect(exitCode).toBe(4)
    expect(stdout).toContain(`✗ ${message}`)
  })

  test('judges both manifests, by name', async () => {
    const workspace = workspaceWith(`${line()}\n`, 'name: d\nexpect: {lost: 0}\n')
    const attempts = [{ target: 'openai/gpt-4o-mini', class: 'ok', total_us: 5 }]
    workspace.write('c.ndjson', `${line({ attempts })}\n`)
    workspace.write('new.yaml', servable(60).replace('match: {model: gpt-4o-mini}', 'match: {model: other}'))
    const { exitCode, stdout } = await workspace.aigw(...assumed, '--against', 'new.yaml', '--scenario', 's.yaml')
    expect(exitCode).toBe(4)
    // It had a route when it was recorded, so without one it is lost.
    expect(stdout).toContain('✗ new.yaml: lost is 1, allowed is 0')
    expect(stdout).not.toContain('✗ routes.yaml')
    expect(stdout).toContain('Outcomes with new.yaml stand: on nothing')
  })

  test('a cost that nobody knows is not nothing', async () => {
    const { stdout } = await workspaceWith(`${line()}\n`).aigw(...assumed)
    expect(stdout).toMatch(/^cost +unknown$/m)
  })

  test.each([['--assume', '*=1s/2s'], ['--model', 'x'], ['--stream'], ['--seed', '2'], ['--instances', '2']])(
    '%s means nothing without --manifest, and is refused',
    async (...flags) => {
      const { exitCode, stderr } = await workspaceWith(line()).aigw('replay', 'c.ndjson', ...flags)
      expect([exitCode, stderr]).toEqual([1, `aigw: ${flags[0] ?? ''} needs a --manifest to play through\n`])
    },
  )

  test.each([
    [['--assume', '*=3s/2s'], 'FIRST, until the first content, cannot be longer than TOTAL.'],
    [['--instances', '0'], 'Expected a whole number from 1.'],
  ])('%j is refused', async (flags, message) => {
    const { exitCode, stderr } = await workspaceWith(line()).aigw(...whatIf, ...flags)
    expect(exitCode).toBe(1)
    expect(stderr).toContain(message)
  })

  test("a gateway's spool may end in half a line; it is left out, and told", async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    const gateway = await workspace.serve('--manifest', 'routes.yaml')
    const body = JSON.stringify({ model: 'no-such-model', messages: [{ role: 'user', content: 'x' }] })
    const headers = { 'content-type': 'application/json' }
    for (let call = 0; call < 2; call += 1)
      await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', body, headers })
    await gateway.stop()
    const { stdout } = await workspace.aigw('replay', '.aigw/spool')
    expect(stdout).toBe('✓ 2 of 2 requests decided again as recorded\n')
    const [name = ''] = readdirSync(workspace.path('.aigw/spool/segments'))
    const segment = `.aigw/spool/segments/${name}`
    workspace.write(segment, `${workspace.read(segment)}{"v":1,"proc`)
    const cut = await workspace.aigw('replay', '.aigw/spool')
    expect(cut).toMatchObject({ exitCode: 0, stdout: '✓ 2 of 2 requests decided again as recorded\n' })
    expect(cut.stderr).toMatch(/\.ndjson:\d+: the last line is cut off, and left out\n$/)
    workspace.write(segment, workspace.read(segment).replace('\n', '\n{"v":1,"proc\n'))
    expect((await workspace.aigw('replay', '.aigw/spool')).exitCode).toBe(1)
  })
})
