/**
 * What a replay is fed with, one request at a time and in order of arrival: a spool, a capture, or a public trace of
 * arrivals and token counts. Nothing is kept that the order does not need.
 */
import type { CaptureLine, RequestRecord, SpoolLine } from '../../schemas/index.ts'
import { factsOfRecord } from '../../gateway/core/audit/facts.ts'
import type { RequestFacts } from '../../gateway/core/engine/events.ts'
import { parseSeed, seedForIndex } from '../../gateway/core/routing/draw.ts'
import { listSegments, readLines, type ReadLine } from '../../gateway/spool/reader.ts'
import { OrderedEvents } from '../../gateway/spool/ordered-events.ts'

/** One request of the past. */
export interface ReplayRequest {
  readonly index: number
  readonly id: string
  /** The gateway process that had it: health has one state per process. */
  readonly process: string
  /** Microseconds since the Unix epoch (traces without dates: since their start). */
  readonly arrivedUs: number
  readonly facts: RequestFacts
  /** Conditions that were not recorded, so that a route asking for them cannot be decided. */
  readonly unknown: ReadonlySet<'features' | 'headers' | 'credential'>
  /** Null for a foreign trace. */
  readonly record: RecordedAttempts | null
  readonly outputTokens: number | null
}

/** The part of a record that is evidence. */
export interface RecordedAttempts {
  readonly attempts: RequestRecord['attempts']
  /** The caller hung up this long after arriving; null: it waited. */
  readonly hungUpAfterUs: number | null
}

export interface InputOptions {
  readonly path: string
  /** For traces, which name none. */
  readonly model: string | null
  readonly seed: number
  /** For traces, which do not say: would the requests be streamed? */
  readonly stream: boolean
}

/** A file that is none of the forms replay reads, or a line of one. The message says file and line. */
export class CaptureError extends Error {}

/** All requests of the input, in order of arrival. */
export async function* readRequests(options: InputOptions): AsyncGenerator<ReplayRequest> {
  let index = 0
  for await (const request of inOrder(options)) {
    yield { ...request, index, facts: withSeed(request.facts, options.seed, index) }
    index += 1
  }
}

type Unnumbered = Omit<ReplayRequest, 'index' | 'facts'> & {
  readonly facts: Omit<RequestFacts, 'seed'> & { readonly seed: RequestFacts['seed'] | null }
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

async function* readGroup(files: readonly string[], options: InputOptions): AsyncGenerator<Unnumbered> {
  const waiting = new OrderedEvents<Unnumbered>()
  for (const file of files) {
    if (/\.csv(\.gz|\.zst)?$/.test(file)) {
      yield* readCsvTrace(file, options)
      continue
    }
    for await (const line of readLines(file)) {
      const read = parseLine(line, options)
      if (read === null) continue
      if (read.openFromSeq === null) {
        yield read.request
        continue
      }
      waiting.add(read.arrivalSeq, read.request)
      yield* waiting.takeBelow(read.openFromSeq)
    }
  }
  yield* waiting.takeBelow(Number.POSITIVE_INFINITY)
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

interface ReadRequest {
  readonly request: Unnumbered
  readonly arrivalSeq: number
  /** Null: the input is in order of arrival already. */
  readonly openFromSeq: number | null
}

function parseLine(line: ReadLine, options: InputOptions): ReadRequest | null {
  let value: unknown
  try {
    value = JSON.parse(line.text)
  } catch {
    throw new CaptureError(`${line.file}:${line.line}: not a line of JSON; was the file cut off?`)
  }
  if (typeof value !== 'object' || value === null) throw unknownForm(line)
  // Wire borders: each form is told by the fields that only it has.
  if ('kind' in value && 'process' in value) return fromSpool(value as SpoolLine)
  if ('at' in value && 'model' in value) return fromCapture(value as CaptureLine, options)
  if ('input_length' in value && 'timestamp' in value) return fromMooncake(value as MooncakeLine, options)
  throw unknownForm(line)
}

function unknownForm({ file, line }: ReadLine): CaptureError {
  return new CaptureError(`${file}:${line}: neither a spool line, nor a capture line, nor a line of a known trace`)
}

function fromSpool(line: SpoolLine): ReadRequest | null {
  if (line.kind !== 'record') return null
  const { record } = line
  return {
    arrivalSeq: record.events[0]?.[1] ?? 0,
    openFromSeq: record.open_from_seq,
    request: {
      id: record.id,
      process: line.process,
      arrivedUs: Date.parse(record.arrived_at) * 1000,
      facts: factsOfRecord(record),
      unknown: nothingUnknown,
      outputTokens: record.usage?.output ?? null,
      record: {
        attempts: record.attempts,
        hungUpAfterUs:
          record.finish.outcome === 'abandoned' ? record.finish.at_us - (record.events[0]?.[2] ?? 0) : null,
      },
    },
  }
}

const nothingUnknown: ReplayRequest['unknown'] = new Set()

function fromCapture(line: CaptureLine, options: InputOptions): ReadRequest {
  const unknown = new Set<'features' | 'headers' | 'credential'>()
  if (line.features === undefined) unknown.add('features')
  if (line.headers === undefined && line.process === undefined) unknown.add('headers')
  const { estimate, features } = line
  const arrivedUs = Date.parse(line.at) * 1000
  return {
    arrivalSeq: 0,
    openFromSeq: null,
    request: {
      id: line.id ?? '',
      process: line.process ?? '',
      arrivedUs,
      unknown,
      outputTokens: line.usage?.output ?? null,
      record:
        line.attempts === undefined
          ? null
          : { attempts: line.attempts as RequestRecord['attempts'], hungUpAfterUs: null },
      facts: {
        seed: line.seed === undefined ? null : parseSeed(line.seed),
        model: options.model ?? line.model,
        credential: line.credential ?? null,
        organization: line.organization ?? null,
        headers: line.headers ?? {},
        features: {
          ...traceFeatures(line.stream ?? options.stream, estimate?.input_tokens ?? 0, null),
          ...(features !== undefined && { has: features.has ?? [], fields: features.fields ?? [] }),
        },
        estimate: {
          inputTokens: estimate?.input_tokens ?? line.usage?.input ?? 0,
          outputTokens: estimate?.output_tokens ?? null,
          family: 'characters-4',
        },
        stickySeeds: line.sticky_seeds ?? {},
      },
    },
  }
}

/** `{timestamp (ms), input_length, output_length, hash_ids}`: the Mooncake traces. */
interface MooncakeLine {
  readonly timestamp: number
  readonly input_length: number
  readonly output_length: number
}

function fromMooncake(line: MooncakeLine, options: InputOptions): ReadRequest {
  return {
    arrivalSeq: 0,
    openFromSeq: null,
    request: traceRequest(
      { arrivedUs: line.timestamp * 1000, inputTokens: line.input_length, outputTokens: line.output_length },
      options,
    ),
  }
}

/** `TIMESTAMP,ContextTokens,GeneratedTokens`: the Azure LLM inference traces. */
async function* readCsvTrace(file: string, options: InputOptions): AsyncGenerator<Unnumbered> {
  for await (const { line, text } of readLines(file)) {
    if (line === 1) {
      if (!/^TIMESTAMP,ContextTokens,GeneratedTokens\s*$/.test(text)) {
        throw new CaptureError(
          `${file}:1: expected the columns TIMESTAMP,ContextTokens,GeneratedTokens, found "${text.slice(0, 80)}"`,
        )
      }
      continue
    }
    const [at, input, output] = text.split(',')
    const arrivedUs = parseTimestamp(at ?? '')
    const inputTokens = Number(input)
    const outputTokens = Number(output)
    if (!Number.isFinite(arrivedUs) || !Number.isFinite(inputTokens) || !Number.isFinite(outputTokens)) {
      throw new CaptureError(`${file}:${line}: expected a time and two numbers, found "${text.slice(0, 80)}"`)
    }
    yield traceRequest({ arrivedUs, inputTokens, outputTokens }, options)
  }
}

/** `2023-11-16 18:17:03.9799600`, to the microsecond: seven digits are more than `Date` keeps. */
function parseTimestamp(text: string): number {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.(\d+))?/.exec(text)
  if (match === null) return Number.NaN
  const [, day, time, fraction = ''] = match
  return Date.parse(`${day}T${time}Z`) * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6))
}

interface TraceEntry {
  readonly arrivedUs: number
  readonly inputTokens: number
  readonly outputTokens: number
}

function traceRequest(entry: TraceEntry, options: InputOptions): Unnumbered {
  if (options.model === null) throw new CaptureError('a trace names no model: say which with --model NAME')
  return {
    id: '',
    process: '',
    arrivedUs: entry.arrivedUs,
    unknown: traceUnknown,
    outputTokens: entry.outputTokens,
    record: null,
    facts: {
      seed: null,
      model: options.model,
      credential: null,
      organization: null,
      headers: {},
      features: traceFeatures(options.stream, entry.inputTokens, null),
      estimate: { inputTokens: entry.inputTokens, outputTokens: null, family: 'characters-4' },
      stickySeeds: {},
    },
  }
}

const traceUnknown: ReplayRequest['unknown'] = new Set(['features', 'headers', 'credential'] as const)

function traceFeatures(stream: boolean, inputTokens: number, maxOutputTokens: number | null): RequestFacts['features'] {
  return {
    stream,
    has: [],
    fields: [],
    messages: 1,
    promptCharacters: inputTokens * 4,
    images: 0,
    maxOutputTokens,
  }
}
