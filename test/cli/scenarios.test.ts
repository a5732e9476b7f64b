/**
 * Sessions with the built command line, each a file under `scenarios/`: what lies in the folder, what is typed, and all
 * that comes out. `UPDATE_SCENARIOS=1` writes down what came out; read the diff before believing it.
 *
 *     === file routes.yaml          the text of a file, up to the next `===`
 *     === $ aigw validate           a command, run as it is met; `git` may be one too
 *     === run aigw apply            one that must succeed, and whose output is not this scenario's business
 *     === stdin | stdout | stderr   what goes in and comes out of the command above; absent: nothing
 *     === exit 3                    absent: 0
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Workspace } from './support.ts'

const folder = join(import.meta.dirname, 'scenarios')
const isUpdating = process.env['UPDATE_SCENARIOS'] === '1'
const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
  version: string
}

interface Block {
  readonly head: string
  readonly body: string
}

interface Step {
  readonly command: string
  readonly stdin: string | null
  readonly stdout: string
  readonly stderr: string
  readonly exit: number
}

/** What stands before the first block says what the scenario shows. */
function parse(text: string): { readonly intro: string; readonly blocks: readonly (Block | Step)[] } {
  const [intro = '', ...parts] = text.split(/^=== /m)
  const blocks: (Block | Step)[] = []
  for (const part of parts) {
    const end = part.indexOf('\n')
    const [head, body] = [part.slice(0, end), part.slice(end + 1)]
    const last = blocks.at(-1)
    if (head.startsWith('$ ')) {
      blocks.push({ command: head.slice(2), stdin: null, stdout: '', stderr: '', exit: 0 })
    } else if (head.startsWith('file ') || head.startsWith('run ')) blocks.push({ head, body })
    else if (last === undefined || !('command' in last)) throw new Error(`${head} belongs to no command`)
    else if (/^exit \d+$/.test(head)) blocks[blocks.length - 1] = { ...last, exit: Number(head.slice(5)) }
    else if (['stdin', 'stdout', 'stderr'].includes(head)) blocks[blocks.length - 1] = { ...last, [head]: body }
    else throw new Error(`what is === ${head}?`)
  }
  return { intro, blocks }
}

function render(intro: string, blocks: readonly (Block | Step)[]): string {
  const texts = blocks.map((block) => {
    if (!('command' in block)) return `=== ${block.head}\n${block.body}`
    const { command, stdin, stdout, stderr, exit } = block
    return [
      `=== $ ${command}\n`,
      stdin === null ? '' : `=== stdin\n${stdin}`,
      stdout === '' ? '' : `=== stdout\n${stdout}`,
      stderr === '' ? '' : `=== stderr\n${stderr}`,
      exit === 0 ? '' : `=== exit ${exit}\n`,
    ].join('')
  })
  return `${intro}${texts.join('')}`
}

/** Words as a shell makes them: quotes group, and nothing else is special. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain!,
  )
}

async function run(workspace: Workspace, step: Step): Promise<Step> {
  const [program, ...args] = wordsOf(step.command)
  if (program === 'git') {
    await workspace.git(...args)
    return { ...step, stdout: '', stderr: '', exit: 0 }
  }
  const { exitCode, stdout, stderr } = await workspace.run({ args, stdin: step.stdin ?? '' })
  const settled = (text: string): string => text.replaceAll(workspace.folder, 'FOLDER').replaceAll(version, 'VERSION')
  return { ...step, stdout: settled(stdout), stderr: settled(stderr), exit: exitCode ?? -1 }
}

describe('scenarios', () => {
  const names = readdirSync(folder)
  test.each(names)('%s', async (name) => {
    const path = join(folder, name)
    const text = readFileSync(path, 'utf8')
    const { intro, blocks } = parse(text)
    expect(intro.trim()).toMatch(/^# ./)
    const workspace = new Workspace()
    const happened: (Block | Step)[] = []
    for (const block of blocks) {
      happened.push('command' in block ? await run(workspace, block) : block)
      if ('command' in block) continue
      if (block.head.startsWith('file ')) workspace.write(block.head.slice('file '.length), block.body)
      else {
        const quiet = { command: block.head.slice('run '.length), stdin: null, stdout: '', stderr: '', exit: 0 }
        expect(await run(workspace, quiet)).toMatchObject({ exit: 0 })
      }
    }
    if (isUpdating) writeFileSync(path, render(intro, happened))
    else expect(render(intro, happened)).toBe(text)
  })

  test('are written as they are read, so that an update changes nothing but what came out', () => {
    for (const name of names) {
      const text = readFileSync(join(folder, name), 'utf8')
      const { intro, blocks } = parse(text)
      expect(render(intro, blocks)).toBe(text)
    }
    expect(names.length).toBeGreaterThan(20)
  })
})
