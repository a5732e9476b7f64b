/** Requests a second of `aigw replay`, and its memory at one and at four times the length. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchCase } from '../harness/bench.ts'
import { skipped } from '../harness/bench.ts'
import { writeCapture } from '../harness/capture.ts'
import { failureLine, runCommand } from '../harness/run-command.ts'
import { median } from '../harness/statistics.ts'
import { hasCommand, renderManifest } from '../harness/subject.ts'

const name = 'replay, requests a second'
/** A million a minute. */
const budget = 1_000_000 / 60
const memoryBudget = 1.2
const routes = 50

export const replay: BenchCase = {
  name,
  async run({ builds, directory, quick }) {
    const { bin } = builds
    if (bin === null || !hasCommand('replay'))
      return [skipped(name, `≥ ${budget.toFixed(0)}/s`, 'there is no replay yet')]
    const lines = quick ? 100_000 : 250_000
    const manifest = join(directory, 'replay.yaml')
    writeFileSync(manifest, renderManifest(9, routes))
    const short = join(directory, 'short.ndjson')
    const long = join(directory, 'long.ndjson')
    await writeCapture(short, lines, routes)
    await writeCapture(long, 4 * lines, routes)
    const run = (capture: string) =>
      runCommand([...bin, 'replay', capture, '--manifest', manifest, '--format', 'json'], directory)
    const rates: number[] = []
    for (let round = 0; round < (quick ? 2 : 4); round += 1) {
      const done = await run(short)
      if (done.exitCode !== 0) return [skipped(name, `≥ ${budget.toFixed(0)}/s`, failureLine(done))]
      rates.push(lines / (done.wallMs / 1000))
    }
    const shortPeak = (await run(short)).peakRssBytes
    const longPeak = (await run(long)).peakRssBytes
    const growth = longPeak / shortPeak
    const rate = median(rates)
    return [
      {
        case: name,
        unit: '/s',
        floor: null,
        gateway: rate,
        ratio: null,
        budget: `≥ ${budget.toFixed(0)}/s`,
        holds: rate >= budget,
        note: 'one core, start-up included',
      },
      {
        case: 'replay, memory at 4 × the length',
        unit: 'MB',
        floor: shortPeak / 1024 / 1024,
        gateway: longPeak / 1024 / 1024,
        ratio: { median: growth, low: growth, high: growth },
        budget: `≤ ${memoryBudget} ×`,
        holds: growth <= memoryBudget,
        note: `floor: ${lines} lines`,
      },
    ]
  },
}
