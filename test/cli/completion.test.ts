/** Completion as a shell asks for it: the built command, and the script in a real shell where the machine has it. */
import { spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { bin, Workspace } from './support.ts'

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0

const files = {
  'aigw.yaml': 'environments:\n  dev: {store: "file:.aigw/dev"}\n  prod: {store: "file:.aigw/prod"}\n',
  'routes.yaml': 'ai_routes: []\n',
  'notes.txt': '',
  'teams/a/routes.yaml': 'ai_routes: []\n',
  'two words.yaml': 'ai_routes: []\n',
}

async function ask(shell: string, ...words: string[]): Promise<string[]> {
  const { exitCode, stdout, stderr } = await new Workspace(files).aigw('__complete', shell, '--', ...words)
  expect([exitCode, stderr]).toEqual([0, ''])
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[0] ?? '')
}

describe('what may come next', () => {
  test.each<[string, string[], string[]]>([
    ['commands', ['val'], ['validate']],
    ['environments of aigw.yaml', ['plan', '--env', ''], ['dev', 'prod']],
    [
      'manifests and folders, no other files',
      ['validate', ''],
      ['aigw.yaml', 'routes.yaml', 'teams/', 'two words.yaml'],
    ],
    ['what lies in a folder', ['validate', 'teams/a/'], ['teams/a/routes.yaml']],
    ['every file', ['replay', 'no'], ['notes.txt']],
    ['provider types', ['providers', 'show', 'mist'], ['mistral']],
    ['schemas', ['schema', 'rou'], ['routes']],
    ['formats', ['validate', '--format', 's'], ['sarif']],
    ['sides of a diff', ['diff', ''], ['dev', 'prod', 'aigw.yaml', 'routes.yaml', 'teams/', 'two words.yaml']],
    ['codes', ['validate', '--explain', 'yaml-t'], ['yaml-tab', 'yaml-tag']],
    ['rules of lint', ['lint', '--explain', 'single-t'], ['single-target']],
    ['shells', ['completion', ''], ['bash', 'zsh', 'fish']],
    ['nothing in a folder that is not there', ['validate', 'nowhere/'], []],
  ])('%s', async (_what, words, expected) => {
    expect(await ask('fish', ...words)).toEqual(expected)
  })

  test('nothing that is hidden', async () => {
    expect((await ask('fish', '')).filter((name) => name.startsWith('_'))).toEqual([])
  })

  test('of every command there is, with what it is for', async () => {
    const workspace = new Workspace()
    const { stdout: help } = await workspace.aigw('--help')
    const listed = [...help.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name = '']) => name)
    const { stdout } = await workspace.aigw('__complete', 'zsh', '--', '')
    const lines = stdout.trimEnd().split('\n')
    expect(lines.map((line) => line.split('\t')[0] ?? '').toSorted()).toEqual(listed.toSorted())
    for (const line of lines) expect(line).toMatch(/^[a-z]+\t\S/)
  })

  test('in bash, only the part after its own word breaks', async () => {
    expect(await ask('bash', 'validate', '--format', '=', 'js')).toEqual(['json'])
    expect(await ask('bash', 'validate', '--format', '=')).toEqual(['human', 'json', 'github', 'sarif', 'junit'])
    expect(await ask('zsh', 'validate', '--format=js')).toEqual(['--format=json'])
  })

  test('with a broken aigw.yaml there are no environments, and no complaint', async () => {
    const workspace = new Workspace({ 'aigw.yaml': 'environments: [' })
    const run = await workspace.aigw('__complete', 'bash', '--', 'plan', '--env', '')
    expect(run).toMatchObject({ exitCode: 0, stdout: '', stderr: '' })
  })
})

describe('the scripts', () => {
  test('a shell that is not known is refused with those that are', async () => {
    const { exitCode, stderr } = await new Workspace().aigw('completion', 'fissh')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('Allowed choices are bash, zsh, fish.')
    expect(stderr).toContain('Did you mean fish?')
  })

  test.skipIf(!has('bash'))('completes in a real bash', async () => {
    const workspace = await prepare('bash')
    const inBash = async (...words: string[]): Promise<string> => {
      const line = `
        source completion
        complete -p aigw
        COMP_WORDS=(aigw "$@"); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
        _aigw
        printf '<%s>' "\${COMPREPLY[@]}"`
      const stdout = await runShell(workspace, 'bash', ['--norc', '-c', line, 'bash', ...words])
      const [registered = '', ...replies] = stdout.split('\n')
      expect(registered).toBe('complete -o filenames -F _aigw aigw')
      return replies.join('\n')
    }
    expect(await inBash('val')).toBe('<validate>')
    expect(await inBash('plan', '--env', 'p')).toBe('<prod>')
    expect(await inBash('validate', '--format', '=', 'ju')).toBe('<junit>')
    expect(await inBash('validate', 't')).toBe('<teams/><two words.yaml>')
  })

  // What is typed, Tab, and the line as it then stands, in a terminal of its own.
  test.skipIf(!has('zsh'))('completes in a real zsh', async () => {
    const workspace = await prepare('zsh')
    const start = [
      'PROMPT=; RPROMPT=; autoload -Uz compinit; compinit -u -D; source completion',
      'tell() { print -r -- "<$BUFFER>"; BUFFER=; zle .accept-line }; zle -N accept-line tell; print READ""Y',
    ].join('; ')
    workspace.write(
      'type.zsh',
      `zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell '${start}'
zpty -r shell out '*READY*'
for line in "$@"; do
  zpty -w -n shell "$line"$'\\t\\n'
  zpty -r shell out '*<*>*'
  print -r -- "\${\${out#*<}%%>*}"
done
zpty -d shell
`,
    )
    const typed = [
      'aigw val',
      'aigw plan --env p',
      'aigw validate te',
      'aigw validate two',
      'aigw validate --format=ju',
    ]
    const stdout = await runShell(workspace, 'zsh', ['-f', 'type.zsh', ...typed])
    expect(stdout.split('\n')).toEqual([
      'aigw validate ',
      'aigw plan --env prod ',
      'aigw validate teams/',
      'aigw validate two\\ words.yaml ',
      'aigw validate --format=junit ',
    ])
  })

  test.skipIf(!has('fish'))('completes in a real fish', async () => {
    const workspace = await prepare('fish')
    const inFish = async (line: string): Promise<string[]> => {
      const script = 'source completion; complete -C"$argv[1]"'
      const stdout = await runShell(workspace, 'fish', ['--no-config', '-c', script, line])
      return stdout.split('\n').map((one) => one.split('\t')[0] ?? '')
    }
    expect(await inFish('aigw val')).toEqual(['validate'])
    expect(await inFish('aigw plan --env p')).toEqual(['prod'])
    expect(await inFish('aigw validate t')).toEqual(['teams/', 'two words.yaml'])
    expect(await inFish('aigw validate --format=ju')).toEqual(['--format=junit'])
  })

  test.each(['zsh', 'fish'])('is one that %s can read', async (shell) => {
    const workspace = new Workspace()
    const { stdout, exitCode } = await workspace.aigw('completion', shell)
    expect(exitCode).toBe(0)
    expect(stdout).toContain(`__complete ${shell} --`)
    // Where the shell is not installed, nobody can say more than that it was printed.
    if (!has(shell)) return
    workspace.write('completion', stdout)
    const check = spawnSync(shell, [shell === 'zsh' ? '-n' : '--no-execute', workspace.path('completion')])
    expect([check.status, String(check.stderr)]).toEqual([0, ''])
  })
})

/** A folder with the command on the way to it, and the script of the shell. */
async function prepare(shell: string): Promise<Workspace> {
  const workspace = new Workspace(files)
  workspace.write('bin/aigw', `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`)
  chmodSync(workspace.path('bin/aigw'), 0o755)
  workspace.write('completion', (await workspace.aigw('completion', shell)).stdout)
  return workspace
}

async function runShell(workspace: Workspace, shell: string, args: readonly string[]): Promise<string> {
  const { PATH = '' } = workspace.environment()
  const env = { ...workspace.environment(), PATH: `${workspace.path('bin')}:${PATH}`, TERM: 'dumb' }
  const { stdout } = await execa(shell, args, { cwd: workspace.folder, env, extendEnv: false, timeout: 30_000 })
  return stdout
}
