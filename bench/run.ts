/**
 * Measures what DESIGN section 10 has a budget for, floor and gateway in one run and interleaved.
 *
 * node bench/run.ts [--quick] [--self] [--only NAME,…] [--json FILE] [--list]
 *
 * The measured process has core 0 to itself, load and provider share core 1. `--self` measures the floor against
 * itself: the ratios it prints are the noise of the harness.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cases } from './cases/index.ts'
import type { Bench, Row } from './harness/bench.ts'
import { pinSelf, pinningProblem } from './harness/process.ts'
import { renderTable } from './harness/report.ts'
import type { Subject } from './harness/subject.ts'
import { findBuilds, loadCore, startFloor, startGateway } from './harness/subject.ts'
import { startUpstream } from './harness/upstream.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    self: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    only: { type: 'string' },
    json: { type: 'string' },
  },
})

const say = (message: string): void => void process.stderr.write(`bench: ${message}\n`)
const names = values.only?.split(',')
const wanted = Object.entries(cases).filter(([name]) => names?.includes(name) ?? true)

async function main(): Promise<number> {
  if (values.list) {
    process.stdout.write(`${Object.keys(cases).join('\n')}\n`)
    return 0
  }
  if (cpus().length < 2) say('one core only: the load will disturb what it measures')
  const [busy = 0] = loadavg()
  if (busy > 0.5) say(`the machine is busy (load ${busy.toFixed(1)}): latencies will be too high`)
  if (pinningProblem !== null) say(pinningProblem)
  pinSelf(loadCore)
  // The pid in its name says whose it is while several runs share a machine.
  const directory = mkdtempSync(join(tmpdir(), `aigw-bench-${process.pid}-`))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  // Without a handler a signal ends us before the exit handlers that end the children and remove the folder.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const upstream = await startUpstream()
  const subjects: Subject[] = []
  const rows: Row[] = []
  try {
    const builds = findBuilds()
    const floor = await startFloor(upstream.port)
    subjects.push(floor)
    let gateway: Subject | null = null
    if (values.self) gateway = await startFloor(upstream.port, 'floor again')
    else if (builds.serve !== null)
      gateway = await startGateway({ serve: builds.serve, upstreamPort: upstream.port, directory })
    if (gateway !== null) subjects.push(gateway)
    const bench: Bench = { quick: values.quick, upstream, floor, gateway, builds, directory, say }
    for (const [name, one] of wanted) {
      say(`${name} …`)
      rows.push(...(await one.run(bench)))
    }
  } finally {
    await Promise.all(subjects.map((subject) => subject.process.stop()))
    await upstream.close()
  }
  process.stdout.write(`${renderTable(rows)}\n`)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(describeRun(rows), null, 2)}\n`)
  return rows.some((row) => row.holds === false) ? 4 : 0
}

function describeRun(rows: readonly Row[]): object {
  const machine = { cpu: cpus()[0]?.model ?? '', cores: cpus().length, node: process.version }
  return {
    at: new Date().toISOString(),
    quick: values.quick,
    against: values.self ? 'floor' : 'gateway',
    machine,
    rows,
  }
}

process.exitCode = await main()
