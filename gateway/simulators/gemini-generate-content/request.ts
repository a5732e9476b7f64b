/** The shape of a request: the messages of the API's reference, with what its client's types add (2.32.0, 2026-11-24). */
import type { Json } from '../answers/ask.ts'
import { isJson } from '../answers/ask.ts'
import type { Reader } from './shape.ts'
import {
  Refused,
  anything,
  bytes,
  flag,
  integer,
  later,
  listOf,
  long,
  mapOf,
  message,
  number,
  struct,
  text,
  wordOf,
} from './shape.ts'

// ---- contents ----

const blob = message({ mimeType: text, data: bytes, displayName: text })
const file = message({ mimeType: text, fileUri: text, displayName: text })

const part = message({
  text,
  thought: flag,
  thoughtSignature: bytes,
  inlineData: blob,
  fileData: file,
  functionCall: message({ id: text, name: text, args: struct }),
  functionResponse: message({
    id: text,
    name: text,
    response: struct,
    parts: listOf(message({ inlineData: blob, fileData: file })),
    willContinue: flag,
    scheduling: text,
  }),
  executableCode: struct,
  codeExecutionResult: struct,
  videoMetadata: struct,
  mediaResolution: struct,
  partMetadata: struct,
})

const content = message({ role: text, parts: listOf(part) })

// ---- schemas ----

const types = ['TYPE_UNSPECIFIED', 'STRING', 'NUMBER', 'INTEGER', 'BOOLEAN', 'ARRAY', 'OBJECT', 'NULL']

/** A subset of OpenAPI's, as a message: what is not in it is refused. */
const schema: Reader = message({
  type: wordOf(...types),
  format: text,
  title: text,
  description: text,
  nullable: flag,
  enum: listOf(text),
  maxItems: long,
  minItems: long,
  properties: mapOf(later(() => schema)),
  required: listOf(text),
  minProperties: long,
  maxProperties: long,
  minLength: long,
  maxLength: long,
  pattern: text,
  example: anything,
  anyOf: listOf(later(() => schema)),
  propertyOrdering: listOf(text),
  default: anything,
  items: later(() => schema),
  minimum: number,
  maximum: number,
})

/** JSON Schema is a value, not a message: keywords nobody knows are passed over, known ones are read. */
const jsonSchema: Reader = (value, path) => {
  if (!isJson(value)) throw new Refused(`Invalid value at '${path}': a schema must be an object`)
  const keys = Object.keys(value).filter((key) => !key.startsWith('$'))
  if (value['$ref'] !== undefined && keys.length > 0) {
    throw new Refused(`Invalid value at '${path}': a schema with $ref may have no other property, such as ${keys[0]}`)
  }
  const { type, properties, items, anyOf, $defs } = value
  const isType = (one: unknown) => typeof one === 'string' && types.includes(one.toUpperCase())
  if (type !== undefined && !(Array.isArray(type) ? type.every(isType) : isType(type))) {
    throw new Refused(`Invalid value at '${path}.type': ${JSON.stringify(type)} is no type`)
  }
  for (const [key, named] of Object.entries({ properties, $defs })) {
    if (named !== undefined) mapOf(jsonSchema)(named, `${path}.${key}`)
  }
  if (items !== undefined) jsonSchema(items, `${path}.items`)
  if (anyOf !== undefined) listOf(jsonSchema)(anyOf, `${path}.anyOf`)
  return value
}

// ---- tools ----

const declaration = message({
  name: text,
  description: text,
  parameters: schema,
  parametersJsonSchema: jsonSchema,
  response: schema,
  responseJsonSchema: jsonSchema,
  behavior: text,
})

const tool = message({
  functionDeclarations: listOf(declaration),
  googleSearch: struct,
  googleSearchRetrieval: struct,
  googleMaps: struct,
  codeExecution: struct,
  computerUse: struct,
  enterpriseWebSearch: struct,
  fileSearch: struct,
  urlContext: struct,
  retrieval: struct,
})

const toolConfig = message({
  functionCallingConfig: message({
    mode: wordOf('MODE_UNSPECIFIED', 'AUTO', 'ANY', 'NONE', 'VALIDATED'),
    allowedFunctionNames: listOf(text),
    streamFunctionCallArguments: flag,
  }),
  retrievalConfig: struct,
  includeServerSideToolInvocations: flag,
})

// ---- the whole ----

const generationConfig = message({
  temperature: number,
  topP: number,
  topK: number,
  candidateCount: integer,
  maxOutputTokens: integer,
  stopSequences: listOf(text),
  responseMimeType: text,
  responseSchema: schema,
  responseJsonSchema: jsonSchema,
  responseModalities: listOf(text),
  presencePenalty: number,
  frequencyPenalty: number,
  seed: integer,
  responseLogprobs: flag,
  logprobs: integer,
  thinkingConfig: message({
    includeThoughts: flag,
    thinkingBudget: integer,
    thinkingLevel: wordOf('THINKING_LEVEL_UNSPECIFIED', 'MINIMAL', 'LOW', 'MEDIUM', 'HIGH'),
  }),
  mediaResolution: text,
  speechConfig: struct,
  imageConfig: struct,
  enableEnhancedCivicAnswers: flag,
})

const request = message({
  model: text,
  contents: listOf(content),
  systemInstruction: content,
  tools: listOf(tool),
  toolConfig,
  safetySettings: listOf(message({ category: text, threshold: text, method: text })),
  generationConfig,
  cachedContent: text,
  labels: mapOf(text),
  serviceTier: text,
})

/** Throws `Refused`. */
export function readRequest(body: unknown): Json {
  const read = request(body, '')
  return isJson(read) ? read : {}
}
