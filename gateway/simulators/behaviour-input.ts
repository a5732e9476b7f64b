/** Reads behaviour patches that come as JSON (control endpoint, header, scenario). Unknown keys are errors. */
import type { BehaviourPatch, FaultKind, RequestPatch } from './behaviour.ts'

export type PatchReading<Patch> = { readonly patch: Patch } | { readonly problem: string }

/** Says what is wrong with a value, or null. */
type Check = (value: unknown, path: string) => string | null

const number =
  (from: number, to = Number.MAX_SAFE_INTEGER): Check =>
  (value, path) =>
    typeof value === 'number' && value >= from && value <= to ? null : `${path} must be a number of ${from} to ${to}`

const whole =
  (from: number, to = Number.MAX_SAFE_INTEGER): Check =>
  (value, path) =>
    Number.isInteger(value) ? number(from, to)(value, path) : `${path} must be a whole number`

const text: Check = (value, path) => (typeof value === 'string' ? null : `${path} must be a string`)

const nullable =
  (check: Check): Check =>
  (value, path) =>
    value === null ? null : check(value, path)

const listOf =
  (check: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return `${path} must be a list`
    for (const [index, item] of value.entries()) {
      const problem = check(item, `${path}[${index}]`)
      if (problem !== null) return problem
    }
    return null
  }

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const object =
  (fields: Readonly<Record<string, Check>>, required: readonly string[] = []): Check =>
  (value, path) => {
    if (!isObject(value)) return `${path} must be an object`
    const missing = required.find((key) => !(key in value))
    if (missing !== undefined) return `${path}.${missing} is missing`
    for (const [key, item] of Object.entries(value)) {
      const check = fields[key]
      if (check === undefined) return `${path}.${key} is not known; known are ${Object.keys(fields).join(', ')}`
      const problem = check(item, `${path}.${key}`)
      if (problem !== null) return problem
    }
    return null
  }

const faultFields: Readonly<Record<FaultKind, Readonly<Record<string, Check>>>> = {
  status: { status: whole(100, 599), code: text, message: text, retryAfterSeconds: number(0) },
  reset: {},
  hang: {},
  empty: {},
  unreadable: { body: text },
  error_event: { after: whole(0), code: text, message: text },
  cut: { after: whole(0) },
  stall: { after: whole(0) },
  garbage: { after: whole(0) },
  slow: { factor: number(0), extraMs: number(0) },
  comments: {},
  no_done: {},
}

function isFaultKind(value: unknown): value is FaultKind {
  return typeof value === 'string' && Object.hasOwn(faultFields, value)
}

const fault: Check = (value, path) => {
  if (!isObject(value)) return `${path} must be an object`
  const { kind } = value
  if (!isFaultKind(kind)) return `${path}.kind must be one of ${Object.keys(faultFields).join(', ')}`
  const fields = { kind: text, share: number(0, 1), model: text, ...faultFields[kind] }
  return object(fields, kind === 'status' ? ['status'] : [])(value, path)
}

const reply = object({
  text,
  reasoning: text,
  redactedReasoning: text,
  refusal: text,
  toolCalls: listOf(object({ name: text, arguments: text }, ['name'])),
  finishReason: text,
  usage: object(
    {
      promptTokens: whole(0),
      completionTokens: whole(0),
      cachedTokens: whole(0),
      cacheWriteTokens: whole(0),
      reasoningTokens: whole(0),
    },
    ['promptTokens', 'completionTokens'],
  ),
})

const requestFields: Readonly<Record<string, Check>> = {
  models: nullable(listOf(text)),
  loadMs: number(0),
  firstContentMs: number(0),
  tokensPerSecond: nullable(number(0.001)),
  jitter: number(0, 1),
  chunks: nullable(whole(0, 100_000)),
  reply: nullable(reply),
  faults: listOf(fault),
}

const requestPatch = object(requestFields)

const behaviourPatch = object({
  ...requestFields,
  next: listOf(requestPatch),
  refuseConnections: (value, path) =>
    typeof value === 'boolean'
      ? null
      : number(0, 3_600_000)(value, path) && `${path} must be true, false or milliseconds`,
})

/** For the control endpoint: `refuseConnections: true` could not be taken back over HTTP, so it needs a time. */
export function readBehaviourPatch(value: unknown): PatchReading<BehaviourPatch> {
  if (!isBehaviourPatch(value)) return { problem: behaviourPatch(value, 'behaviour') ?? 'not a behaviour' }
  if (value.refuseConnections === true) {
    return {
      problem: 'behaviour.refuseConnections needs a number of milliseconds: a closed port cannot be told to open',
    }
  }
  return { patch: value }
}

export function readRequestPatch(value: unknown): PatchReading<RequestPatch> {
  if (!isRequestPatch(value)) return { problem: requestPatch(value, 'x-simulator') ?? 'not a behaviour' }
  return { patch: value }
}

// The tables of checks above mirror the types, which is what makes these two true.
function isBehaviourPatch(value: unknown): value is BehaviourPatch {
  return behaviourPatch(value, 'behaviour') === null
}

function isRequestPatch(value: unknown): value is RequestPatch {
  return requestPatch(value, 'x-simulator') === null
}
