/**
 * The forms of recorded traffic, each read into the same request: our spool, our capture, and two public forms of traces
 * that hold arrivals and token counts and nothing else.
 */
import type { CaptureAttempt, CaptureLine, RequestRecord } from '../../schemas/index.ts'
import { classOf, endOf, factsOfRecord } from '../../gateway/core/audit/facts.ts'
import type { AttemptEnd, RequestFacts } from '../../gateway/core/engine/events.ts'
import { parseSeed } from '../../gateway/core/routing/draw.ts'
import { isSpoolLine } from '../../gateway/spool/line.ts'
import { readLines } from '../../gateway/spool/reader.ts'
import { validateCaptureLine } from '../../schemas/validate-capture.ts'
import type { Observation } from './evidence.ts'
import { CaptureError, type ParsedLine } from './lines.ts'
import type { ReplayRequest } from './request.ts'

/** What the forms do not say themselves. */
export interface InputForm {
  /** For traces, which name none. */
  readonly model: string | null
  /** For traces, which do not say: would the requests be streamed? */
  readonly stream: boolean
}

/** A request before it has its place in the whole; foreign ones get their seed from that place. */
export type Unnumbered = Omit<ReplayRequest, 'index' | 'facts'> & {
  readonly facts: Omit<RequestFacts, 'seed'> & { readonly seed: RequestFacts['seed'] | null }
}

export interface ReadRequest {
  readonly request: Unnumbered
  readonly arrivalSeq: number
  /** Null: the input is in order of arrival already. */
  readonly openFromSeq: number | null
}

/** One line of a file; null for a line that is no request. */
export function readLine({ where, value }: ParsedLine, form: InputForm): ReadRequest | null {
  if (isSpoolLine(value)) return value.kind === 'record' ? fromRecord(value.process, value.record) : null
  if (isMooncakeLine(value)) {
    const { timestamp, input_length: inputTokens, output_length: outputTokens } = value
    return inOrder(traceRequest({ arrivedUs: timestamp * 1000, inputTokens, outputTokens }, form))
  }
  if (looksLikeCapture(value)) return inOrder(fromCapture(checkCaptureLine(where, value), form))
  throw new CaptureError(`${where}: neither a spool line, nor a capture line, nor a line of a known trace`)
}

function inOrder(request: Unnumbered): ReadRequest {
  return { request, arrivalSeq: 0, openFromSeq: null }
}

// ---- spool ----

const nothingUnknown: ReplayRequest['unknown'] = new Set()

function fromRecord(process: string, record: RequestRecord): ReadRequest {
  const [, arrivalSeq = 0, arrivedAtUs = 0] = record.events[0] ?? []
  const request: Unnumbered = {
    id: record.id,
    process,
    arrivedUs: Date.parse(record.arrived_at) * 1000,
    facts: factsOfRecord(record),
    unknown: nothingUnknown,
    outputTokens: record.usage?.output ?? null,
    seen: record.attempts.map((attempt, index) => ({
      target: attempt.target,
      observation: observationOf(attempt, endOf(record, index)),
    })),
    hungUpAfterUs: record.finish.outcome === 'abandoned' ? record.finish.at_us - arrivedAtUs : null,
  }
  return { request, arrivalSeq, openFromSeq: record.open_from_seq }
}

function observationOf(attempt: RequestRecord['attempts'][number], end: AttemptEnd): Observation | null {
  const { started_us: started, ended_us: ended, first_content_us: first, aborted_by: abortedBy } = attempt
  if (ended === null) return null
  return observe({ firstContentUs: first === null ? null : first - started, totalUs: ended - started, abortedBy, end })
}

interface Ended {
  readonly firstContentUs: number | null
  readonly totalUs: number
  readonly abortedBy: 'engine' | 'caller' | null
  readonly end: AttemptEnd
}

/** The caller left in the middle of a stream that was going well. */
const wholeAnswer: AttemptEnd = { class: 'ok', usage: null, status: 200, retryAfterMs: null }

function observe({ firstContentUs, totalUs, abortedBy, end }: Ended): Observation {
  const wasAborted = abortedBy !== null
  return {
    firstContentUs,
    totalUs,
    censored: wasAborted && firstContentUs === null,
    end: wasAborted && firstContentUs !== null ? wholeAnswer : end,
  }
}

// ---- capture ----

function looksLikeCapture(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('at' in value || 'model' in value)
}

function checkCaptureLine(where: string, value: unknown): CaptureLine {
  const result = validateCaptureLine(value)
  if (!result.valid) {
    const [{ path, message }] = result.problems
    throw new CaptureError(`${where}: not a line of a capture: ${path === '' ? '' : `\`${path}\`: `}${message}`)
  }
  if (Number.isNaN(Date.parse(result.value.at))) {
    throw new CaptureError(
      `${where}: not a line of a capture: \`at\`: expected a time such as 2026-11-23T09:00:00.000Z`,
    )
  }
  return result.value
}

function fromCapture(line: CaptureLine, form: InputForm): Unnumbered {
  return {
    id: line.id ?? '',
    process: line.process ?? '',
    arrivedUs: Date.parse(line.at) * 1000,
    unknown: unknownOf(line),
    outputTokens: line.usage?.output ?? null,
    seen: (line.attempts ?? []).map((attempt) => ({
      target: attempt.target,
      observation: fromCaptureAttempt(attempt),
    })),
    hungUpAfterUs: null,
    facts: {
      seed: line.seed === undefined ? null : parseSeed(line.seed),
      operation: line.operation ?? 'chat',
      model: form.model ?? line.model,
      credential: line.credential ?? null,
      organization: line.organization ?? null,
      headers: line.headers ?? {},
      features: captureFeatures(line, form),
      estimate: captureEstimate(line),
      stickySeeds: line.sticky_seeds ?? {},
    },
  }
}

function unknownOf(line: CaptureLine): ReplayRequest['unknown'] {
  const unknown = new Set<'features' | 'fields' | 'headers' | 'credential'>()
  if (line.features === undefined) unknown.add('features')
  if (line.features?.fields === undefined) unknown.add('fields')
  // A capture of ours names its process and holds every header that any route matched on; a foreign one may not.
  if (line.headers === undefined && line.process === undefined) unknown.add('headers')
  return unknown
}

function captureFeatures({ features, stream, estimate }: CaptureLine, form: InputForm): RequestFacts['features'] {
  const known = traceFeatures(stream ?? form.stream, estimate?.input_tokens ?? 0)
  if (features === undefined) return known
  return {
    ...known,
    has: features.has ?? [],
    fields: features.fields ?? [],
    messages: features.messages ?? 1,
    promptCharacters: features.prompt_characters ?? known.promptCharacters,
    images: features.images ?? 0,
    maxOutputTokens: features.max_output_tokens ?? null,
  }
}

function captureEstimate({ estimate, usage }: CaptureLine): RequestFacts['estimate'] {
  return {
    inputTokens: estimate?.input_tokens ?? usage?.input ?? 0,
    ...(estimate?.longest_input_tokens !== undefined && { longestInputTokens: estimate.longest_input_tokens }),
    outputTokens: estimate?.output_tokens ?? null,
    family: 'characters-4',
  }
}

function fromCaptureAttempt(attempt: CaptureAttempt): Observation | null {
  const { total_us: totalUs = null, first_content_us: firstContentUs = null, aborted_by: abortedBy = null } = attempt
  if (totalUs === null) return null
  const { class: failure = null, status = 0, retry_after_ms: retryAfterMs = null } = attempt
  const end: AttemptEnd = { class: classOf(failure), usage: null, status, retryAfterMs }
  return observe({ firstContentUs, totalUs, abortedBy, end })
}

// ---- public traces ----

/** `{timestamp (ms), input_length, output_length, hash_ids}`: the Mooncake traces. */
interface MooncakeLine {
  readonly timestamp: number
  readonly input_length: number
  readonly output_length: number
}

function isMooncakeLine(value: unknown): value is MooncakeLine {
  return (
    typeof value === 'object' &&
    value !== null &&
    'timestamp' in value &&
    typeof value.timestamp === 'number' &&
    'input_length' in value &&
    typeof value.input_length === 'number' &&
    'output_length' in value &&
    typeof value.output_length === 'number'
  )
}

/** `TIMESTAMP,ContextTokens,GeneratedTokens`: the Azure LLM inference traces. */
export async function* readCsvTrace(file: string, form: InputForm): AsyncGenerator<Unnumbered> {
  for await (const { line, text } of readLines(file)) {
    const shown = `found "${text.slice(0, 80)}"`
    if (line === 1) {
      if (/^TIMESTAMP,ContextTokens,GeneratedTokens\s*$/.test(text)) continue
      throw new CaptureError(`${file}:1: expected the columns TIMESTAMP,ContextTokens,GeneratedTokens, ${shown}`)
    }
    const [at, input, output] = text.split(',')
    const entry = { arrivedUs: parseTimestamp(at ?? ''), inputTokens: Number(input), outputTokens: Number(output) }
    if (Object.values(entry).some((value) => !Number.isFinite(value))) {
      throw new CaptureError(`${file}:${line}: expected a time and two numbers, ${shown}`)
    }
    yield traceRequest(entry, form)
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

const traceUnknown: ReplayRequest['unknown'] = new Set(['features', 'fields', 'headers', 'credential'] as const)

function traceRequest(entry: TraceEntry, form: InputForm): Unnumbered {
  if (form.model === null) throw new CaptureError('a trace names no model: say which with --model NAME')
  return {
    id: '',
    process: '',
    arrivedUs: entry.arrivedUs,
    unknown: traceUnknown,
    outputTokens: entry.outputTokens,
    seen: [],
    hungUpAfterUs: null,
    facts: {
      seed: null,
      operation: 'chat',
      model: form.model,
      credential: null,
      organization: null,
      headers: {},
      features: traceFeatures(form.stream, entry.inputTokens),
      estimate: { inputTokens: entry.inputTokens, outputTokens: null, family: 'characters-4' },
      stickySeeds: {},
    },
  }
}

function traceFeatures(stream: boolean, inputTokens: number): RequestFacts['features'] {
  return {
    stream,
    has: [],
    fields: [],
    messages: 1,
    promptCharacters: inputTokens * 4,
    images: 0,
    maxOutputTokens: null,
  }
}
