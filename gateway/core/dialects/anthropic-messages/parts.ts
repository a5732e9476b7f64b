/** Parts of a message as content blocks: text, images and documents. */
import type { RequestContentPart, RequestMessage } from '../../../../schemas/index.ts'
import { plainBase64 } from '../../chat/base64.ts'
import { isRecord, textOf } from '../../chat/loose.ts'
import type { EncodeNotes } from './notes.ts'

/** A content block on its way out; what may stand in it differs by its type. */
export type Block = Record<string, unknown>

/**
 * The blocks of a message's content. Texts of nothing but white space are left out: the API refuses them ("text content
 * blocks must contain non-whitespace text") and they say nothing. `place` is where the message stands, for errors.
 */
export function encodeContent(content: RequestMessage['content'], place: string, notes: EncodeNotes): Block[] {
  if (typeof content === 'string') return textBlocks(content)
  const blocks: Block[] = []
  for (const [index, part] of (content ?? []).entries()) {
    const encoded = encodePart(part, { place: `${place}.content[${index}]`, notes })
    if (encoded === null) continue
    blocks.push(withMark(encoded, part['cache_control']))
  }
  return blocks
}

export function textBlocks(text: string): Block[] {
  return isBlank(text) ? [] : [{ type: 'text', text }]
}

export function isBlank(text: string): boolean {
  return text.trim() === ''
}

/** `cache_control` is this language's own mark, so it is carried as it stands. */
export function withMark(block: Block, mark: unknown): Block {
  return isRecord(mark) ? { ...block, cache_control: mark } : block
}

interface Where {
  readonly place: string
  readonly notes: EncodeNotes
}

function encodePart(part: RequestContentPart, where: Where): Block | null {
  switch (part.type) {
    case 'text':
      return isBlank(part.text ?? '') ? null : { type: 'text', text: part.text }
    case 'refusal':
      return isBlank(part.refusal ?? '') ? null : { type: 'text', text: part.refusal }
    case 'image_url':
      return encodeImage(part.image_url?.url ?? '', where)
    case 'file':
      return encodeFile(part.file ?? {}, where)
    default:
      where.notes.refuse(where.place, `parts of type "${part.type}" have no place here`)
      return null
  }
}

// ---- images ----

/** The four that are read (types of the client, 2026-11-23); `image/jpg` is what many call the first. */
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

/** "Only HTTPS URLs are supported." (the API's error, checked 2026-11-23). */
function encodeImage(url: string, { place, notes }: Where): Block | null {
  if (/^https:\/\//i.test(url)) return { type: 'image', source: { type: 'url', url } }
  const data = readDataUrl(url)
  const mediaType = imageTypes.get(data?.mediaType ?? '')
  if (data !== null && mediaType !== undefined) return imageBlock(mediaType, data.base64)
  notes.refuse(place, 'images are read from an https address, or from base64 data in JPEG, PNG, GIF or WebP')
  return null
}

/**
 * Callers say one type and send another, which OpenAI does not mind and this API refuses ("The image was specified
 * using the image/jpeg media type, but the image appears to be a image/png image", checked 2026-11-23).
 */
function imageBlock(said: string, base64: string): Block {
  const data = plainBase64(base64)
  const seen = imageStarts.find(([start]) => data.startsWith(start))
  return base64Block('image', seen?.[1] ?? said, data)
}

function base64Block(type: 'image' | 'document', mediaType: string, data: string): Block {
  return { type, source: { type: 'base64', media_type: mediaType, data } }
}

// ---- documents ----

/** How a PDF begins, `%PDF-`, in base64. */
const pdfStart = 'JVBERi0'

/** Media types of texts; the API takes them as plain text. */
const textTypes = /^text\/|^application\/(?:json|xml|yaml|x-yaml|toml|javascript|x-ndjson)$/

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
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
])

function encodeFile(file: NonNullable<RequestContentPart['file']>, { place, notes }: Where): Block | null {
  const filename = textOf(file.filename)
  const data = readFileData(file.file_data ?? '', filename)
  if (data !== null) {
    const block = documentBlock(data)
    if (block !== null) return block['type'] === 'document' && filename !== null ? { ...block, title: filename } : block
  }
  notes.refuse(place, 'files are read from base64 data: PDF, plain text, or an image in JPEG, PNG, GIF or WebP')
  return null
}

function documentBlock({ mediaType, base64 }: InlineData): Block | null {
  if (mediaType === 'application/pdf') return base64Block('document', mediaType, plainBase64(base64))
  const imageType = imageTypes.get(mediaType)
  if (imageType !== undefined) return imageBlock(imageType, base64)
  if (!textTypes.test(mediaType)) return null
  const text = decodeText(base64)
  return text === null ? null : { type: 'document', source: { type: 'text', media_type: 'text/plain', data: text } }
}

interface InlineData {
  /** In lower case, without parameters. */
  readonly mediaType: string
  readonly base64: string
}

/** A `data:` URL, or bare base64 whose type shows in its first bytes or in the file's name. */
function readFileData(value: string, filename: string | null): InlineData | null {
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

function readDataUrl(url: string): InlineData | null {
  const head = dataUrlHead.exec(url.slice(0, 200))
  if (head === null) return null
  return { mediaType: (head[1] ?? '').trim().toLowerCase(), base64: url.slice(head[0].length) }
}

/** Null when it is not base64 of UTF-8. */
function decodeText(base64: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(plainBase64(base64)), (byte) => byte.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
