/** Start-up of the bin, and `validate` of 1,000 routes beside a bare parse of the same text. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchCase } from '../harness/bench.ts'
import { skipped } from '../harness/bench.ts'
import { interleave } from '../harness/interleave.ts'
import { failureLine, runCommand } from '../harness/run-command.ts'
import { median, spread } from '../harness/statistics.ts'
import { hasCommand, renderManifest } from '../harness/subject.ts'

const startBudgetMs = 120
const startName = 'start-up of the bin'

export const startUp: BenchCase = {
  name: startName,
  async run({ builds, quick }) {
    const { bin } = builds
    if (bin === null) return [skipped(startName, `≤ ${startBudgetMs} ms`, 'there is no command line yet')]
    const version = [...bin, '--version']
    const first = await runCommand(version)
    if (first.exitCode !== 0) return [skipped(startName, `≤ ${startBudgetMs} ms`, `--version: ${failureLine(first)}`)]
    const wall = async (command: readonly string[]) => ({ value: (await runCommand(command)).wallMs, disturbed: false })
    const bareNode = () => wall([process.execPath, '-e', '0'])
    const measured = await interleave(quick ? 10 : 30, bareNode, () => wall(version))
    return [
      {
        case: startName,
        unit: 'ms',
        floor: measured.a,
        gateway: measured.b,
        ratio: measured.ratio,
        budget: `≤ ${startBudgetMs} ms`,
        holds: measured.b <= startBudgetMs,
        note: `floor: node -e 0${bin.some((part) => part.endsWith('.ts')) ? '; from the sources, not built' : ''}`,
      },
    ]
  },
}

const validateBudget = 1.3
const validateName = 'validate, 1,000 routes'

export const validate: BenchCase = {
  name: validateName,
  async run({ builds, directory, quick }) {
    const { bin } = builds
    const budget = `≤ ${validateBudget} × + start`
    if (bin === null || !hasCommand('validate')) return [skipped(validateName, budget, 'there is no validate yet')]
    const file = join(directory, 'thousand.yaml')
    writeFileSync(file, renderManifest(9, 1_000))
    const parser = new URL('../harness/bare-parse.ts', import.meta.url).pathname
    const rounds: { parse: number; start: number; validate: number }[] = []
    for (let round = 0; round < (quick ? 6 : 15); round += 1) {
      const parsed = await runCommand([process.execPath, parser, file])
      const started = await runCommand([...bin, '--version'])
      const validated = await runCommand([...bin, 'validate', file], directory)
      if (validated.exitCode !== 0) return [skipped(validateName, budget, failureLine(validated))]
      rounds.push({ parse: Number(parsed.stdout), start: started.wallMs, validate: validated.wallMs })
    }
    const ratio = spread(rounds.map((round) => (round.validate - round.start) / round.parse))
    return [
      {
        case: validateName,
        unit: 'ms',
        floor: median(rounds.map((round) => round.parse)),
        gateway: median(rounds.map((round) => round.validate - round.start)),
        ratio,
        budget,
        holds: ratio.median <= validateBudget,
        note: `whole command ${median(rounds.map((round) => round.validate)).toFixed(0)} ms; floor: bare parse, cold`,
      },
    ]
  },
}
