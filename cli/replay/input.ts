/**
 * What a replay is fed with, one request at a time and in order of arrival: a spool, a capture, or a public trace of
 * arrivals and token counts. Nothing is kept that the order does not need.
 */
import type { RequestFacts } from '../../gateway/core/engine/events.ts'
import { seedForIndex } from '../../gateway/core/routing/draw.ts'
import { OrderedEvents } from '../../gateway/spool/ordered-events.ts'
import { listSegments } from '../../gateway/spool/reader.ts'
import type { InputForm, ReadRequest, Unnumbered } from './forms.ts'
import { readCsvTrace, readLine } from './forms.ts'
import { CaptureError, type TellCutOff, parseLines, tellMissing } from './lines.ts'
import type { ReplayRequest } from './request.ts'

export interface InputOptions extends InputForm {
  readonly path: string
  readonly seed: number
  readonly tellCutOff: TellCutOff
  /** Told of each gap that a spool tells of itself, as a sentence. */
  readonly tellGap?: (sentence: string) => void
}

/** All requests of the input, in order of arrival. */
export async function* readRequests(options: InputOptions): AsyncGenerator<ReplayRequest> {
  let index = 0
  for await (const request of inOrder(options)) {
    yield { ...request, index, facts: withSeed(request.facts, options.seed, index) }
    index += 1
  }
}

function withSeed(facts: Unnumbered['facts'], seed: number, index: number): RequestFacts {
  return { ...facts, seed: facts.seed ?? seedForIndex(seed, index) }
}

/** A spool gives records in order of their ends; each says from where on others are still open. */
async function* inOrder(options: InputOptions): AsyncGenerator<Unnumbered> {
  const groups = groupByProcess(await listSegments(options.path))
  const sources = [...groups.values()].map((files) => readGroup(files, options))
  yield* mergeByArrival(sources)
}

/** Segments of one process stand behind each other; those of different processes overlap in time. */
function groupByProcess(files: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const file of files) {
    const process = /-([0-9a-f]{16})-\d{6}\.ndjson/.exec(file)?.[1] ?? file
    groups.set(process, [...(groups.get(process) ?? []), file])
  }
  return groups
}

/** Captures and traces may be a little out of order: they are sorted within this time, and refused beyond it. */
const sortedWithinUs = 60_000_000

async function* readGroup(files: readonly string[], options: InputOptions): AsyncGenerator<Unnumbered> {
  const spooled = new OrderedEvents<Unnumbered>()
  const foreign = new OrderedEvents<Unnumbered>()
  let newestUs = Number.NEGATIVE_INFINITY
  for (const file of files) {
    for await (const { request, arrivalSeq, openFromSeq } of readFile(file, options)) {
      if (openFromSeq !== null) {
        spooled.add(arrivalSeq, request)
        yield* spooled.takeBelow(openFromSeq)
        continue
      }
      const { arrivedUs } = request
      if (arrivedUs < newestUs - sortedWithinUs) throw new CaptureError(outOfOrder(file, newestUs - arrivedUs))
      newestUs = Math.max(newestUs, arrivedUs)
      foreign.add(arrivedUs, request)
      yield* foreign.takeBelow(newestUs - sortedWithinUs)
    }
  }
  yield* spooled.takeBelow(Number.POSITIVE_INFINITY)
  yield* foreign.takeBelow(Number.POSITIVE_INFINITY)
}

async function* readFile(file: string, options: InputOptions): AsyncGenerator<ReadRequest> {
  if (/\.csv(\.gz|\.zst)?$/.test(file)) {
    for await (const request of readCsvTrace(file, options)) yield { request, arrivalSeq: 0, openFromSeq: null }
    return
  }
  for await (const line of parseLines(file, options.tellCutOff)) {
    const missing = tellMissing(line)
    if (missing !== null) options.tellGap?.(missing)
    const read = readLine(line, options)
    if (read !== null) yield read
  }
}

function outOfOrder(file: string, byUs: number): string {
  const seconds = Math.round(byUs / 1_000_000)
  return `${file}: a request stands ${seconds} s too late; requests are sorted by arrival within ${sortedWithinUs / 1_000_000} s, so sort the file first`
}

async function* mergeByArrival(sources: readonly AsyncGenerator<Unnumbered>[]): AsyncGenerator<Unnumbered> {
  const heads = await Promise.all(sources.map(async (source) => ({ source, next: await source.next() })))
  for (;;) {
    let earliest: (typeof heads)[number] | null = null
    for (const head of heads) {
      if (head.next.done === true) continue
      if (
        earliest === null ||
        earliest.next.done === true ||
        head.next.value.arrivedUs < earliest.next.value.arrivedUs
      ) {
        earliest = head
      }
    }
    if (earliest === null || earliest.next.done === true) return
    yield earliest.next.value
    earliest.next = await earliest.source.next()
  }
}
