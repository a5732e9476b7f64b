/** The parts of a message or delta, wherever vendors put them. Shared by whole replies and streams. */
import type { Annotation, AudioDelta, Citation, Logprobs, TokenLogprob, TopLogprob } from '../../../../schemas/index.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord, textOf } from '../../chat/loose.ts'

// ---- text and reasoning ----

/** One piece of content that came as an array of parts. */
export interface ContentPart {
  readonly kind: 'text' | 'reasoning'
  readonly text: string
}

/**
 * Content as an array of typed parts (read in recordings, 2026-11-23): `{type: 'text', text}` and
 * `{type: 'thinking', thinking: [{type: 'text', text}]}`. Parts of other types carry no text and are passed over.
 */
export function readContentParts(parts: readonly unknown[]): ContentPart[] {
  const read: ContentPart[] = []
  for (const part of parts) {
    if (typeof part === 'string') read.push({ kind: 'text', text: part })
    if (!isRecord(part)) continue
    if (part['type'] === 'thinking') read.push({ kind: 'reasoning', text: plainText(part['thinking']) })
    else if (typeof part['text'] === 'string') read.push({ kind: 'text', text: part['text'] })
  }
  return read.filter((part) => part.text !== '')
}

/** Reasoning text beside the content, under any of its three names; empty when there is none. */
export function readReasoning(source: LooseRecord): string {
  return textOf(source['reasoning_content']) ?? textOf(source['reasoning']) ?? textOf(source['reasoning_text']) ?? ''
}

function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return ''
  return value.map((part) => (isRecord(part) && typeof part['text'] === 'string' ? part['text'] : '')).join('')
}

// ---- extras ----

/** As the schema has it: what a URL reader will take. */
const absoluteUri = /^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~!$&'()*+,;=:@/?#-]|%[0-9A-Fa-f]{2})+$/

/** Annotations in OpenAI's shape; those of another shape are left out. Null when the list itself is missing. */
export function readAnnotations(value: unknown): Annotation[] | null {
  if (!Array.isArray(value)) return null
  const annotations: Annotation[] = []
  for (const one of value) {
    const citation = isRecord(one) && one['type'] === 'url_citation' ? one['url_citation'] : null
    if (!isRecord(citation)) continue
    const { start_index: start, end_index: end, url, title } = citation
    if (!isIndex(start) || !isIndex(end) || typeof url !== 'string' || !absoluteUri.test(url)) continue
    const named = typeof title === 'string' ? title : ''
    annotations.push({ type: 'url_citation', url_citation: { start_index: start, end_index: end, url, title: named } })
  }
  return annotations
}

/**
 * What the answer rests on, for vendors that search the web: `search_results` holds an object for each URL that
 * `citations` lists, in the same order (seven of seven recordings, 2026-11-23), so it is preferred where it is there.
 */
export function readCitations(...sources: readonly LooseRecord[]): Citation[] | null {
  for (const field of ['search_results', 'citations']) {
    for (const source of sources) {
      const value = source[field]
      if (!Array.isArray(value)) continue
      const citations = value.filter((one): one is Citation => typeof one === 'string' || isRecord(one))
      if (citations.length > 0) return citations
    }
  }
  return null
}

/** A piece of an answer in sound; null when it holds nothing. */
export function readAudioPiece(value: unknown): AudioDelta | null {
  if (!isRecord(value)) return null
  const piece: AudioDelta = {}
  for (const name of ['id', 'data', 'transcript'] as const) {
    const told = textOf(value[name])
    if (told !== null) piece[name] = told
  }
  if (isIndex(value['expires_at'])) piece.expires_at = value['expires_at']
  return Object.keys(piece).length === 0 ? null : piece
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

// ---- log probabilities ----

/** OpenAI's shape, filled where a vendor leaves fields out; null for none and for other shapes. */
export function readLogprobs(value: unknown): Logprobs | null {
  if (!isRecord(value)) return null
  const content = readTokens(value['content'])
  const refusal = readTokens(value['refusal'])
  return content === null && refusal === null ? null : { content, refusal }
}

function readTokens(value: unknown): TokenLogprob[] | null {
  if (!Array.isArray(value)) return null
  const tokens: TokenLogprob[] = []
  for (const one of value) {
    const token = readToken(one)
    if (token === null) return null
    const alternatives = isRecord(one) && Array.isArray(one['top_logprobs']) ? one['top_logprobs'] : []
    tokens.push({ ...token, top_logprobs: alternatives.map(readToken).filter((other) => other !== null) })
  }
  return tokens
}

function readToken(value: unknown): TopLogprob | null {
  if (!isRecord(value)) return null
  const { token, logprob, bytes } = value
  if (typeof token !== 'string' || typeof logprob !== 'number') return null
  return { token, logprob, bytes: isBytes(bytes) ? bytes : null }
}

function isBytes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((byte) => Number.isSafeInteger(byte))
}
