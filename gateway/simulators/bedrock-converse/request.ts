/** The shape of a Converse request: what the types of `@aws-sdk/client-bedrock-runtime` 3.1164.0 name (2026-11-24). */
import {
  anything,
  base64,
  dictionary,
  fields,
  filled,
  flag,
  integer,
  listOf,
  number,
  oneOf,
  pattern,
  text,
  union,
} from './shape.ts'
import type { Check } from './shape.ts'

const cachePoint = fields({ type: oneOf('default') }, { ttl: oneOf('5m', '1h') })
const s3Location = fields({ uri: text }, { bucketOwner: text })
const image = fields(
  { format: oneOf('png', 'jpeg', 'gif', 'webp'), source: union({ bytes: base64, s3Location }) },
  { error: dictionary },
)
const audioFormats = ['aac', 'flac', 'm4a', 'mka', 'mkv', 'mp3', 'mp4', 'mpeg', 'mpga', 'ogg', 'opus', 'pcm', 'wav']
const audio = fields({ format: oneOf(...audioFormats, 'webm', 'x-aac'), source: union({ bytes: base64, s3Location }) })
/** Letters, digits, single spaces, hyphens, parentheses and square brackets; recorded with an underscore as well. */
const documentName = pattern(/^[\w()[\]-]+(?:\s[\w()[\]-]+)*$/, 200)
const document = fields(
  { name: documentName, source: union({ bytes: base64, text: filled, s3Location, content: listOf(dictionary) }) },
  {
    format: oneOf('pdf', 'csv', 'doc', 'docx', 'xls', 'xlsx', 'html', 'txt', 'md'),
    context: text,
    citations: fields({ enabled: flag }),
  },
)
const toolName = pattern(/^[a-zA-Z0-9_-]+$/, 64)
const toolUseId = pattern(/^[a-zA-Z0-9_.:-]+$/, 64)
const toolResult = fields(
  { toolUseId, content: listOf(union({ text, json: dictionary, image, document, searchResult: dictionary })) },
  { status: oneOf('success', 'error'), type: text },
)
const toolUse = fields({ toolUseId, name: toolName, input: dictionary }, { type: oneOf('server_tool_use') })
const reasoningContent = union({
  reasoningText: fields({ text }, { signature: text }),
  redactedContent: base64,
})
const guardContent = union({ text: fields({ text }, { qualifiers: listOf(text) }), image: dictionary })

const block = union({
  text,
  image,
  audio,
  document,
  video: dictionary,
  toolUse,
  toolResult,
  reasoningContent,
  guardContent,
  cachePoint,
  citationsContent: fields({}, { content: listOf(dictionary), citations: listOf(dictionary) }),
  searchResult: dictionary,
})

const inputSchema: Check = (value, path) => {
  dictionary(value, path)
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
  oneOf('object')(type, `${path}.type`)
}
const toolSpec = fields(
  { name: toolName, inputSchema: union({ json: inputSchema }) },
  { description: filled, strict: flag },
)
const jsonSchema = fields({ schema: filled }, { name: filled, description: text })
const metadataText = pattern(/^[a-zA-Z0-9\s:_@$#=/+,.-]*$/, 256, 0)

const requestMetadata: Check = (value, path) => {
  dictionary(value, path)
  const pairs = typeof value === 'object' && value !== null ? Object.entries(value) : []
  for (const [key, item] of pairs) {
    metadataText(key, `${path}.key`)
    metadataText(item, `${path}.value`)
  }
}

export const converseRequest = fields(
  { messages: listOf(fields({ role: oneOf('user', 'assistant'), content: listOf(block) })) },
  {
    system: listOf(union({ text, cachePoint, guardContent })),
    inferenceConfig: fields(
      {},
      { maxTokens: integer(1), temperature: number(0, 1), topP: number(0, 1), stopSequences: listOf(filled) },
    ),
    toolConfig: fields(
      { tools: listOf(union({ toolSpec, cachePoint, systemTool: fields({ name: text }) }), 1) },
      { toolChoice: union({ auto: fields({}), any: fields({}), tool: fields({ name: toolName }) }) },
    ),
    guardrailConfig: fields(
      {},
      { guardrailIdentifier: text, guardrailVersion: text, trace: text, streamProcessingMode: text },
    ),
    additionalModelRequestFields: dictionary,
    additionalModelResponseFieldPaths: listOf(text),
    promptVariables: dictionary,
    requestMetadata,
    performanceConfig: fields({}, { latency: oneOf('standard', 'optimized') }),
    serviceTier: fields({ type: oneOf('default', 'flex', 'priority', 'reserved') }),
    outputConfig: fields(
      {},
      {
        textFormat: fields({ type: oneOf('json_schema'), structure: union({ jsonSchema }) }),
        effort: oneOf('low', 'medium', 'high', 'xhigh', 'max'),
      },
    ),
    modelId: anything,
  },
)
