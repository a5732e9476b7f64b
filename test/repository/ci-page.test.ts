/**
 * Whoever copies a block of docs/ci.md must get what the page says. So every block is run, as CI would run it: the scripts
 * by a shell, in a repository with a manifest, with `aigw` in the path. Only npm is played, for it would fetch a release.
 */
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { Workspace, bin } from '../cli/support.ts'
import { readText } from './sources.ts'

const page = readText('docs/ci.md')
const { version, name } = JSON.parse(readText('package.json')) as { readonly version: string; readonly name: string }

const blocks = [...page.matchAll(/^```(yaml|sh)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
  language,
  text,
}))
const shellBlocks = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text)

function yamlBlock(file: string): string {
  const text = blocks.find((block) => block.text.startsWith(`# ${file}\n`))?.text
  if (text === undefined) throw new Error(`docs/ci.md has no block ${file}`)
  return text
}

const github = parse(yamlBlock('.github/workflows/routes.yml')) as {
  readonly jobs: { readonly routes: { readonly steps: readonly { readonly run?: string; readonly uses?: string }[] } }
}
const gitlab = parse(yamlBlock('.gitlab-ci.yml')) as { readonly routes: { readonly script: readonly string[] } }
const hooks = parse(yamlBlock('.pre-commit-config.yaml')) as {
  readonly repos: readonly { readonly hooks: readonly { readonly entry: string; readonly files: string }[] }[]
}
const steps = github.jobs.routes.steps.flatMap(({ run }) => run ?? [])
const preCommit = hooks.repos.flatMap((one) => one.hooks)

const good = `ai_routes:
  - name: chat
    match: {model: assistant}
    targets: [{provider: mistral, model: mistral-small-latest}]
    fallback: ollama/llama3.1
`
/** Valid, and unwise. */
const unwise = good.replace(/ {4}fallback.*\n/, '')
const invalid = good.replace('targets', 'target')

/** A repository with the manifest, committed on its main branch, and with what CI puts into the path. */
class Checkout extends Workspace {
  constructor(manifest: string) {
    super({ 'routes.yaml': manifest })
    const tools = {
      aigw: `exec '${process.execPath}' '${bin}' "$@"`,
      npm: `echo "npm $*" >> npm.log`,
      npx: `[ "$1" = --no ] && shift; exec "$@"`,
    }
    for (const [tool, script] of Object.entries(tools)) {
      this.write(`tools/${tool}`, `#!/bin/sh\n${script}\n`)
      chmodSync(this.path(`tools/${tool}`), 0o755)
    }
  }

  async commit(): Promise<void> {
    await this.git('init', '--quiet', '--initial-branch=main')
    await this.git('add', 'routes.yaml')
    const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com']
    await this.git(...author, 'commit', '--quiet', '--message', 'Routes')
    await this.git('update-ref', 'refs/remotes/origin/main', 'HEAD')
  }

  /** As runners do: one shell, which ends with the first command that fails. */
  async shell(script: string) {
    const base = this.environment({ GITHUB_BASE_REF: 'main', GITHUB_STEP_SUMMARY: this.path('summary.md') })
    const env = { ...base, PATH: `${this.path('tools')}:${base['PATH'] ?? ''}` }
    const options = { cwd: this.folder, env, extendEnv: false, reject: false, input: '' }
    const { exitCode, stdout, stderr } = await execa('bash', ['-e', '-c', script], options)
    return { exitCode, stdout, stderr }
  }
}

describe('docs/ci.md', () => {
  test('names this version of this package wherever it names one, and actions as our own workflow does', () => {
    const named = [...page.matchAll(/@aigw\/aigw@([\w.-]+)/g)]
    expect(named.length).toBeGreaterThanOrEqual(5)
    expect(new Set(named.map(([text]) => text))).toEqual(new Set([`${name}@${version}`]))
    const ours = readText('.github/workflows/ci.yml')
    for (const [action] of page.matchAll(/actions\/[\w-]+@.*$/gm)) expect(ours).toContain(action)
    expect(page).toContain(join('..', 'examples', 'README.md'))
  })

  test('has no block that is not run here', () => {
    expect(shellBlocks).toHaveLength(4)
    expect(blocks.filter(({ language }) => language === 'yaml')).toHaveLength(3)
  })

  test.each([
    { what: 'good', manifest: good, exitCodes: [0, 0, 0, 0, 0] },
    { what: 'unwise', manifest: unwise, exitCodes: [0, 0, 3, 0, 0] },
    { what: 'invalid', manifest: invalid, exitCodes: [0, 3, 3, 3, 3] },
  ])('GitHub: each step, with a manifest that is $what', async ({ manifest, exitCodes }) => {
    const checkout = new Checkout(good)
    await checkout.commit()
    checkout.write('routes.yaml', manifest)
    const runs = []
    for (const step of steps) runs.push(await checkout.shell(step))
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(exitCodes)
    expect(JSON.parse(checkout.read('lint.sarif'))).toMatchObject({ version: '2.1.0' })
    const [, validate, lint] = runs
    if (manifest === invalid) expect(validate?.stdout).toMatch(/^::error file=routes\.yaml,line=\d+/m)
    if (manifest !== unwise) return
    expect(lint?.stdout).toMatch(/^::warning file=routes\.yaml,line=\d+/m)
    expect(checkout.read('summary.md')).toContain('ollama/llama3.1')
  })

  test('GitLab: the script ends where something is found, and leaves reports', async () => {
    const checkout = new Checkout(good)
    expect(await checkout.shell(gitlab.routes.script.join('\n'))).toMatchObject({ exitCode: 0 })
    expect(checkout.read('validate.xml')).toContain('<testsuites')
    checkout.write('routes.yaml', unwise)
    expect(await checkout.shell(gitlab.routes.script.join('\n'))).toMatchObject({ exitCode: 3 })
    expect(checkout.read('lint.xml')).toContain('single-target')
  })

  test.each(preCommit)('pre-commit: $entry', async ({ entry, files }) => {
    const pattern = new RegExp(files)
    expect(['routes.yaml', 'team/routes.yml', 'a.routes.yaml'].map((file) => pattern.test(file))).toEqual([
      true,
      true,
      true,
    ])
    expect(['my-routes.yaml', 'routes.yaml.md'].map((file) => pattern.test(file))).toEqual([false, false])
    const checkout = new Checkout(good)
    expect(await checkout.shell(`${entry} routes.yaml`)).toMatchObject({ exitCode: 0 })
    checkout.write('routes.yaml', invalid)
    expect(await checkout.shell(`${entry} routes.yaml`)).toMatchObject({ exitCode: 3 })
  })

  const [anywhere = '', hook = '', ...pinned] = shellBlocks

  test.each([
    ['anywhere else', anywhere],
    ['with a lock file', pinned.join('')],
  ])('shell, %s: what is fetched, then both commands', async (_, script) => {
    const checkout = new Checkout(good)
    expect(await checkout.shell(script)).toMatchObject({ exitCode: 0 })
    expect(checkout.read('npm.log')).toMatch(new RegExp(`^npm install .*--ignore-scripts ${name}@${version}$`, 'm'))
    checkout.write('routes.yaml', unwise)
    expect(await checkout.shell(script)).toMatchObject({ exitCode: 3 })
  })

  test('the hook looks at what is staged, not at what lies there', async () => {
    const checkout = new Checkout(good)
    await checkout.commit()
    checkout.write('routes.yaml', unwise)
    expect(await checkout.shell(hook)).toMatchObject({ exitCode: 0 })
    await checkout.git('add', 'routes.yaml')
    expect(await checkout.shell(hook)).toMatchObject({ exitCode: 3 })
  })

  test('a command that is misspelled or has nothing to read fails with 1', async () => {
    const checkout = new Checkout(good)
    expect(await checkout.shell('aigw validate --fail-severty error')).toMatchObject({ exitCode: 1 })
    expect(await checkout.shell('aigw lint nowhere.yaml')).toMatchObject({ exitCode: 1 })
    checkout.write('team/routes.yaml', unwise)
    expect(await checkout.shell('aigw lint .')).toMatchObject({ exitCode: 3 })
    expect(await checkout.shell('aigw lint --fail-severity error .')).toMatchObject({ exitCode: 0 })
  })

  test('a model that has retired fails, unless aigw.yaml makes a note of it', async () => {
    const checkout = new Checkout(good.replace('mistral, model: mistral-small-latest', 'openai, model: gpt-4'))
    expect(await checkout.shell('aigw lint')).toMatchObject({ exitCode: 3 })
    const [setting = ''] = /`(retired-model: info)` in `aigw\.yaml`/.exec(page)?.slice(1) ?? []
    checkout.write('aigw.yaml', `environments: {local: {store: 'file:.aigw'}}\nlint: {rules: {${setting}}}\n`)
    expect(await checkout.shell('aigw lint')).toMatchObject({ exitCode: 0 })
  })
})
