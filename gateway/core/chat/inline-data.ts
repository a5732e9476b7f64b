/** Files that stand in a request itself: `data:` URLs and bare base64, and what kind of file it really is. */
import { plainBase64 } from './base64.ts'

export interface InlineData {
  /** In lower case, without parameters. */
  readonly mediaType: string
  readonly base64: string
}

/** A `data:` URL, or bare base64 whose type shows in its first bytes or in the file's name. */
export function readFileData(value: string, filename: string | null): InlineData | null {
  if (value === '') return null
  const data = readDataUrl(value)
  if (data !== null) return data
  if (value.startsWith(pdfStart)) return { mediaType: 'application/pdf', base64: value }
  const ending = filename?.split('.').at(-1)?.toLowerCase() ?? ''
  const mediaType = typesByEnding.get(ending)
  return mediaType === undefined || value.includes(':') ? null : { mediaType, base64: value }
}

/** The head of a `data:` URL with base64; the data is what follows, however long it is. */
const dataUrlHead = /^data:([^;,]*)(?:;[^;,]*)*;base64,/i

export function readDataUrl(url: string): InlineData | null {
  const head = dataUrlHead.exec(url.slice(0, 200))
  if (head === null) return null
  return { mediaType: (head[1] ?? '').trim().toLowerCase(), base64: url.slice(head[0].length) }
}

// ---- images ----

/** The four that vendors read; `image/jpg` is what many call the first. */
const imageTypes: ReadonlyMap<string, string> = new Map([
  ['image/jpeg', 'image/jpeg'],
  ['image/jpg', 'image/jpeg'],
  ['image/png', 'image/png'],
  ['image/gif', 'image/gif'],
  ['image/webp', 'image/webp'],
])

/** How the four begin, in base64. */
const imageStarts: readonly (readonly [start: string, mediaType: string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
]

/**
 * A picture in plain base64, with the type its first bytes tell or else the one it was said to be: callers say one and
 * send another, which OpenAI does not mind and others refuse. Null where that is none of the four.
 */
export function readImage({ mediaType: said, base64 }: InlineData): InlineData | null {
  const known = imageTypes.get(said)
  if (known === undefined) return null
  const data = plainBase64(base64)
  return { mediaType: imageStarts.find(([start]) => data.startsWith(start))?.[1] ?? known, base64: data }
}

// ---- files ----

/** How a PDF begins, `%PDF-`, in base64. */
const pdfStart = 'JVBERi0'

const typesByEnding: ReadonlyMap<string, string> = new Map([
  ['pdf', 'application/pdf'],
  ['txt', 'text/plain'],
  ['md', 'text/markdown'],
  ['csv', 'text/csv'],
  ['html', 'text/html'],
  ['xml', 'application/xml'],
  ['json', 'application/json'],
  ['yaml', 'application/yaml'],
  ['yml', 'application/yaml'],
  ['doc', 'application/msword'],
  ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['xls', 'application/vnd.ms-excel'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
])

/** Media types of what is text, whatever it is written in. */
const textTypes = /^text\/|^application\/(?:json|xml|yaml|x-yaml|toml|javascript|x-ndjson)$/

/** A file's text; null when it is no text, or not UTF-8. */
export function readText({ mediaType, base64 }: InlineData): string | null {
  return textTypes.test(mediaType) ? decodeText(base64) : null
}

function decodeText(base64: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(plainBase64(base64)), (byte) => byte.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
