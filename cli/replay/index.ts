/** `aigw replay`, without its words: which mode, how many passes, what is reported. */
import type { Scenario } from '../../schemas/index.ts'
import { compileManifest } from '../../gateway/core/manifest/compile.ts'
import { readManifestValue } from '../../gateway/core/manifest/read.ts'
import type { RoutingTable } from '../../gateway/core/routing/table.ts'
import { isSpoolLine } from '../../gateway/spool/line.ts'
import { listSegments } from '../../gateway/spool/reader.ts'
import { Evidence } from './evidence.ts'
import type { ReplayRequest } from './request.ts'
import { checkExpectations } from './expectations.ts'
import { readRequests } from './input.ts'
import { CaptureError, type TellCutOff, parseLines } from './lines.ts'
import { refuseImpossible, refuseUnknownNames } from './names.ts'
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
  /** Told of each file whose last line is cut off, once. */
  readonly tellCutOff: TellCutOff
  /** Told of each gap that a spool tells of itself, once. */
  readonly tellGap?: (sentence: string) => void
}

/** Requests whose target is not the same on both sides: from, to, how many. */
export interface Movement {
  readonly from: string
  readonly to: string
  readonly requests: number
}

export interface WhatIfReport {
  readonly sides: readonly { readonly name: string; readonly table: RoutingTable; readonly tally: Tally }[]
  readonly moved: readonly Movement[]
  readonly movedRequests: number
  readonly failedExpectations: readonly string[]
}

const progressEvery = 20_000

/** Replays a spool against the manifests it was recorded under. Throws `CaptureError` for anything but a spool. */
export async function replayRecorded(capture: string, tellCutOff: TellCutOff = () => {}): Promise<RecordedReport> {
  const replay = new RecordedReplay({ compile: compileRecorded })
  for (const file of await listSegments(capture)) {
    for await (const { where, value } of parseLines(file, tellCutOff)) {
      if (!isSpoolLine(value)) throw new CaptureError(notASpool(where))
      replay.take(value)
    }
  }
  const report = replay.end()
  if (report.requests === 0) throw new CaptureError(nothingRecorded(capture))
  return report
}

function notASpool(where: string): string {
  return `${where}: not a line of a gateway's spool, and only that can be decided again as recorded; name a --manifest to ask what that one would do`
}

/** Nothing was compared then, and that must not look like success. */
function nothingRecorded(capture: string): string {
  return `${capture}: no request is recorded there`
}

/** The table of a generation, from the manifest in the spool; null when this version cannot read it. */
export function compileRecorded(value: unknown): RoutingTable | null {
  const { manifest } = readManifestValue(value)
  return manifest === null ? null : compileManifest(manifest)
}

/** Replays traffic through one manifest, or two side by side, in virtual time. */
export async function replayWhatIf(options: WhatIfReplayOptions): Promise<WhatIfReport> {
  const sides = [options.manifest, ...(options.against === null ? [] : [options.against])]
  const naming = { scenario: options.scenario, assume: { ...options.scenario?.assume, ...options.assume } }
  refuseImpossible(naming.assume)
  refuseUnknownNames(
    naming,
    sides.map(({ table }) => table),
  )
  const { capture: path, model, seed, stream } = options
  const input = {
    path,
    model,
    seed,
    stream,
    tellCutOff: onceEach(options.tellCutOff),
    tellGap: onceEach(options.tellGap ?? ignore),
  }
  const evidence = new Evidence()
  for await (const { id, seen } of readRequests(input)) evidence.add(id, seen)
  const comparison = new Comparison()
  const runs = sides.map((side, number) => ({
    ...side,
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
  if (read === 0) throw new CaptureError(nothingRecorded(options.capture))
  const tallies = runs.map(({ name, table, whatIf }) => ({ name, table, tally: whatIf.end() }))
  const { moved, movedRequests } = comparison.result()
  const failedExpectations = tallies.flatMap((side) => {
    const failed = checkExpectations(options.scenario?.expect ?? {}, side)
    return tallies.length === 1 ? failed : failed.map((sentence) => `${side.name}: ${sentence}`)
  })
  return { sides: tallies, moved, movedRequests, failedExpectations }
}

const ignore = (): void => {}

/** The input is read twice. */
function onceEach(tell: (what: string) => void): (what: string) => void {
  const told = new Set<string>()
  return (what) => {
    if (!told.has(what)) tell(what)
    told.add(what)
  }
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
