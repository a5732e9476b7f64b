/** `aigw providers` as a user meets it, and the pages under docs/ that say the same. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Workspace, repository } from './support.ts'

const schema = JSON.parse(readFileSync(join(repository, 'schemas/routes.schema.json'), 'utf8')) as {
  $defs: { ProviderId: { enum: string[] } }
}
const ids = schema.$defs.ProviderId.enum

describe('aigw providers', () => {
  test('lists every type that a manifest may name', async () => {
    const { exitCode, stdout, stderr } = await new Workspace().aigw('providers', 'list', '--format', 'json')
    expect([exitCode, stderr]).toEqual([0, ''])
    const listed = JSON.parse(stdout) as { id: string }[]
    expect(listed.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
    const human = await new Workspace().aigw('providers', 'list')
    expect(human.stdout).toMatch(/^Served by this version \(\d+\)$/m)
    for (const id of ids) expect(human.stdout).toMatch(new RegExp(`^  ${id} `, 'm'))
  })

  test('shows one: where, with which key, and what is lost', async () => {
    const { exitCode, stdout } = await new Workspace().aigw('providers', 'show', 'mistral')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('  base URL    https://api.mistral.ai/v1\n')
    expect(stdout).toContain('  chat        /chat/completions is appended\n')
    expect(stdout).toContain('MISTRAL_API_KEY')
    expect(stdout).toContain('  - `seed` is sent as `random_seed`\n')
    expect(stdout).toMatch(/dropped +top_k, logit_bias\n/)
    const lost = await new Workspace().aigw('providers', 'show', 'mistral', '--lost')
    expect(lost.stdout).toMatch(/dropped +top_k, logit_bias\n/)
    expect(lost.stdout).not.toMatch(/\bexact\b|base URL/)
  })

  test('shows the table of one model where models differ', async () => {
    const of = async (model: string) => {
      const call = ['providers', 'show', 'anthropic', '--lost', '--model', model]
      return (await new Workspace().aigw(...call)).stdout
    }
    expect(await of('claude-opus-5-5')).toMatch(/dropped +temperature, top_p, top_k\n/)
    expect(await of('claude-haiku-4-5')).toMatch(/approximated +temperature above 1\n/)
  })

  test.each([
    ['mistrall', ['did you mean `mistral`?']],
    ['open-ai', ['did you mean `openai`?']],
    ['nobody-at-all', []],
  ])('a type that is not there (%s) is exit code 1, with what was meant', async (type, hints) => {
    const { exitCode, stdout, stderr } = await new Workspace().aigw('providers', 'show', type)
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toBe(
      [`aigw: there is no provider type \`${type}\``, ...hints, '`aigw providers list` shows which there are.', '']
        .join('\n  ')
        .trimEnd()
        .concat('\n'),
    )
  })

  test.each([[['providers', 'show']], [['providers', 'shwo']], [['providers', 'list', '--format', 'yaml']]])(
    '%j is told what is wrong with it',
    async (args) => {
      const { exitCode, stdout, stderr } = await new Workspace().aigw(...args)
      expect([exitCode, stdout]).toEqual([1, ''])
      expect(stderr).toMatch(/^aigw: /)
    },
  )
})

describe('the pages under docs/providers', () => {
  test('are one a provider and one of all, as the command prints them', async () => {
    const folder = join(repository, 'docs/providers')
    expect(readdirSync(folder).toSorted()).toEqual([...ids.map((id) => `${id}.md`), 'README.md'].toSorted())
    for (const [page, call] of [
      ['README.md', ['list']],
      ['mistral.md', ['show', 'mistral']],
      ['anthropic.md', ['show', 'anthropic']],
    ] as const) {
      const { stdout } = await new Workspace().aigw('providers', ...call, '--format', 'markdown')
      expect(stdout).toBe(readFileSync(join(folder, page), 'utf8'))
    }
  })

  test('are found out when they are stale, missing or left over, and made anew', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'aigw-docs-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const generate = async (...args: readonly string[]) =>
      await execa(process.execPath, ['tools/generate-docs.ts', ...args, folder], { cwd: repository, reject: false })
    expect((await generate('--check')).exitCode).toBe(1)
    expect((await generate()).exitCode).toBe(0)
    expect(await generate('--check')).toMatchObject({ exitCode: 0 })
    writeFileSync(join(folder, 'groq.md'), '# Groq\n')
    writeFileSync(join(folder, 'gone.md'), readFileSync(join(folder, 'tgi.md')))
    writeFileSync(join(folder, 'somebody-elses.md'), '# Notes\n')
    rmSync(join(folder, 'vllm.md'))
    const { exitCode, stderr } = await generate('--check')
    expect(exitCode).toBe(1)
    const named = [...stderr.matchAll(/^stale: \S+\/(\S+\.md) \(run: npm run generate\)$/gm)].map(
      ([, name = '']) => name,
    )
    // Stale and missing ones first, in the order of the registry.
    expect(named).toEqual(['groq.md', 'vllm.md', 'gone.md'])
    await generate()
    expect(await generate('--check')).toMatchObject({ exitCode: 0 })
    expect(readdirSync(folder).toSorted()).toEqual(
      [...ids.map((id) => `${id}.md`), 'README.md', 'somebody-elses.md'].toSorted(),
    )
  })
})
