/**
 * The conversation: who may say what after whom, and what belongs to what. Wordings from refusals that users reported
 * (google-gemini/gemini-cli issue 3814, lobehub and others, searched 2026-11-24).
 */
import type { Json, Turn } from '../answers/ask.ts'
import { isJson } from '../answers/ask.ts'
import type { ModelRules } from './models.ts'
import { Refused, wordsOf } from './shape.ts'
import { callMark, isOwn } from './signature.ts'

export interface Content {
  readonly role: 'user' | 'model'
  readonly parts: readonly Json[]
}

export function contentsOf(value: unknown): readonly Content[] {
  const contents = jsonIn(value).map(({ role = 'user', parts }) => {
    if (role !== 'user' && role !== 'model' && role !== 'function') {
      throw new Refused('Please use a valid role: user, model.')
    }
    return { role: role === 'model' ? ('model' as const) : ('user' as const), parts: jsonIn(parts) }
  })
  if (contents.length === 0) throw new Refused('* GenerateContentRequest.contents: contents is not specified')
  return contents
}

export function jsonIn(value: unknown): readonly Json[] {
  return (Array.isArray(value) ? value : []).filter(isJson)
}

const imageTypes = /^image\/(?:png|jpeg|webp|heic|heif)$/
const otherTypes = /^(?:application\/pdf|text\/[a-z-]+|audio\/[a-z0-9.+-]+|video\/[a-z0-9.+-]+)$/

/** Throws `Refused`. */
export function checkContents(contents: readonly Content[], rules: ModelRules, seed: number): void {
  for (const [at, { parts }] of contents.entries()) {
    const path = `GenerateContentRequest.contents[${at}].parts`
    if (parts.length === 0) throw new Refused(`* ${path}: contents.parts must not be empty.`)
    for (const [index, part] of parts.entries()) checkPart(part, `${path}[${index}]`)
  }
  checkCalls(contents)
  if (rules.signs) checkSignatures(contents, seed)
  const last = contents.at(-1)
  if (last?.role === 'model' && (!rules.prefill || callsIn(last).length > 0)) {
    throw new Refused('Requests ending with a model turn are not supported.')
  }
}

function checkPart(part: Json, path: string): void {
  const kinds = ['text', 'inlineData', 'fileData', 'functionCall', 'functionResponse', 'executableCode']
  if (!kinds.some((kind) => part[kind] !== undefined) && part['codeExecutionResult'] === undefined) {
    throw new Refused(`* ${path}.data: required oneof field 'data' must have one initialized field`)
  }
  if (part['text'] === '' && part['thoughtSignature'] === undefined) {
    throw new Refused(
      'Unable to submit request because it must have a text parameter. Add a text parameter and try again.',
    )
  }
  for (const medium of [part, ...jsonIn(isJson(part['functionResponse']) ? part['functionResponse']['parts'] : [])]) {
    for (const kind of ['inlineData', 'fileData']) {
      const given = medium[kind]
      if (!isJson(given)) continue
      const type = wordsOf(given['mimeType'])
      if (type.startsWith('image/') ? !imageTypes.test(type) : !otherTypes.test(type)) {
        throw new Refused(`Unsupported MIME type: ${type}`)
      }
    }
  }
  const uri = isJson(part['fileData']) ? wordsOf(part['fileData']['fileUri']) : null
  if (uri !== null && !/^(?:https|gs):\/\//.test(uri)) throw new Refused(`Invalid or unsupported file uri: ${uri}`)
}

function callsIn({ parts }: Content): readonly Json[] {
  return parts.map((part) => part['functionCall']).filter(isJson)
}

export function responsesIn({ parts }: Content): readonly Json[] {
  return parts.map((part) => part['functionResponse']).filter(isJson)
}

/** Results follow their calls at once, as many as there were, each with the name of its call in the same place. */
function checkCalls(contents: readonly Content[]): void {
  for (const [at, content] of contents.entries()) {
    const calls = callsIn(content)
    const next = contents[at + 1]
    if (calls.length > 0 && contents[at - 1]?.role !== 'user') {
      throw new Refused(
        'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
      )
    }
    const responses = next === undefined ? [] : responsesIn(next)
    if (next !== undefined && calls.length !== responses.length) {
      throw new Refused(
        'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
      )
    }
    for (const [index, call] of calls.entries()) {
      const response = responses[index]
      if (response === undefined) continue
      const isMeant = call['name'] === response['name'] && (call['id'] ?? null) === (response['id'] ?? null)
      if (!isMeant) throw new Refused(`Function response ${index} does not answer the call ${wordsOf(call['name'])}.`)
      if (!isJson(response['response'])) throw new Refused('function_response.response: a struct is required')
    }
  }
  if (contents[0] !== undefined && responsesIn(contents[0]).length > 0) {
    throw new Refused('Please ensure that function response turn comes immediately after a function call turn.')
  }
}

/** The first call of every step has its signature, and every signature belongs to what it stands on. */
function checkSignatures(contents: readonly Content[], seed: number): void {
  for (const { parts } of contents) {
    const calls = parts.filter((part) => isJson(part['functionCall']))
    for (const [index, part] of calls.entries()) {
      const call = isJson(part['functionCall']) ? part['functionCall'] : {}
      const signature = part['thoughtSignature']
      if (signature === undefined && index === 0) {
        throw new Refused(
          `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${wordsOf(call['name'])}\` , position ${index + 1}.`,
        )
      }
      const mark = callMark(wordsOf(call['name']), call['args'])
      if (signature !== undefined && !isOwn(seed, mark, wordsOf(signature)))
        throw new Refused('Corrupted thought signature.')
    }
    for (const { text, thoughtSignature: signature } of parts) {
      if (typeof text !== 'string' || signature === undefined) continue
      if (!isOwn(seed, 'text', wordsOf(signature))) throw new Refused('Corrupted thought signature.')
    }
  }
}

// ---- in no vendor's language ----

export function turnsOf(system: readonly Json[], contents: readonly Content[]): readonly Turn[] {
  const turns: Turn[] = system.map(({ text }) => ({ role: 'system', text: wordsOf(text) }))
  for (const content of contents) {
    for (const response of responsesIn(content)) {
      turns.push({
        role: 'tool',
        ...saidBy([{ text: resultText(response['response']) }, ...jsonIn(response['parts'])]),
      })
    }
    const said = content.parts.filter((part) => part['functionResponse'] === undefined && part['thought'] !== true)
    if (said.length > 0) turns.push({ role: content.role === 'model' ? 'assistant' : 'user', ...saidBy(said) })
  }
  return turns
}

/** Whatever key a caller puts the words under. */
function resultText(response: unknown): string {
  if (!isJson(response)) return ''
  const { output, result, content } = response
  const found = [output, result].find((value) => typeof value === 'string')
  if (typeof found === 'string') return found
  const texts = jsonIn(content).flatMap(({ text }) => (typeof text === 'string' ? [text] : []))
  return texts.length > 0 ? texts.join('\n') : JSON.stringify(response)
}

function saidBy(parts: readonly Json[]): Omit<Turn, 'role'> {
  let text = ''
  const images: string[] = []
  const documents: string[] = []
  for (const { text: words, inlineData, fileData } of parts) {
    if (typeof words === 'string') text += words
    for (const medium of [inlineData, fileData]) {
      if (!isJson(medium)) continue
      const source = wordsOf(medium['data'] ?? medium['fileUri'])
      if (wordsOf(medium['mimeType']).startsWith('image/')) images.push(source)
      else documents.push(source)
    }
  }
  return { text, images, documents }
}
