/** Who may call, from the command line to a gateway's answer. */
import { createHash } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Workspace, servable, waitFor, type Serving } from './support.ts'

const hashOf = (key: string): string => `sha256:${createHash('sha256').update(key).digest('hex')}`

/** One of each kind; the key of each is `aigw_key-of-NAME`. */
const keyOf = (name: string): string => `aigw_key-of-${name}`
const credentials = `credentials:
  # The phones.
  - name: mobile-app
    key_hash: "${hashOf(keyOf('mobile-app'))}"   # since May
    organization: retail
    project: shop
    expires: 2099-12-31
  - {name: web, key_hash: "${hashOf(keyOf('web'))}"}
  - {name: off, key_hash: "${hashOf(keyOf('off'))}", disabled: true}
  - {name: old, key_hash: "${hashOf(keyOf('old'))}", expires: 2020-01-31}
`
const manifest = `${credentials}${servable(60)}`

const providerKey = 'sk-providerkeycanary-0123456789'

interface Reply {
  readonly status: number
  readonly body: string
}

async function models(gateway: Serving, key: string | null): Promise<Reply> {
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` }
  const response = await fetch(`${gateway.url}/v1/models`, { headers })
  return { status: response.status, body: await response.text() }
}

describe('aigw credential list', () => {
  test('shows who may call and whose key works, and of a hash no more than its beginning', async () => {
    const workspace = new Workspace({ 'routes.yaml': manifest })
    const { exitCode, stdout } = await workspace.aigw('credential', 'list')
    expect(exitCode).toBe(0)
    const start = hashOf(keyOf('mobile-app')).slice(0, 19)
    expect(stdout.split('\n')[0]).toBe('NAME        STATE     ORGANIZATION  PROJECT  EXPIRES     KEY HASH')
    expect(stdout).toContain(`mobile-app  valid     retail        shop     2099-12-31  ${start}…`)
    expect(stdout).toMatch(/off +disabled +- +- +never/)
    expect(stdout).toMatch(/old +expired +- +- +2020-01-31/)
    expect(stdout).not.toContain(hashOf(keyOf('mobile-app')))
    const json = await workspace.aigw('credential', 'list', '--format', 'json')
    expect(JSON.parse(json.stdout)).toMatchObject({
      file: 'routes.yaml',
      credentials: [
        { name: 'mobile-app', organization: 'retail', project: 'shop', expires: '2099-12-31', state: 'valid' },
        { name: 'web', state: 'valid', disabled: false, expires: null },
        { name: 'off', state: 'disabled', disabled: true },
        { name: 'old', state: 'expired' },
      ],
    })
    expect(json.stdout).not.toContain(hashOf(keyOf('web')))
  })

  test('says that nobody is asked where none is declared; an invalid manifest is 3', async () => {
    const open = await new Workspace({ 'routes.yaml': servable(60) }).aigw('credential', 'list')
    expect(open.stdout).toContain('declares no credentials')
    const invalid = await new Workspace({ 'routes.yaml': manifest.replace('name: web', 'nam: web') }).aigw(
      'credential',
      'list',
    )
    expect(invalid).toMatchObject({ exitCode: 3, stdout: '' })
    expect((await new Workspace().aigw('credential', 'list')).exitCode).toBe(1)
  })
})

describe('aigw credential check', () => {
  const check = async (workspace: Workspace, key: string, ...args: readonly string[]) =>
    await workspace.run({ args: ['credential', 'check', ...args], stdin: key })

  test.each([
    ['mobile-app', 0, 'let in  the key of mobile-app (retail / shop), at '],
    ['web', 0, 'it does not expire'],
    ['off', 3, 'refused  the key of off, which is disabled; callers are answered 401'],
    ['old', 3, 'refused  the key of old, which expired (2020-01-31) before '],
    ['nobody', 3, 'refused  nobody in routes.yaml has this key; callers are answered 401'],
  ])('knows the key of %s', async (name, expected, words) => {
    const workspace = new Workspace({ 'routes.yaml': manifest })
    const { exitCode, stdout, stderr } = await check(workspace, `${keyOf(name)}\n`)
    expect([exitCode, stderr]).toEqual([expected, ''])
    expect(stdout).toContain(words)
    const json = JSON.parse((await check(workspace, keyOf(name), '--format', 'json')).stdout)
    expect(json).toMatchObject({ admitted: expected === 0, credential: name === 'nobody' ? null : name })
    expect(JSON.stringify(json) + stdout).not.toContain(keyOf(name))
  })

  test('judges by the moment that is named', async () => {
    const workspace = new Workspace({ 'routes.yaml': manifest, 'key.txt': `${keyOf('old')}\r\n` })
    const at = async (time: string) => (await workspace.aigw('credential', 'check', 'key.txt', '--at', time)).exitCode
    // A date stands for its end where a key expires, and for its beginning where a moment is meant.
    expect(await at('2020-01-31')).toBe(0)
    expect(await at('2020-01-31T23:59:59Z')).toBe(0)
    expect(await at('2020-02-01')).toBe(3)
    expect(await at('someday')).toBe(1)
  })

  test('takes no key from the command line, and repeats none', async () => {
    const workspace = new Workspace({ 'routes.yaml': manifest })
    const key = 'aigw_0123456789012345678901234567890123456789abc'
    for (const args of [[key], ['--key', key], [`--key=${key}`], ['-', key]]) {
      const { exitCode, stdout, stderr } = await workspace.aigw('credential', 'check', ...args)
      expect([args, exitCode, stdout]).toEqual([args, 1, ''])
      expect(stderr).not.toContain(key)
    }
    expect((await workspace.aigw('credential', 'check', key)).stderr).toContain('a key is never an argument')
  })

  test('what is no key is told as that', async () => {
    const workspace = new Workspace({ 'routes.yaml': manifest, 'open.yaml': servable(60) })
    expect((await check(workspace, ' \n')).stderr).toContain('there is no key in standard input')
    expect((await check(workspace, 'two words')).stderr).toContain('more than one word')
    expect((await workspace.aigw('credential', 'check', 'none.txt')).stderr).toContain('cannot read none.txt')
    const open = await check(workspace, 'anything', '--manifest', 'open.yaml')
    expect(open).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('declares no credentials') })
    expect((await check(workspace, 'x', '--manifest', '-')).stderr).toContain('not both')
  })

  test('says what a gateway with the same manifest does; only the operator is told the difference', async () => {
    const workspace = new Workspace({ 'routes.yaml': manifest })
    const gateway = await workspace.serve('--manifest', 'routes.yaml', '--no-spool')
    const refusals: string[] = []
    for (const name of ['mobile-app', 'web', 'off', 'old', 'nobody']) {
      const { exitCode } = await check(workspace, keyOf(name))
      const { status, body } = await models(gateway, keyOf(name))
      expect([name, status]).toEqual([name, exitCode === 0 ? 200 : 401])
      if (status === 401) refusals.push(body)
    }
    expect(new Set(refusals)).toEqual(new Set([refusals[0]]))
    expect(JSON.parse(refusals[0] ?? '')).toMatchObject({ error: { code: 'invalid_api_key' } })
    expect((await models(gateway, null)).body).toContain('missing_api_key')
    // Log lines come a moment later; the last ones with the end.
    const { stderr } = await gateway.stop()
    const told = stderr
      .split('\n')
      .filter((line) => line.includes('"request_refused"'))
      .map((line) => JSON.parse(line) as { readonly key?: string; readonly credential?: string })
    expect(told.map(({ key, credential }) => [key, credential])).toEqual([
      ['disabled', 'off'],
      ['expired', 'old'],
      ['unknown', null],
      [undefined, undefined],
    ])
    expect(stderr).not.toContain('key-of')
  })
})

describe('aigw credential revoke', () => {
  test('changes one line of the file, keeps its mode, and says what is left to do', async () => {
    const workspace = new Workspace({ 'routes.yaml': manifest })
    chmodSync(workspace.path('routes.yaml'), 0o640)
    const { exitCode, stdout, stderr } = await workspace.aigw('credential', 'revoke', 'mobile-app')
    expect(exitCode).toBe(0)
    expect(stdout).toBe('Disabled mobile-app in routes.yaml:5.\n')
    expect(stderr).toContain('The key works until this is published: aigw apply\n')
    expect(workspace.read('routes.yaml')).toBe(manifest.replace('# since May\n', '# since May\n    disabled: true\n'))
    expect((statSync(workspace.path('routes.yaml')).mode & 0o777).toString(8)).toBe('640')
    expect(readdirSync(workspace.folder)).toEqual(['routes.yaml'])
    const again = await workspace.aigw('credential', 'revoke', 'mobile-app', '--format', 'json', '--quiet')
    expect(again).toMatchObject({ exitCode: 0, stderr: '' })
    expect(JSON.parse(again.stdout)).toEqual({ credential: 'mobile-app', file: 'routes.yaml', line: 3, changed: false })
    const last = await workspace.aigw('credential', 'revoke', 'web')
    expect(last.stderr).toContain('No other key works')
  })

  test('follows a link to the file, and leaves it a link', async () => {
    const workspace = new Workspace({ 'real/routes.yaml': manifest })
    symlinkSync('real/routes.yaml', workspace.path('routes.yaml'))
    expect((await workspace.aigw('credential', 'revoke', 'web')).exitCode).toBe(0)
    expect(lstatSync(workspace.path('routes.yaml')).isSymbolicLink()).toBe(true)
    const entry = `key_hash: "${hashOf(keyOf('web'))}"`
    expect(workspace.read('real/routes.yaml')).toBe(manifest.replace(entry, `${entry}, disabled: true`))
  })

  test.each([
    ['nobody', ['webb'], 1, 'did you mean `web`?'],
    ['without credentials', ['web', '--manifest', 'open.yaml'], 1, 'It declares no credentials.'],
    ['in an invalid file', ['web', '--manifest', 'bad.yaml'], 3, 'bad.yaml:'],
    ['in standard input', ['web', '--manifest', '-'], 1, 'cannot be changed'],
    ['set through an alias', ['web', '--manifest', 'alias.yaml'], 1, 'Write `disabled: true` into the entry of web'],
  ])('of %s says why not, and changes nothing', async (_what, args, expected, words) => {
    const workspace = new Workspace({
      'routes.yaml': manifest,
      'open.yaml': servable(60),
      'bad.yaml': manifest.replace('weight', 'wieght'),
      'alias.yaml': `credentials:
  - {name: off, key_hash: "${hashOf('off')}", disabled: &setting false}
  - {name: web, key_hash: "${hashOf('web')}", disabled: *setting}
${servable(60)}`,
    })
    const { exitCode, stdout, stderr } = await workspace.aigw('credential', 'revoke', ...args)
    expect([exitCode, stdout]).toEqual([expected, ''])
    expect(stderr).toContain(words)
    expect(workspace.read('routes.yaml')).toBe(manifest)
  })

  test('a file that cannot be written stays as it is', async () => {
    const workspace = new Workspace()
    mkdirSync(workspace.path('folder'))
    workspace.write('folder/routes.yaml', manifest)
    chmodSync(workspace.path('folder'), 0o500)
    const { exitCode, stderr } = await workspace.aigw('credential', 'revoke', 'web', '--manifest', 'folder/routes.yaml')
    chmodSync(workspace.path('folder'), 0o700)
    if (process.getuid?.() === 0) {
      // Root may write anywhere.
      expect(exitCode).toBe(0)
    } else {
      expect(exitCode).toBe(1)
      expect(stderr).toContain('permission denied')
      expect(workspace.read('folder/routes.yaml')).toBe(manifest)
    }
  })

  test('takes effect at once on a gateway that serves the file, without a restart', async () => {
    const workspace = new Workspace({ 'routes.yaml': manifest })
    const gateway = await workspace.serve('--manifest', 'routes.yaml', '--no-spool')
    expect((await models(gateway, keyOf('web'))).status).toBe(200)
    await workspace.aigw('credential', 'revoke', 'web')
    await waitFor(async () => ((await models(gateway, keyOf('web'))).status === 401 ? true : null))
    expect((await models(gateway, keyOf('mobile-app'))).status).toBe(200)
  })

  test('takes effect with apply in a store, and is gone again with rollback', async () => {
    const workspace = new Workspace({ 'routes.yaml': manifest })
    await workspace.aigw('apply', '--auto-approve')
    const gateway = await workspace.serve()
    expect((await models(gateway, keyOf('web'))).status).toBe(200)
    await workspace.aigw('credential', 'revoke', 'web')
    expect((await models(gateway, keyOf('web'))).status).toBe(200)
    const plan = await workspace.aigw('plan', '--out', 'p.json')
    expect(plan.stdout).toContain('disabled false → true')
    expect(plan.stdout).toContain('! requests with its key are answered 401')
    expect((await workspace.aigw('apply', 'p.json')).exitCode).toBe(0)
    // Apply has waited for it: not one more request is let in.
    expect((await models(gateway, keyOf('web'))).status).toBe(401)
    expect((await models(gateway, keyOf('mobile-app'))).status).toBe(200)
    expect((await workspace.aigw('rollback', '--auto-approve')).exitCode).toBe(0)
    expect((await models(gateway, keyOf('web'))).status).toBe(200)
  })

  test('a release without any credential is refused by a gateway that has some, and changes nothing', async () => {
    const workspace = new Workspace({ 'routes.yaml': manifest })
    await workspace.aigw('apply', '--auto-approve')
    const gateway = await workspace.serve()
    workspace.write('routes.yaml', servable(60))
    const { exitCode, stderr } = await workspace.aigw('apply', '--auto-approve')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('the manifest removes the last credential, so that anybody could call')
    expect(stderr).toContain(`(${gateway.url})`)
    expect((await models(gateway, null)).status).toBe(401)
    await gateway.stop()
    const open = await workspace.serve('--allow-open')
    expect((await workspace.aigw('apply', '--auto-approve')).exitCode).toBe(0)
    expect((await models(open, null)).status).toBe(200)
    expect((await models(open, 'any key is ignored')).status).toBe(200)
  })
})

describe('keys', () => {
  test('of providers and callers are in no plan, release, report, log or output', async () => {
    const workspace = new Workspace({ 'routes.yaml': manifest })
    const made = await workspace.aigw('credential', 'new', 'fresh', '--format', 'json')
    const { key, credential } = JSON.parse(made.stdout)
    expect(key).toMatch(/^aigw_[A-Za-z0-9_-]{43}$/)
    workspace.write(
      'routes.yaml',
      manifest.replace('credentials:\n', `credentials:\n  - ${JSON.stringify(credential)}\n`),
    )
    const gateway = await workspace.serve()
    const env = { OPENAI_API_KEY: providerKey }
    const outputs: string[] = []
    for (const args of [
      ['validate'],
      ['plan', '--out', 'p.json'],
      ['plan', 'show', 'p.json', '--format', 'json'],
      ['apply', 'p.json'],
      ['status', '--format', 'json'],
      ['history', '--format', 'json'],
      ['credential', 'list', '--format', 'json'],
      ['credential', 'revoke', 'web'],
      ['apply', '--auto-approve', '--format', 'json'],
      ['rollback', '--auto-approve'],
      ['status', '--url', gateway.adminUrl, '--format', 'json'],
    ]) {
      const { exitCode, stdout, stderr } = await workspace.run({ args, env })
      expect([args, exitCode, stderr.includes('aigw:')]).toEqual([args, 0, false])
      outputs.push(stdout, stderr)
    }
    expect((await models(gateway, key)).status).toBe(200)
    expect((await models(gateway, keyOf('web'))).status).toBe(200)
    const { stderr } = await gateway.stop()
    const files = readdirSync(workspace.folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(workspace.path(name)).isFile())
      .map((name) => workspace.read(name))
    expect(files.length).toBeGreaterThan(6)
    const everything = [...outputs, ...files, stderr].join('\n')
    // The gateway's own key, as the workspace sets it.
    for (const secret of [key, providerKey, 'sk-test', keyOf('web')]) expect(everything).not.toContain(secret)
  })

  test('that stand in a manifest are refused, and not repeated', async () => {
    const literal = servable(60).replace('type: vllm,', `type: vllm, api_key: "${providerKey}",`)
    const header = servable(60).replace('type: vllm,', `type: vllm, headers: {authorization: "odd-key-canary"},`)
    for (const [text, secret] of [
      [literal, providerKey],
      [header, 'odd-key-canary'],
      [manifest.replace(hashOf(keyOf('web')), keyOf('web')), keyOf('web')],
    ] as const) {
      const workspace = new Workspace({ 'routes.yaml': text })
      for (const args of [
        ['validate'],
        ['plan'],
        ['apply', '--auto-approve'],
        ['credential', 'list'],
        ['plan', '--format', 'json'],
      ]) {
        const { exitCode, stdout, stderr } = await workspace.aigw(...args)
        expect([args, exitCode]).toEqual([args, 3])
        expect(stdout + stderr).not.toContain(secret)
      }
      const served = await workspace.aigw('serve', '--manifest', 'routes.yaml', '--port', '0', '--admin-port', '0')
      expect(served.exitCode).toBe(3)
      expect(served.stdout + served.stderr).not.toContain(secret)
    }
  })
})
