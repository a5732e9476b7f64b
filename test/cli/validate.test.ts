import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../schemas/index.ts'
import { validateRoutes } from '../../schemas/validate-routes.ts'
import { Workspace, productNote } from './support.ts'

function parse(stdout: string): readonly Diagnostic[] {
  return JSON.parse(stdout) as readonly Diagnostic[]
}

describe('aigw validate', () => {
  test("the product note's manifest is valid as it stands, with nothing else configured", async () => {
    const { exitCode, stdout, stderr } = await new Workspace({ 'routes.yaml': productNote }).aigw('validate')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('✓ routes.yaml is valid: 1 route, 2 targets, 1 fallback')
    expect(stdout).not.toContain(' error ')
    expect(stderr).toBe('')
  })

  test('a typo is shown with its line, its column, the lines around it, and what to write instead', async () => {
    const workspace = new Workspace({ 'routes.yaml': productNote.replace('max_latency_ms: 800', 'max_latency: 800') })
    const { exitCode, stdout } = await workspace.aigw('validate', 'routes.yaml')
    expect(exitCode).toBe(3)
    expect(stdout).toContain(
      [
        'routes.yaml:10:9 error `max_latency` is not a known key [unknown-key]',
        '     9 |         weight: 60',
        '  > 10 |         max_latency: 800',
        '       |         ^^^^^^^^^^^',
        '    11 |       - provider: openai',
        '  at ai_routes[0].targets[0].max_latency',
        '  help: did you mean `max_latency_ms`?',
      ].join('\n'),
    )
    expect(stdout).toContain('✗ routes.yaml: 1 error')
  })

  test.each([
    ['not YAML', 'ai_routes: [', 'yaml-syntax', 1],
    ['a tab', 'ai_routes:\n\t- name: a\n', 'yaml-tab', 2],
    ['nothing', '', 'empty-document', 1],
    ['a list', '- a\n', 'wrong-type', 1],
    ['a duplicate key', `${productNote}ai_routes: []\n`, 'duplicate-key', 16],
    ['an unquoted version', `version: 2026.10\n${productNote}`, 'wrong-type', 1],
    ['a provider that is none', productNote.replace('provider: openai', 'provider: opneai'), 'unknown-provider', 11],
    ['a weight on some targets only', productNote.replace('        weight: 40\n', ''), 'missing-weight', 11],
    ['a variable without a value', productNote.replace('claude-haiku-4-5', '${MODEL}'), 'missing-variable', 8],
  ])('%s is one clear problem', async (_what, text, code, line) => {
    const workspace = new Workspace({ 'routes.yaml': text })
    const { exitCode, stdout } = await workspace.aigw('validate', '--format', 'json')
    expect(exitCode).toBe(3)
    const errors = parse(stdout).filter(({ severity }) => severity === 'error')
    expect(errors.map((error) => [error.code, error.line])).toContainEqual([code, line])
    for (const error of errors) expect(error).toMatchObject({ file: 'routes.yaml' })
  })

  test('a key in the manifest is an error, and is not repeated in any form of output', async () => {
    const secret = 'sk-proj-0123456789abcdefghijklmnop'
    const text = `providers:\n  openai: {api_key: ${secret}}\n${productNote}`
    const workspace = new Workspace({ 'routes.yaml': text })
    for (const format of ['human', 'json']) {
      const { exitCode, stdout, stderr } = await workspace.aigw('validate', '--format', format)
      expect(exitCode).toBe(3)
      expect(stdout).toContain('literal-secret')
      expect(stdout + stderr).not.toContain(secret.slice(0, 12))
    }
  })

  test('- is standard input', async () => {
    const workspace = new Workspace()
    const good = await workspace.run({ args: ['validate', '-'], stdin: productNote })
    expect(good).toMatchObject({ exitCode: 0, stderr: '' })
    expect(good.stdout).toContain('✓ <stdin> is valid')
    const bad = await workspace.run({ args: ['validate', '-', '--format', 'json'], stdin: 'ai_routes: 7' })
    expect(bad.exitCode).toBe(3)
    expect(parse(bad.stdout)[0]).toMatchObject({ file: '<stdin>', line: 1 })
  })

  test('a file that cannot be read is 1, and the others are looked at all the same', async () => {
    const workspace = new Workspace({ 'bad.yaml': 'ai_routes: 7' })
    const { exitCode, stdout, stderr } = await workspace.aigw('validate', 'missing.yaml', 'bad.yaml', '.')
    expect(exitCode).toBe(1)
    expect(stderr).toBe('aigw: cannot read missing.yaml: there is no such file\n')
    // The folder has it as well; it is looked at once.
    expect(stdout.match(/✗ bad\.yaml: 1 error/g)).toHaveLength(1)
  })

  test('--fail-severity makes warnings count', async () => {
    const hedged = productNote.replace('    match:', '    hedge_after_ms: 300\n    match:')
    const workspace = new Workspace({ 'routes.yaml': hedged })
    const lenient = await workspace.aigw('validate')
    expect(lenient.exitCode).toBe(0)
    expect(lenient.stdout).toContain('warning hedging cannot be served by this version [unavailable]')
    expect((await workspace.aigw('validate', '--fail-severity', 'warning')).exitCode).toBe(3)
  })

  test('variables come from local in aigw.yaml, from the named environment, or from the process', async () => {
    const text = productNote.replace('claude-haiku-4-5', '${MODEL}')
    const workspace = new Workspace({ 'routes.yaml': text })
    expect((await workspace.aigw('validate')).exitCode).toBe(3)
    expect((await workspace.run({ args: ['validate'], env: { MODEL: 'claude-x' } })).exitCode).toBe(0)
    const environments =
      'environments:\n  local: {store: "file:.aigw"}\n  prod: {store: "file:prod", variables: {MODEL: x}}\n'
    workspace.write('aigw.yaml', environments)
    expect((await workspace.run({ args: ['validate'], env: { MODEL: 'claude-x' } })).exitCode).toBe(3)
    expect((await workspace.aigw('validate', '--env', 'prod')).exitCode).toBe(0)
  })

  test('aigw.yaml is checked too', async () => {
    const config = 'environments:\n  dev: {sotre: "file:.aigw", promoted_from: dve}\n'
    const workspace = new Workspace({ 'routes.yaml': productNote, 'aigw.yaml': config })
    const { exitCode, stdout } = await workspace.aigw('validate')
    expect(exitCode).toBe(3)
    expect(stdout).toContain('aigw.yaml:2:9 error `sotre` is not a known key')
    expect(stdout).toContain('did you mean `store`?')
  })

  test('colours only where they are wanted', async () => {
    const workspace = new Workspace({ 'routes.yaml': 'ai_routes: 7' })
    const escape = '\u001b['
    expect((await workspace.aigw('validate')).stdout).not.toContain(escape)
    expect((await workspace.run({ args: ['validate'], env: { FORCE_COLOR: '1' } })).stdout).toContain(escape)
    const forced = { FORCE_COLOR: '1', NO_COLOR: '1' }
    expect((await workspace.run({ args: ['validate'], env: forced })).stdout).not.toContain(escape)
    const flagged = await workspace.run({ args: ['validate', '--no-color'], env: { FORCE_COLOR: '1' } })
    expect(flagged.stdout).not.toContain(escape)
  })
})

describe('aigw schema', () => {
  test('prints the schema a document is checked against, and names the others', async () => {
    const workspace = new Workspace()
    const { stdout } = await workspace.aigw('schema', 'routes')
    expect(JSON.parse(stdout)).toMatchObject({ $id: 'routes.schema.json', title: 'RoutesManifest' })
    expect((await workspace.aigw('schema')).stdout).toMatch(/^plan +\S/m)
    const unknown = await workspace.aigw('schema', 'ruotes')
    expect(unknown).toMatchObject({ exitCode: 1, stdout: '' })
    expect(unknown.stderr).toContain('did you mean `routes`?')
  })
})

describe('aigw credential new', () => {
  test('prints a key, and an entry whose hash is that of the key', async () => {
    const workspace = new Workspace()
    const args = ['credential', 'new', 'mobile-app', '--organization', 'retail', '--expires', '2027-01-31']
    const { stdout } = await workspace.aigw(...args)
    const key = /aigw_[\w-]{43}/.exec(stdout)?.[0] ?? ''
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key))
    expect(stdout).toContain(`key_hash: "sha256:${Buffer.from(digest).toString('hex')}"`)
    // The entry is YAML that can be pasted under the manifest.
    const entry = stdout.slice(stdout.indexOf('credentials:'))
    const pasted = await workspace.run({ args: ['validate', '-'], stdin: `${productNote}${entry}` })
    expect(pasted).toMatchObject({ exitCode: 0 })
    expect(pasted.stdout).toContain('1 credential')
    expect((await workspace.aigw(...args)).stdout).not.toContain(key)
  })

  test('as JSON, the entry is one the schema takes', async () => {
    const { stdout } = await new Workspace().aigw('credential', 'new', 'app', '--format', 'json')
    const { credential } = JSON.parse(stdout) as { credential: unknown }
    const manifest = { credentials: [credential], ai_routes: [] }
    expect(validateRoutes(manifest)).toMatchObject({ valid: true })
  })

  test.each([
    [['two words'], '`name`'],
    [['app', '--expires', 'soon'], '`expires` is no time'],
  ])('%j is refused before there is a key', async (args, message) => {
    const { exitCode, stdout, stderr } = await new Workspace().aigw('credential', 'new', ...args)
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toContain(message)
  })
})

test('what this version cannot serve is told beside the errors too', async () => {
  const manifest = `version: "2026.09"
quotas: [{name: q, scope: everyone, limits: [{requests: 1, per: day}]}]
ai_routes:
  - {name: a, match: {model: a, semantic: {examples: [x]}}, targets: [{provider: opnai, model: b, wieght: 1}]}
`
  const workspace = new Workspace({ 'routes.yaml': manifest })
  const { exitCode, stdout } = await workspace.aigw('validate', '--format', 'json')
  expect(exitCode).toBe(3)
  const found = JSON.parse(stdout) as { code: string; line: number }[]
  expect(found.map(({ code, line }) => [code, line])).toEqual([
    ['unavailable', 2],
    ['unavailable', 4],
    ['unknown-provider', 4],
    ['unknown-key', 4],
  ])
})
