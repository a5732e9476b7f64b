/**
 * The shape of `POST /v1/messages`: what the reference and the types of `@anthropic-ai/sdk` 1.12 name (2026-11-20). The
 * two API versions differ in what they take (pages "Versions" and "Migrating to API version 2026-10-21", read
 * 2026-11-23): the newer one has no sampling parameters, not even at their defaults.
 */
import type { Check } from './shape.ts'
import {
  anything,
  dictionary,
  fields,
  flag,
  integer,
  listOf,
  nullable,
  number,
  oneOf,
  pattern,
  refuse,
  tagged,
  text,
  textOr,
} from './shape.ts'
import { isJson } from '../answers/ask.ts'

const type = anything
const cacheControl = nullable(tagged({ ephemeral: fields({ type }, { ttl: oneOf('5m', '1h') }) }))
const citations = nullable(fields({}, { enabled: flag }))
const marked = { cache_control: cacheControl }
const id = pattern(/^[a-zA-Z0-9_-]+$/)

const base64: Check = (value, path) => {
  text(value, path)
  const data = String(value)
  if (data === '' || data.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) refuse(path, 'Invalid base64 data')
}

const https: Check = (value, path) => {
  text(value, path)
  if (!String(value).startsWith('https://')) refuse(path, 'Only HTTPS URLs are supported.')
}

/** How the base64 of a picture begins. */
const pictureStarts = {
  'image/png': 'iVBORw0KGgo',
  'image/jpeg': '/9j/',
  'image/gif': 'R0lGOD',
  'image/webp': 'UklGR',
} as const

const picture: Check = (value, path) => {
  fields({ type, media_type: oneOf(...Object.keys(pictureStarts)), data: base64 })(value, path)
  if (!isJson(value)) return
  const given = String(value['media_type'])
  const found = Object.entries(pictureStarts).find(([, start]) => String(value['data']).startsWith(start))?.[0]
  if (found === undefined || found === given) return
  refuse(
    `${path}.data`,
    `The image was specified using the ${given} media type, but the image appears to be a ${found} image`,
  )
}

const file = fields({ type, file_id: text })
const textBlock = fields({ type, text }, { ...marked, citations: nullable(listOf(dictionary)) })
const image = fields(
  { type, source: tagged({ base64: picture, url: fields({ type, url: https }), file }) },
  { ...marked, transformations: nullable(dictionary) },
)
const documentSource = tagged({
  base64: fields({ type, media_type: oneOf('application/pdf'), data: base64 }),
  text: fields({ type, media_type: oneOf('text/plain'), data: text }),
  url: fields({ type, url: https }),
  content: fields({ type, content: textOr(listOf(tagged({ text: textBlock, image }))) }),
  file,
})
const document = fields(
  { type, source: documentSource },
  { ...marked, citations, context: nullable(text), title: nullable(text) },
)
const searchResult = fields(
  { type, content: listOf(tagged({ text: textBlock })), source: text, title: text },
  { ...marked, citations },
)
const toolUse = fields({ type, id, name: text, input: dictionary }, { ...marked, caller: dictionary })
const toolResult = fields(
  { type, tool_use_id: id },
  {
    ...marked,
    content: textOr(listOf(tagged({ text: textBlock, image, document, search_result: searchResult }))),
    is_error: flag,
  },
)

const content = textOr(
  listOf(
    tagged({
      text: textBlock,
      image,
      document,
      search_result: searchResult,
      tool_use: toolUse,
      tool_result: toolResult,
      thinking: fields({ type, thinking: text, signature: text }),
      redacted_thinking: fields({ type, data: text }),
    }),
  ),
)

/** At the top level only (https://github.com/anthropics/claude-code/issues/79418, read 2026-11-23). */
const propertyKey = /^[a-zA-Z0-9_.-]{1,64}$/

const inputSchema: Check = (value, path) => {
  dictionary(value, path)
  if (!isJson(value)) return
  if (!('type' in value)) refuse(`${path}.type`, 'Field required')
  oneOf('object')(value['type'], `${path}.type`)
  if (['oneOf', 'allOf', 'anyOf'].some((key) => key in value)) {
    refuse(path, 'input_schema does not support oneOf, allOf, or anyOf at the top level')
  }
  const names = isJson(value['properties']) ? Object.keys(value['properties']) : []
  if (!names.every((name) => propertyKey.test(name))) {
    refuse(`${path}.properties`, `Property keys should match pattern '${propertyKey.source}'`)
  }
}

const customTool = fields(
  { name: pattern(/^[a-zA-Z0-9_-]{1,128}$/), input_schema: inputSchema },
  {
    ...marked,
    type: nullable(oneOf('custom')),
    description: text,
    strict: flag,
    defer_loading: flag,
    eager_input_streaming: nullable(flag),
    input_examples: listOf(dictionary),
    allowed_callers: listOf(text),
  },
)

/** The vendor's own tools carry a date in their type; this simulator takes them and never runs one. */
const tool: Check = (value, path) => {
  const kind = isJson(value) ? value['type'] : undefined
  if (typeof kind === 'string' && /_\d{8}$/.test(kind)) return
  customTool(value, `${path}.custom`)
}

const parallel = { disable_parallel_tool_use: flag }
const display = { display: nullable(oneOf('summarized', 'omitted')) }

export const outputFormat = nullable(tagged({ json_schema: fields({ type, schema: dictionary }) }))

const optional = {
  cache_control: cacheControl,
  container: anything,
  diagnostics: nullable(dictionary),
  inference_geo: nullable(text),
  metadata: fields({}, { user_id: nullable(text) }),
  output_config: fields({}, { effort: nullable(oneOf('low', 'medium', 'high', 'xhigh', 'max')), format: outputFormat }),
  service_tier: oneOf('auto', 'standard_only'),
  speed: nullable(oneOf('standard', 'fast')),
  stop_sequences: listOf(text),
  stream: flag,
  system: textOr(listOf(tagged({ text: textBlock }))),
  thinking: tagged({
    enabled: fields({ type, budget_tokens: integer(1_024) }, display),
    disabled: fields({ type }),
    adaptive: fields({ type }, display),
    between_tools: fields({ type }),
  }),
  tool_choice: tagged({
    auto: fields({ type }, parallel),
    any: fields({ type }, parallel),
    tool: fields({ type, name: text }, parallel),
    none: fields({ type }),
  }),
  tools: listOf(tool),
}

const required = {
  model: text,
  max_tokens: integer(0),
  messages: listOf(fields({ role: oneOf('user', 'assistant', 'system'), content })),
}

const sampling = { temperature: number(0, 1), top_k: integer(0), top_p: number(0, 1) }

export const versions = ['2023-06-01', '2026-10-21'] as const
export type Version = (typeof versions)[number]

/** With the header `anthropic-beta: structured-outputs-2025-11-13` the format may stand at the top (recorded 2025-11). */
export function messagesRequest(version: Version, hasBetaFormat: boolean): Check {
  const older = version === '2023-06-01' ? sampling : {}
  return fields(required, { ...optional, ...older, ...(hasBetaFormat ? { output_format: outputFormat } : {}) })
}
