import { statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../schemas/index.ts'
import { Workspace, productNote } from './support.ts'

const parse = (stdout: string): readonly Diagnostic[] => JSON.parse(stdout) as readonly Diagnostic[]

/** One finding that a machine can repair, one that it cannot, and comments to keep. */
const messy = `# The shop's routes.
ai_routes:
  - name: chat            # for the shop
    match: {model: ["gpt-*", gpt-5.5]}   # all of them
    targets:
      - {provider: openai, model: gpt-5.5}
`
const tidy = messy.replace('["gpt-*", gpt-5.5]', '["gpt-*"]')

const served = `ai_routes:
  - name: chat
    match: {model: gpt-5.5}
    targets: [{provider: openai, model: gpt-5.5}]
    fallback: [anthropic/claude-haiku-5-5, ollama/llama3.1]
`

describe('aigw lint', () => {
  test('shows each finding with its line, the lines around it, and what to write instead', async () => {
    const { exitCode, stdout, stderr } = await new Workspace({ 'routes.yaml': messy }).aigw('lint')
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' })
    expect(stdout).toContain(
      [
        "routes.yaml:6:9 warning route `chat` has nothing but `openai/gpt-5.5`: when it fails, the route's requests fail [single-target]",
        '    5 |     targets:',
        '  > 6 |       - {provider: openai, model: gpt-5.5}',
        '      |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
        '  at ai_routes[0].targets[0]',
        '  help: add a second target, or a `fallback: connection/model`',
        '  page: cli/lint/rules/single-target.md',
      ].join('\n'),
    )
    expect(stdout).toContain('✗ routes.yaml: 1 warning and 2 notes in 1 route (1 can be repaired with --fix)\n')
  })

  test('says so when there is nothing to say', async () => {
    const { exitCode, stdout } = await new Workspace({ 'routes.yaml': served }).aigw('lint')
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '✓ routes.yaml: nothing found in 1 route\n' })
  })

  test('--fail-severity decides what fails', async () => {
    const workspace = new Workspace({ 'routes.yaml': messy })
    const codes = await Promise.all(
      ['info', 'warning', 'error'].map(
        async (severity) => (await workspace.aigw('lint', '--fail-severity', severity)).exitCode,
      ),
    )
    expect(codes).toEqual([3, 3, 0])
  })

  test('an invalid manifest is told with its errors, and no rule is asked', async () => {
    const workspace = new Workspace({ 'routes.yaml': messy.replace('openai', 'opneai') })
    const { exitCode, stdout } = await workspace.aigw('lint')
    expect(exitCode).toBe(3)
    expect(stdout).toContain('did you mean `openai`?')
    expect(stdout).toContain('✗ routes.yaml is not valid, so no rule was asked: 1 error')
    expect(stdout).not.toContain('single-target')
  })

  test('a file that cannot be read is 1, and the others are looked at all the same', async () => {
    const workspace = new Workspace({ 'routes.yaml': messy })
    const { exitCode, stdout, stderr } = await workspace.aigw('lint', 'gone.yaml', 'routes.yaml', '--format', 'junit')
    expect(exitCode).toBe(1)
    expect(stderr).toBe('aigw: cannot read gone.yaml: there is no such file\n')
    expect(stdout).toContain('<testsuite name="gone.yaml" tests="1" failures="0" errors="1"')
    expect(stdout).toContain('<testsuite name="routes.yaml" tests="3" failures="1" errors="0"')
  })

  test('folders and patterns stand for the manifests in them, and aigw.yaml is none', async () => {
    const workspace = new Workspace({
      'aigw.yaml': 'environments:\n  local: {store: "file:.aigw"}\n',
      'shop/routes.yaml': messy,
      'shop/deep/search.routes.yaml': served,
      'shop/aigw.yaml': 'environments:\n  local: {store: "file:.aigw"}\n',
      'bare/aigw.yaml': 'environments:\n  local: {store: "file:.aigw"}\n',
    })
    const files = async (...args: string[]) => {
      const { exitCode, stdout, stderr } = await workspace.aigw('lint', ...args)
      return { exitCode, stderr, files: [...stdout.matchAll(/^[✓✗] ([^ :]+)/gm)].map(([, file]) => file) }
    }
    const both = ['shop/deep/search.routes.yaml', 'shop/routes.yaml']
    expect(await files('shop')).toEqual({ exitCode: 3, stderr: '', files: both })
    expect(await files('shop/**/*.yaml')).toEqual({ exitCode: 3, stderr: '', files: both })
    expect(await files('gone/*.yaml', 'shop/deep')).toEqual({
      exitCode: 1,
      stderr: 'aigw: no file matches gone/*.yaml\n',
      files: both.slice(0, 1),
    })
    const bare = await files('bare')
    expect(bare).toMatchObject({ exitCode: 1, files: [] })
    expect(bare.stderr).toContain('there is no manifest in bare: nothing but aigw.yaml, which has no routes')
  })

  test('- is standard input, and ${…} is filled in as for validate', async () => {
    const workspace = new Workspace({
      'aigw.yaml':
        'environments:\n  local: {store: "file:.aigw"}\n  prod: {store: "file:p", variables: {MODEL: gpt-4}}\n',
    })
    const stdin = served.replace('model: gpt-5.5}]', 'model: "${MODEL}"}]')
    const { exitCode, stdout } = await workspace.run({
      args: ['lint', '-', '--env', 'prod', '--format', 'json'],
      stdin,
    })
    expect(exitCode).toBe(3)
    expect(parse(stdout)).toMatchObject([{ code: 'retired-model', file: '<stdin>', line: 4 }])
    expect((await workspace.run({ args: ['lint', '-'], stdin })).stdout).toContain('missing-variable')
  })

  test('the product note passes', async () => {
    expect(await new Workspace({ 'routes.yaml': productNote }).aigw('lint')).toMatchObject({ exitCode: 0, stderr: '' })
  })
})

describe('severities and comments', () => {
  const config = (rules: string) => `environments:\n  local: {store: "file:.aigw"}\nlint:\n  rules: {${rules}}\n`

  test('aigw.yaml switches rules off and makes them count', async () => {
    const workspace = new Workspace({ 'routes.yaml': messy, 'aigw.yaml': config('single-target: off') })
    expect((await workspace.aigw('lint')).exitCode).toBe(0)
    workspace.write('aigw.yaml', config('single-target: off, redundant-pattern: error'))
    const { exitCode, stdout } = await workspace.aigw('lint', '--fail-severity', 'error', '--format', 'json')
    expect(exitCode).toBe(3)
    expect(parse(stdout).map(({ code, severity }) => [code, severity])).toContainEqual(['redundant-pattern', 'error'])
  })

  test('a rule that does not exist is an error of aigw.yaml, for lint and for validate', async () => {
    const workspace = new Workspace({ 'routes.yaml': served, 'aigw.yaml': config('singel-target: off') })
    for (const command of ['lint', 'validate']) {
      const { exitCode, stdout, stderr } = await workspace.aigw(command)
      expect(exitCode).toBe(3)
      expect(stdout + stderr).toContain('aigw.yaml:4:11 error there is no lint rule `singel-target` [unknown-rule]')
      expect(stdout + stderr).toContain('did you mean `single-target`?')
    }
  })

  test('a comment with a reason suppresses, one without does not', async () => {
    const comment = '      # aigw-lint-disable-next-line single-target -- an experiment\n'
    const workspace = new Workspace({ 'routes.yaml': messy.replace('      - {', `${comment}      - {`) })
    const { exitCode, stdout } = await workspace.aigw('lint')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('✓ routes.yaml: 2 notes in 1 route (1 suppressed, 1 can be repaired with --fix)')
    workspace.write('routes.yaml', workspace.read('routes.yaml').replace(' -- an experiment', ''))
    const without = await workspace.aigw('lint', '--format', 'github')
    expect(without.exitCode).toBe(3)
    expect(without.stdout).toContain('title=invalid-suppression::this comment gives no reason')
    expect(without.stdout).toContain('title=single-target::')
  })
})

describe('--fix', () => {
  test('repairs what is safe, keeps the rest of the file, and finds nothing more to do', async () => {
    const workspace = new Workspace()
    workspace.write('routes.yaml', messy, 0o640)
    const first = await workspace.aigw('lint', '--fix')
    expect(first).toMatchObject({ exitCode: 3, stderr: 'routes.yaml: 1 repair made\n' })
    expect(workspace.read('routes.yaml')).toBe(tidy)
    expect(statSync(workspace.path('routes.yaml')).mode & 0o777).toBe(0o640)
    expect(first.stdout).toContain('✗ routes.yaml: 1 warning and 1 note in 1 route\n')
    const second = await workspace.aigw('lint', '--fix')
    expect(second.stderr).toBe('')
    expect(workspace.read('routes.yaml')).toBe(tidy)
  })

  test('--dry-run shows the diff and changes nothing', async () => {
    const workspace = new Workspace({ 'routes.yaml': messy })
    const { stdout, stderr } = await workspace.aigw('lint', '--fix', '--dry-run')
    expect(stderr).toBe('routes.yaml: 1 repair to make\n')
    expect(stdout).toContain(
      [
        '--- a/routes.yaml',
        '+++ b/routes.yaml',
        '@@ -1,6 +1,6 @@',
        " # The shop's routes.",
        ' ai_routes:',
        '   - name: chat            # for the shop',
        '-    match: {model: ["gpt-*", gpt-5.5]}   # all of them',
        '+    match: {model: ["gpt-*"]}   # all of them',
        '     targets:',
        '       - {provider: openai, model: gpt-5.5}',
      ].join('\n'),
    )
    expect(workspace.read('routes.yaml')).toBe(messy)
  })

  test('a fallback that is a target already is taken out, and then the manifest is valid', async () => {
    const workspace = new Workspace({ 'routes.yaml': served.replace('[anthropic', '[openai/gpt-5.5, anthropic') })
    expect((await workspace.aigw('validate')).exitCode).toBe(3)
    expect((await workspace.aigw('lint', '--fix', '--quiet')).exitCode).toBe(0)
    expect(workspace.read('routes.yaml')).toBe(served)
  })

  test.each([
    [['--dry-run'], '--dry-run shows what --fix would change: it needs --fix'],
    [['--fix', '-'], '--fix cannot change standard input: name the file'],
    [['--fix', '--dry-run', '--format', 'json'], '--dry-run writes a diff, which has no form "json"'],
    [['--explain', 'single-target', '--format', 'junit'], '--explain prints a page, which has no form "junit"'],
    [['--format', 'xml'], "argument 'xml' is invalid"],
    [['--fail-severity', 'hint'], "argument 'hint' is invalid"],
  ])('%j is refused', async (args, message) => {
    const { exitCode, stdout, stderr } = await new Workspace({ 'routes.yaml': served }).aigw('lint', ...args)
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toContain(message)
  })
})

describe('--explain', () => {
  const workspace = () => new Workspace()

  test('prints the page of a rule, or lists the rules', async () => {
    const page = await workspace().aigw('lint', '--explain', 'single-target')
    expect(page.exitCode).toBe(0)
    expect(page.stdout).toMatch(
      /^# single-target\n[^]*## Why it hurts\n[^]*## How to repair it\n[^]*```yaml\nai_routes:/,
    )
    const list = await workspace().aigw('lint', '--explain')
    expect(list.stdout).toMatch(/^single-target +warning +a route with one target and no fallback$/m)
    expect(list.stdout.trimEnd().split('\n').length).toBeGreaterThan(30)
  })

  test('as JSON too', async () => {
    const { stdout } = await workspace().aigw('lint', '--explain', 'redundant-pattern', '--format', 'json')
    expect(JSON.parse(stdout)).toMatchObject({
      id: 'redundant-pattern',
      severity: 'info',
      fixes: true,
      needs_capture: false,
      page: expect.stringContaining('# redundant-pattern'),
    })
  })

  test('guesses what was meant', async () => {
    const { exitCode, stderr } = await workspace().aigw('lint', '--explain', 'singel-target')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('there is no lint rule "singel-target"\n  did you mean `single-target`?')
  })
})

describe('--capture', () => {
  const line = (model: string, fields: readonly string[]) =>
    JSON.stringify({ v: 1, at: '2026-11-23T09:00:00.000Z', process: 'a', model, features: { fields } })
  const routes = served.replace('anthropic/claude-haiku-5-5', 'groq/openai/gpt-oss-120b')

  test('says what recorded requests would lose, and which come to no route', async () => {
    const capture = [line('gpt-5.5', ['logprobs']), line('gpt-5.5', []), line('gpt-4', [])].join('\n')
    const workspace = new Workspace({ 'routes.yaml': routes, 'capture.ndjson': `${capture}\n` })
    const { exitCode, stdout } = await workspace.aigw('lint', '--capture', 'capture.ndjson', '--format', 'json')
    expect(exitCode).toBe(3)
    expect(parse(stdout).map(({ code, message }) => [code, message])).toEqual([
      [
        'recorded-without-route',
        'of 3 recorded requests no route takes 1, and they would be answered 404: `gpt-4` (1)',
      ],
      [
        'recorded-loss',
        expect.stringContaining('1 of 2 recorded requests of route `chat` asks for `logprobs`, which `groq/'),
      ],
    ])
  })

  test.each([
    ['gone.ndjson', null, 'aigw: cannot read gone.ndjson: there is no such file'],
    ['bad.ndjson', '{"v": 1, "model": 7}\n', 'aigw: bad.ndjson:1: not a line of a capture: '],
    [
      'trace.csv',
      'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,1,1\n',
      '--capture needs a spool or a capture',
    ],
  ])('%s is told in a line', async (file, text, message) => {
    const workspace = new Workspace({ 'routes.yaml': routes, ...(text === null ? {} : { [file]: text }) })
    const { exitCode, stderr } = await workspace.aigw('lint', '--capture', file)
    expect(exitCode).toBe(1)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('bug in aigw')
  })
})

describe('other programs', () => {
  test('validate speaks their languages as well', async () => {
    const workspace = new Workspace({ 'routes.yaml': messy.replace('openai', 'opneai') })
    const sarif = await workspace.aigw('validate', '--format', 'sarif')
    expect(sarif.exitCode).toBe(3)
    expect(JSON.parse(sarif.stdout)).toMatchObject({
      version: '2.1.0',
      runs: [{ results: [{ ruleId: 'unknown-provider', level: 'error' }] }],
    })
    const junit = await workspace.aigw('validate', '--format', 'junit')
    expect(junit.stdout).toContain('<testsuites name="aigw validate" tests="1" failures="1" errors="0">')
  })

  test('nothing but the result goes to stdout, in every form', async () => {
    const workspace = new Workspace({ 'routes.yaml': messy })
    for (const format of ['json', 'sarif']) {
      const { stdout } = await workspace.aigw('lint', '--fix', '--format', format)
      expect(() => JSON.parse(stdout) as unknown).not.toThrow()
    }
  })
})
