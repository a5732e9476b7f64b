/**
 * Checks a request's shape as the server's own decoding does: it is written in Go, so a wrong type is an error, `null`
 * stands for nothing anywhere, and a name it does not know is passed over. Types from `api/types.go` of ollama/ollama
 * and `contracts/ollama.openapi.yaml`, read 2026-11-23.
 */
import type { Json } from '../answers/ask.ts'
import { isJson } from '../answers/ask.ts'

/** What the server would answer with this status. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Throws `Refused`. `path` is the field's, as Go names it. */
type Check = (value: unknown, path: string) => void

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

function of(goType: string, fits: (value: unknown) => boolean): Check {
  return (value, path) => {
    if (value === null || value === undefined || fits(value)) return
    throw new Refused(400, `json: cannot unmarshal ${kindOf(value)} into Go struct field ${path} of type ${goType}`)
  }
}

const text = of('string', (value) => typeof value === 'string')
const flag = of('bool', (value) => typeof value === 'boolean')
const integer = of('int', Number.isInteger)
const map = of('map[string]interface {}', isJson)
const anything: Check = () => {}

function listOf(goType: string, check: Check): Check {
  return (value, path) => {
    of(goType, Array.isArray)(value, path)
    if (Array.isArray(value)) for (const item of value) check(item, path)
  }
}

function struct(goType: string, fields: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    of(goType, isJson)(value, path)
    if (!isJson(value)) return
    for (const [key, check] of Object.entries(fields)) check(value[key], `${path}.${key}`)
  }
}

const propertyType: Check = (value, path) => {
  if (typeof value !== 'string') listOf('string', text)(value, path)
}

const property: Check = (value, path) => struct('api.ToolProperty', propertyFields)(value, path)

const properties: Check = (value, path) => {
  of('map[string]api.ToolProperty', isJson)(value, path)
  if (isJson(value)) for (const item of Object.values(value)) property(item, path)
}

const propertyFields: Readonly<Record<string, Check>> = {
  anyOf: listOf('[]api.ToolProperty', property),
  type: propertyType,
  description: text,
  enum: listOf('[]interface {}', anything),
  properties,
}

const tool = struct('api.Tool', {
  type: text,
  function: struct('api.ToolFunction', {
    name: text,
    description: text,
    parameters: struct('api.ToolFunctionParameters', {
      type: text,
      required: listOf('[]string', text),
      properties,
    }),
  }),
})

/** Where the first character stands that no base64 has; the padding is looked at too. */
const image: Check = (value, path) => {
  text(value, path)
  if (typeof value !== 'string') return
  const data = value.replaceAll(/[\r\n]/g, '')
  const end = data.search(/[^A-Za-z0-9+/]|$/)
  if (/^={0,2}$/.test(data.slice(end)) && data.length % 4 === 0) return
  throw new Refused(400, `illegal base64 data at input byte ${end}`)
}

const message = struct('api.Message', {
  role: text,
  content: text,
  thinking: text,
  images: listOf('[]api.ImageData', image),
  tool_calls: listOf(
    '[]api.ToolCall',
    struct('api.ToolCall', {
      id: text,
      function: struct('api.ToolCallFunction', { index: integer, name: text, arguments: map }),
    }),
  ),
  tool_name: text,
  tool_call_id: text,
})

const chatRequest = struct('api.ChatRequest', {
  model: text,
  messages: listOf('[]api.Message', message),
  stream: flag,
  format: anything,
  keep_alive: anything,
  tools: listOf('api.Tools', tool),
  options: map,
  truncate: flag,
  shift: flag,
  logprobs: flag,
  top_logprobs: integer,
})

export function checkChatRequest(body: unknown): asserts body is Json {
  chatRequest(body, 'ChatRequest')
}

/** The Go types of the options there are. */
const optionTypes: ReadonlyMap<string, 'integer' | 'float32' | 'boolean' | 'array'> = new Map([
  ['num_keep', 'integer'],
  ['seed', 'integer'],
  ['num_predict', 'integer'],
  ['top_k', 'integer'],
  ['repeat_last_n', 'integer'],
  ['num_ctx', 'integer'],
  ['num_batch', 'integer'],
  ['num_gpu', 'integer'],
  ['main_gpu', 'integer'],
  ['num_thread', 'integer'],
  ['top_p', 'float32'],
  ['min_p', 'float32'],
  ['typical_p', 'float32'],
  ['temperature', 'float32'],
  ['repeat_penalty', 'float32'],
  ['presence_penalty', 'float32'],
  ['frequency_penalty', 'float32'],
  ['use_mmap', 'boolean'],
  ['stop', 'array'],
] as const)

/** An option of the wrong type fails when the model is scheduled, which is a 500; an unknown one is only logged. */
export function checkOptions(options: Json): void {
  for (const [name, value] of Object.entries(options)) {
    const type = optionTypes.get(name)
    if (type === undefined || value === null) continue
    const given = Array.isArray(value) ? 'array' : typeof value
    // JSON knows one kind of number; what is behind the point of an integer is cut off.
    const wanted = type === 'integer' || type === 'float32' ? 'number' : type
    if (given !== wanted) refuseOption(name, `of type ${type}`)
    if (Array.isArray(value) && value.some((item) => typeof item !== 'string')) {
      refuseOption(name, 'of an array of strings')
    }
  }
}

function refuseOption(name: string, what: string): never {
  throw new Refused(500, `option "${name}" must be ${what}`)
}

const levels = new Set(['low', 'medium', 'high', 'max'])

export function readThink(value: unknown): 'asked' | 'allowed' | 'off' {
  if (value === undefined || value === null) return 'allowed'
  if (typeof value === 'boolean') return value ? 'asked' : 'off'
  const accepted = '"high", "medium", "low", "max", true, or false'
  if (typeof value !== 'string') throw new Refused(400, `think must be a boolean or string (${accepted})`)
  if (!levels.has(value)) throw new Refused(400, `invalid think value: "${value}" (must be ${accepted})`)
  return 'asked'
}
