/** `aigw replay`, without its words: which mode, how many passes, what is reported. */
import type { Expectation, Scenario } from '../../schemas/index.ts'
import { compileManifest } from '../../gateway/core/manifest/compile.ts'
import { readManifestValue } from '../../gateway/core/manifest/read.ts'
import type { RoutingTable } from '../../gateway/core/routing/table.ts'
import { parseSpoolLine } from '../../gateway/spool/line.ts'
import { listSegments, readLines } from '../../gateway/spool/reader.ts'
import { Evidence } from './evidence.ts'
import type { ReplayRequest } from './request.ts'
import { CaptureError } from './forms.ts'
import { readRequests } from './input.ts'
import type { RecordedReport } from './recorded.ts'
import { RecordedReplay } from './recorded.ts'
import type { Tally } from './tally.ts'
import { WhatIf } from './what-if.ts'

export interface ManifestSide {
  /** As the user named it. */
  readonly name: string
  readonly table: RoutingTable
}

export interface WhatIfReplayOptions {
  readonly capture: string
  readonly manifest: ManifestSide
  readonly against: ManifestSide | null
  readonly scenario: Scenario | null
  readonly assume: Scenario['assume']
  readonly seed: number
  readonly instances: number
  /** For traces, which name none. */
  readonly model: string | null
  readonly stream: boolean
  /** Told now and then how many requests have been read. */
  readonly progress: (requests: number) => void
}

/** Requests whose target is not the same on both sides: from, to, how many. */
export interface Movement {
  readonly from: string
  readonly to: string
  readonly requests: number
}

export interface WhatIfReport {
  readonly sides: readonly { readonly name: string; readonly tally: Tally }[]
  readonly moved: readonly Movement[]
  readonly movedRequests: number
  readonly failedExpectations: readonly string[]
}

const progressEvery = 20_000

/** Replays a spool against the manifests it was recorded under. Throws `CaptureError` for anything but a spool. */
export async function replayRecorded(capture: string): Promise<RecordedReport> {
  const replay = new RecordedReplay({ compile: compileRecorded })
  for (const file of await listSegments(capture)) {
    for await (const { line, text } of readLines(file)) {
      const parsed = parseSpoolLine(text)
      if (parsed === null) throw new CaptureError(notASpool(`${file}:${line}`))
      replay.take(parsed)
    }
  }
  return replay.end()
}

function notASpool(where: string): string {
  return `${where}: not a line of a spool (was the file cut off?); to ask what a manifest would do, name it with --manifest`
}

/** The table of a generation, from the manifest in the spool; null when this version cannot read it. */
export function compileRecorded(value: unknown): RoutingTable | null {
  const { manifest } = readManifestValue(value)
  return manifest === null ? null : compileManifest(manifest)
}

/** Replays traffic through one manifest, or two side by side, in virtual time. */
export async function replayWhatIf(options: WhatIfReplayOptions): Promise<WhatIfReport> {
  const input = { path: options.capture, model: options.model, seed: options.seed, stream: options.stream }
  const evidence = new Evidence()
  for await (const { id, seen } of readRequests(input)) evidence.add(id, seen)
  const comparison = new Comparison()
  const sides = [options.manifest, ...(options.against === null ? [] : [options.against])]
  const runs = sides.map((side, number) => ({
    name: side.name,
    whatIf: new WhatIf({
      table: side.table,
      evidence,
      scenario: options.scenario,
      assume: options.assume,
      instances: options.instances,
      finished: sides.length === 2 ? (request, served) => comparison.note(request, number, served) : () => {},
    }),
  }))
  let read = 0
  for await (const request of readRequests(input)) {
    for (const { whatIf } of runs) whatIf.take(request)
    read += 1
    if (read % progressEvery === 0) options.progress(read)
  }
  const tallies = runs.map(({ name, whatIf }) => ({ name, tally: whatIf.end() }))
  const { moved, movedRequests } = comparison.result()
  const first = tallies[0]
  const failedExpectations = first === undefined ? [] : checkExpectations(options.scenario?.expect, first.tally)
  return { sides: tallies, moved, movedRequests, failedExpectations }
}

/** Pairs what both sides made of each request; holds only those that one side has finished and the other has not. */
class Comparison {
  private readonly waiting = new Map<number, { side: number; served: string }>()
  private readonly movements = new Map<string, { from: string; to: string; requests: number }>()
  private total = 0

  note(request: ReplayRequest, side: number, served: string): void {
    const other = this.waiting.get(request.index)
    if (other === undefined) {
      this.waiting.set(request.index, { side, served })
      return
    }
    this.waiting.delete(request.index)
    const [from, to] = side === 1 ? [other.served, served] : [served, other.served]
    if (from === to) return
    this.total += 1
    const key = `${from} ${to}`
    const movement = this.movements.get(key)
    if (movement === undefined) this.movements.set(key, { from, to, requests: 1 })
    else movement.requests += 1
  }

  result(): { moved: Movement[]; movedRequests: number } {
    const moved = [...this.movements.values()].sort((left, right) => right.requests - left.requests)
    return { moved, movedRequests: this.total }
  }
}

/** What a scenario says must hold, and does not; one sentence each. */
export function checkExpectations(expect: Expectation | undefined, tally: Tally): string[] {
  if (expect === undefined) return []
  const failed: string[] = []
  const atMost = (name: string, found: number | null, bound: number | undefined) => {
    if (bound !== undefined && found !== null && found > bound)
      failed.push(`${name} is ${round(found)}, allowed is ${bound}`)
  }
  const ms = (share: number) => {
    const us = tally.latency.quantile(share)
    return us === null ? null : us / 1000
  }
  atMost('lost', tally.fates.lost, expect.lost)
  atMost('refused', tally.fates.refused, expect.refused)
  atMost('p50_ms', ms(0.5), expect.p50_ms)
  atMost('p95_ms', ms(0.95), expect.p95_ms)
  atMost('p99_ms', ms(0.99), expect.p99_ms)
  atMost('usd', tally.costMicroUsd / 1_000_000, expect.usd)
  if (expect.boundary_kept === true && tally.boundaryLeft > 0) {
    failed.push(`the boundary was left ${tally.boundaryLeft} times`)
  }
  for (const [target, { at_least: low, at_most: high }] of Object.entries(expect.share ?? {})) {
    const share = (tally.targets.get(target)?.served ?? 0) / Math.max(1, tally.requests)
    if (low !== undefined && share < low)
      failed.push(`${target} serves a share of ${round(share)}, at least ${low} was expected`)
    if (high !== undefined && share > high)
      failed.push(`${target} serves a share of ${round(share)}, at most ${high} was expected`)
  }
  return failed
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
