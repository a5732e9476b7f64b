/** What an answer rests on: pages and places that were searched, and passages it quotes. */
import type { Annotation, Citation } from '../../../../schemas/index.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { countOf, isRecord, recordOf, textOf } from '../../chat/loose.ts'

/**
 * Gathers the sources of one candidate: all of them as the provider gives them, each once, and those of web pages in
 * OpenAI's shape as well, with the place of the text they stand for. Events of a stream may tell the same ones again.
 */
export class Sources {
  readonly citations: Citation[] = []
  private readonly known = new Set<string>()
  private chunks: readonly LooseRecord[] = []
  private supports: readonly LooseRecord[] = []

  take(candidate: LooseRecord): void {
    const { citationMetadata, groundingMetadata, urlContextMetadata } = candidate
    if (isRecord(citationMetadata)) {
      // The Gemini API and Vertex AI have their own name for it each (recorded).
      for (const one of recordsIn(citationMetadata, 'citations')) this.keep(one)
      for (const one of recordsIn(citationMetadata, 'citationSources')) this.keep(one)
    }
    if (isRecord(groundingMetadata)) {
      const chunks = recordsIn(groundingMetadata, 'groundingChunks')
      const supports = recordsIn(groundingMetadata, 'groundingSupports')
      for (const one of chunks) this.keep(one)
      if (chunks.length > 0) this.chunks = chunks
      if (supports.length > 0) this.supports = supports
    }
    if (isRecord(urlContextMetadata)) for (const one of recordsIn(urlContextMetadata, 'urlMetadata')) this.keep(one)
  }

  private keep(source: LooseRecord): void {
    const written = JSON.stringify(source)
    if (this.known.has(written)) return
    this.known.add(written)
    this.citations.push(source)
  }

  /** `text` is the whole answer's. Places are in UTF-16 units; the provider counts bytes. */
  annotations(text: string): Annotation[] {
    if (this.supports.length === 0) return []
    const place = placesIn(text)
    return this.supports.flatMap((support) => {
      const segment = recordOf(support['segment']) ?? {}
      const { start, end } = place(segment)
      return this.pagesOf(support).map(({ url, title }): Annotation => {
        return { type: 'url_citation', url_citation: { start_index: start, end_index: end, url, title } }
      })
    })
  }

  private pagesOf({ groundingChunkIndices: indices }: LooseRecord): { url: string; title: string }[] {
    return (Array.isArray(indices) ? indices : []).flatMap((index: unknown) => {
      const chunk = typeof index === 'number' ? this.chunks[index] : undefined
      const page = recordOf(chunk?.['web']) ?? recordOf(chunk?.['maps'])
      const url = webAddress(page?.['uri'])
      return url === null ? [] : [{ url, title: textOf(page?.['title']) ?? '' }]
    })
  }
}

function recordsIn(source: LooseRecord, key: string): LooseRecord[] {
  const list = source[key]
  return Array.isArray(list) ? list.filter(isRecord) : []
}

/** Where the bytes that a segment names begin and end; its own words decide where the numbers do not fit them. */
function placesIn(text: string): (segment: LooseRecord) => { start: number; end: number } {
  const bytes = new TextEncoder().encode(text)
  const units = unitsIn(bytes)
  const unitsBefore = (byte: number): number => units[Math.min(byte, bytes.length)] ?? 0
  return ({ startIndex, endIndex, text: said }) => {
    const start = unitsBefore(countOf(startIndex) ?? 0)
    const end = Math.max(start, unitsBefore(countOf(endIndex) ?? bytes.length))
    const found = typeof said === 'string' && said !== '' && text.slice(start, end) !== said ? text.indexOf(said) : -1
    return found === -1 ? { start, end } : { start: found, end: found + String(said).length }
  }
}

/** For every byte and the end: how many UTF-16 units of whole characters begin before it. Read once: supports are many. */
function unitsIn(bytes: Uint8Array): Uint32Array {
  const units = new Uint32Array(bytes.length + 1)
  let count = 0
  for (const [at, byte] of bytes.entries()) {
    units[at] = count
    // Bytes that go on with a character count nothing; four bytes are a pair of units.
    if ((byte & 0xc0) !== 0x80) count += byte >= 0xf0 ? 2 : 1
  }
  units[bytes.length] = count
  return units
}

/** Percent-encoded, as the schema wants it (`UrlCitation.url`); null for what is no web address. */
const address =
  /^https?:\/\/[A-Za-z0-9.-]+(?::\d+)?(?:\/(?:[\w.~!$&'()*+,;=:@-]|%[\dA-Fa-f]{2})*)*(?:\?(?:[\w.~!$&'()*+,;=:@/?-]|%[\dA-Fa-f]{2})*)?(?:#(?:[\w.~!$&'()*+,;=:@/?-]|%[\dA-Fa-f]{2})*)?$/

function webAddress(url: unknown): string | null {
  if (typeof url !== 'string' || !URL.canParse(url)) return null
  const { href } = new URL(url)
  return address.test(href) ? href : null
}
