/**
 * An example as its page tells it. A suite names every command of the page together with what comes of it, and a command
 * that no suite names is found. Each test works on a copy of the folder: nothing is left in the repository.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Run, Workspace, repository } from '../cli/support.ts'

export const examples = join(repository, 'examples')

/** Every folder is an example. */
export const exampleNames = readdirSync(examples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

/** What `aigw replay --format json` says of one manifest. */
interface ReplayedSide {
  readonly requests: number
  readonly attempts: number
  readonly failovers: number
  readonly fates: Readonly<Record<string, number>>
  readonly cost_micro_usd: number
  readonly first_content_us: Readonly<Record<'p50' | 'p95' | 'p99', number>>
  readonly targets: Readonly<Record<string, { readonly served: number }>>
  readonly losses: {
    readonly requests: number
    readonly parts: readonly { readonly target: string; readonly part: string; readonly requests: number }[]
  }
  readonly evidence: Readonly<Record<string, number>>
}

export interface Replayed {
  readonly exitCode: number | undefined
  readonly sides: readonly ReplayedSide[]
  readonly moved: readonly { readonly from: string; readonly to: string; readonly requests: number }[]
  readonly failed_expectations: readonly string[]
}

/** A copy of the example, to run its commands in and to change. */
export class ExampleCopy extends Workspace {
  constructor(name: string) {
    super()
    for (const file of readdirSync(join(examples, name))) this.write(file, readExample(name, file))
  }

  /** Runs a command as a page writes it; `more` goes behind it. */
  async runs(command: string, ...more: readonly string[]): Promise<Run> {
    return await this.aigw(...command.split(' ').slice(1), ...more)
  }

  async replays(command: string): Promise<Replayed> {
    const { exitCode, stdout, stderr } = await this.runs(command, '--format', 'json')
    if (stdout === '') throw new Error(stderr)
    return { exitCode, ...(JSON.parse(stdout) as Omit<Replayed, 'exitCode'>) }
  }

  /** Writes one thing for another, wherever it stands. It must stand there. */
  change(file: string, from: string, to: string): void {
    const text = this.read(file)
    expect(text).toContain(from)
    this.write(file, text.replaceAll(from, to))
  }
}

export class Example {
  readonly name: string
  /** Its page, on one line, so that a sentence is found wherever it was broken. */
  readonly page: string
  readonly named = new Set<string>()

  constructor(name: string) {
    this.name = name
    this.page = readExample(name, 'README.md').replaceAll(/\s+/g, ' ')
  }

  /** A test of a command that stands in the page. */
  command(command: string, run: (copy: ExampleCopy, command: string) => Promise<void>, timeoutMs?: number): void {
    this.named.add(command)
    test(
      command,
      async () => {
        expect.hasAssertions()
        await run(new ExampleCopy(this.name), command)
      },
      timeoutMs,
    )
  }

  /** A test of what the page says comes of a change. */
  change(what: string, run: (copy: ExampleCopy) => Promise<void>): void {
    test(what, async () => {
      expect.hasAssertions()
      await run(new ExampleCopy(this.name))
    })
  }

  /** The page must say each of these, word for word: they hold what was found. */
  says(...sentences: readonly string[]): void {
    for (const sentence of sentences) expect(this.page).toContain(sentence)
  }
}

export function describeExample(name: string, suite: (example: Example) => void): void {
  describe(name, () => {
    const example = new Example(name)
    suite(example)
    test('its page names no command that is not tried here, and every one that is', () => {
      expect(commandsOf(readExample(name, 'README.md'))).toEqual([...example.named].toSorted())
    })
  })
}

/** Lines that are to be typed: those that are indented, a broken one put together again. */
export function commandsOf(page: string): string[] {
  const lines = [...page.matchAll(/^ {4}(\S(?:.*\\\n)*.*)$/gm)].map(([, line = '']) =>
    line.replaceAll(/\s*\\\n\s*/g, ' '),
  )
  return [...new Set(lines)].toSorted()
}

export function readExample(name: string, file: string): string {
  return readFileSync(join(examples, name, file), 'utf8')
}

/** Target to how many requests it served, those without one left out. */
export function servedBy({ targets }: ReplayedSide): Record<string, number> {
  return Object.fromEntries(
    Object.entries(targets).flatMap(([name, { served }]) => (served === 0 ? [] : [[name, served] as const])),
  )
}

/** As views show it: whole milliseconds. */
export function toMs(us: number): number {
  return Math.round(us / 1_000)
}

/** What `aigw lint --format json` finds, from warnings on. */
export function rulesFound(stdout: string): string[] {
  const found = JSON.parse(stdout) as readonly { readonly code: string; readonly severity: string }[]
  return found.filter(({ severity }) => severity !== 'info').map(({ code }) => code)
}
