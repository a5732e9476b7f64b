/**
 * node test/soak/soak.ts [--minutes 10] [--per-second 50] [--kills 5]
 *
 * The report is JSON on standard output; exit code 1, and what does not hold on standard error, when something does not.
 */
import { parseArgs } from 'node:util'
import { complaintsOf } from './judge.ts'
import { soak } from './run.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    'per-second': { type: 'string', default: '50' },
    kills: { type: 'string', default: '5' },
  },
})

const say = (line: string): void => void process.stderr.write(`soak: ${line}\n`)
const forMs = Number(values.minutes) * 60_000
const report = await soak({
  forMs,
  perSecond: Number(values['per-second']),
  kills: Number(values.kills),
  warmUpMs: Math.min(60_000, forMs / 8),
  say,
})
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
const complaints = complaintsOf(report, { rss: 1.15, descriptors: 1.25 })
for (const complaint of complaints) say(complaint)
process.exitCode = complaints.length === 0 ? 0 : 1
