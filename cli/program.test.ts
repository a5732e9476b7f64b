import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from './context.ts'
import { worstOf } from './exit-codes.ts'
import { run } from './program.ts'
import { fakeContext } from './testing/context.ts'

const manifest = (weight: number): string => `ai_routes:
  - name: a-route-with-a-rather-long-name
    match: {model: m}
    targets:
      - {provider: openai, model: a-model-with-a-rather-long-name, weight: ${weight}}
      - {provider: mistral, model: another-model-with-a-rather-long-name, weight: 1}
`

describe('the command line', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aigw-program-'))
    writeFileSync(join(folder, 'routes.yaml'), manifest(1))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('asks a person at a terminal, and takes only yes for a yes', async () => {
    for (const answer of ['no', 'y', '', 'Yes!']) {
      const world = fakeContext({ cwd: folder, answer })
      expect(await run(['apply'], world.context)).toBe(1)
      expect(world.stderr()).toContain('Apply 1 change to local? Only "yes" is a yes: ')
      expect(world.stderr()).toContain('aigw: not applied; nothing was changed')
    }
    const world = fakeContext({ cwd: folder, answer: 'yes' })
    expect(await run(['apply'], world.context)).toBe(0)
    expect(world.stdout()).toContain('Published revision 1')
  })

  test('--quiet says nothing but results', async () => {
    const world = fakeContext({ cwd: folder })
    expect(await run(['plan', '--quiet', '--out', 'p.json'], world.context)).toBe(0)
    expect(world.stderr()).toBe('')
    expect(world.stdout()).toContain('1 to add.')
  })

  test('on a narrow terminal nothing is wider than it, and paths go to a line of their own', async () => {
    await run(['apply', '--auto-approve'], fakeContext({ cwd: folder }).context)
    writeFileSync(join(folder, 'routes.yaml'), manifest(2))
    const wide = fakeContext({ cwd: folder, columns: 200 })
    await run(['plan'], wide.context)
    const path = 'ai_routes.a-route-with-a-rather-long-name.targets.openai/a-model-with-a-rather-long-name.weight'
    expect(wide.stdout()).toMatch(new RegExp(`weight 1 → 2 {2}${path}\n`))
    const narrow = fakeContext({ cwd: folder, columns: 100 })
    await run(['plan'], narrow.context)
    expect(narrow.stdout()).toMatch(new RegExp(`weight 1 → 2\n +${path}\n`))
    const described = fakeContext({ cwd: folder, columns: 60 })
    await run(['plan', '--manifest', 'routes.yaml', '--env', 'local'], described.context)
    expect(described.stdout()).not.toContain('undefined')
  })

  test('a bug is told in a line, with the stack only for who asks', async () => {
    const broken = (env: Record<string, string>) => {
      const world = fakeContext({ cwd: folder, env })
      const context: Context = {
        ...world.context,
        readStdin: () => Promise.reject(new TypeError('this cannot happen')),
      }
      return { ...world, context }
    }
    const quiet = broken({})
    expect(await run(['validate', '-'], quiet.context)).toBe(1)
    expect(quiet.stderr()).toBe(
      'aigw: this is a bug in aigw: this cannot happen\n  Run again with AIGW_DEBUG=1 for the details to report.\n',
    )
    const loud = broken({ AIGW_DEBUG: '1' })
    expect(await run(['validate', '-'], loud.context)).toBe(1)
    expect(loud.stderr()).toMatch(/TypeError: this cannot happen\n\s+at /)
  })

  test('colours follow the stream they are for', async () => {
    writeFileSync(join(folder, 'routes.yaml'), 'ai_routes: 7')
    const world = fakeContext({ cwd: folder, color: true })
    expect(await run(['validate'], world.context)).toBe(3)
    expect(world.stdout()).toContain('\u001b[31merror\u001b[39m')
  })
})

describe('help', () => {
  const cwd = tmpdir()
  const helpOf = async (path: readonly string[], columns: number): Promise<string> => {
    const world = fakeContext({ cwd, columns })
    expect(await run([...path, '--help'], world.context)).toBe(0)
    return world.stdout()
  }

  /** Every command and every command of a command, as their help names them. */
  async function everyCommand(path: readonly string[] = []): Promise<string[][]> {
    const [, listed = ''] = (await helpOf(path, 200)).split('\nCommands:\n')
    const names = [...(listed.split('\n\n')[0] ?? '').matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name = '']) => name)
    const below = names.filter((name) => name !== 'help').map((name) => [...path, name])
    return [...below, ...(await Promise.all(below.map(async (each) => await everyCommand(each)))).flat()]
  }

  test('of every command has an example, fits the terminal, and says how results are written', async () => {
    const commands = await everyCommand()
    expect(commands.length).toBeGreaterThan(20)
    for (const path of commands) {
      const text = await helpOf(path, 80)
      expect([path, /^Examples?:\n {2}\$ /m.test(text)]).toEqual([path, true])
      const [described = ''] = text.split(/^Examples?:$/m)
      expect(described.split('\n').filter((line) => line.length > 80)).toEqual([])
      expect(text).not.toMatch(/undefined|\[object/)
    }
  })

  test('examples are of commands and flags that there are', async () => {
    for (const path of await everyCommand()) {
      const text = await helpOf(path, 200)
      for (const [, example = ''] of text.matchAll(/^ {2}\$ (?:.*\| )?aigw (.+)$/gm)) {
        const words = example.split(/ [|>] /)[0]?.split(' ') ?? []
        const named = words.slice(0, path.length)
        const flags = words.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0] ?? '')
        if (path.length === 1 && named[0] !== path[0]) continue
        for (const flag of flags) expect([path, text.includes(flag)]).toEqual([path, true])
      }
    }
  })

  test('the list of schemas fits the terminal as well', async () => {
    const world = fakeContext({ cwd, columns: 50 })
    expect(await run(['schema'], world.context)).toBe(0)
    for (const line of world.stdout().split('\n')) expect(line.length).toBeLessThanOrEqual(50)
    expect(world.stdout()).toMatch(/^routes {2,}\S/m)
  })
})

describe('exit codes', () => {
  test('when several hold: 1, then 5, 4, 3, 2', () => {
    expect(worstOf(0, 2, 3, 4, 5, 1)).toBe(1)
    expect(worstOf(2, 3, 4, 5)).toBe(5)
    expect(worstOf(2, 3, 4)).toBe(4)
    expect(worstOf(2, 3)).toBe(3)
    expect(worstOf(2, 0)).toBe(2)
    expect(worstOf()).toBe(0)
  })
})
