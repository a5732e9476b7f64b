/** Parts of a message: text, and media as data or as an address. */
import type { RequestContentPart, RequestMessage } from '../../../../schemas/index.ts'
import { plainBase64 } from '../../chat/base64.ts'
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import { textOf } from '../../chat/loose.ts'

/** A part on its way out; what may stand in it differs by its kind. */
export type Part = Record<string, unknown>

/** The parts of a message's content. Empty texts are left out: the API refuses them, and they say nothing. */
export function encodeContent(content: RequestMessage['content'], place: string, notes: EncodeNotes): Part[] {
  if (typeof content === 'string') return textParts(content)
  const parts: Part[] = []
  for (const [index, part] of (content ?? []).entries()) {
    const encoded = encodePart(part, { place: `${place}.content[${index}]`, notes })
    if (encoded !== null) parts.push(encoded)
  }
  return parts
}

export function textParts(text: string): Part[] {
  return text === '' ? [] : [{ text }]
}

interface Where {
  readonly place: string
  readonly notes: EncodeNotes
}

function encodePart(part: RequestContentPart, where: Where): Part | null {
  switch (part.type) {
    case 'text':
      return textParts(part.text ?? '')[0] ?? null
    case 'refusal':
      return textParts(part.refusal ?? '')[0] ?? null
    case 'image_url':
      return encodeImage(part.image_url?.url ?? '', where)
    case 'input_audio':
      return encodeSound(part.input_audio ?? { data: '', format: '' }, where)
    case 'file':
      return encodeFile(part.file ?? {}, where)
    default:
      where.notes.refuse(where.place, `parts of type "${part.type}" have no place here`)
      return null
  }
}

// ---- media types ----

/** What is read (https://ai.google.dev/gemini-api/docs/file-input-methods, 2026-11-24), and what others call it. */
const imageTypes: ReadonlyMap<string, string> = new Map([
  ['image/png', 'image/png'],
  ['image/jpeg', 'image/jpeg'],
  ['image/jpg', 'image/jpeg'],
  ['image/webp', 'image/webp'],
  ['image/heic', 'image/heic'],
  ['image/heif', 'image/heif'],
])

/** How pictures begin, in base64; a GIF is none that is read, whatever it is called. */
const imageStarts: readonly (readonly [start: string, mediaType: string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['UklGR', 'image/webp'],
  ['R0lGOD', 'image/gif'],
]

const textTypes = /^text\/|^application\/(?:json|xml|yaml|x-yaml|toml|javascript|x-ndjson)$/
const soundOrFilm = /^(?:audio|video)\/[a-z0-9.+-]+$/

const typesByEnding: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['webp', 'image/webp'],
  ['heic', 'image/heic'],
  ['heif', 'image/heif'],
  ['gif', 'image/gif'],
  ['pdf', 'application/pdf'],
  ['txt', 'text/plain'],
  ['md', 'text/plain'],
  ['csv', 'text/plain'],
  ['html', 'text/plain'],
  ['xml', 'text/plain'],
  ['json', 'text/plain'],
  ['yaml', 'text/plain'],
  ['yml', 'text/plain'],
  ['wav', 'audio/wav'],
  ['mp3', 'audio/mp3'],
  ['aac', 'audio/aac'],
  ['ogg', 'audio/ogg'],
  ['flac', 'audio/flac'],
  ['aiff', 'audio/aiff'],
  ['m4a', 'audio/m4a'],
  ['mp4', 'video/mp4'],
  ['mov', 'video/mov'],
  ['webm', 'video/webm'],
  ['mpeg', 'video/mpeg'],
])

function typeByEnding(name: string): string | null {
  return typesByEnding.get(/\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '') ?? null
}

/** The type that is sent for what a caller says its data is; null for what is not read. */
function readableType(mediaType: string): string | null {
  const image = imageTypes.get(mediaType)
  if (image !== undefined) return image
  if (mediaType === 'application/pdf' || soundOrFilm.test(mediaType)) return mediaType
  return textTypes.test(mediaType) ? 'text/plain' : null
}

// ---- images ----

function encodeImage(url: string, { place, notes }: Where): Part | null {
  if (isAddress(url)) {
    const mediaType = typeByEnding(pathOf(url))
    // The type is demanded. Most pictures without one in their address are JPEGs, and the API looks for itself.
    if (mediaType === null) notes.approximate('messages[].content[image_url].url')
    if (mediaType === null || imageTypes.has(mediaType)) return fileAt(url, mediaType ?? 'image/jpeg')
  } else {
    const data = readDataUrl(url)
    const part = data === null ? null : imagePart(data)
    if (part !== null) return part
  }
  notes.refuse(place, 'images are PNG, JPEG, WebP, HEIC or HEIF: base64 data, or an https or gs address')
  return null
}

/** Callers say one type and send another. */
function imagePart({ mediaType, base64 }: InlineData): Part | null {
  const data = plainBase64(base64)
  const seen = imageStarts.find(([start]) => data.startsWith(start))
  const type = imageTypes.get(seen?.[1] ?? mediaType)
  return type === undefined ? null : inline(type, data)
}

function inline(mimeType: string, data: string): Part {
  return { inlineData: { mimeType, data } }
}

function fileAt(fileUri: string, mimeType: string): Part {
  return { fileData: { fileUri, mimeType } }
}

function isAddress(url: string): boolean {
  return /^(?:https|gs):\/\//i.test(url)
}

function pathOf(url: string): string {
  return url.replace(/[?#].*$/s, '')
}

// ---- sound, files ----

function encodeSound(sound: NonNullable<RequestContentPart['input_audio']>, { place, notes }: Where): Part | null {
  const mediaType = typesByEnding.get(sound.format.toLowerCase()) ?? ''
  if (mediaType.startsWith('audio/')) return inline(mediaType, plainBase64(sound.data))
  notes.refuse(place, 'sound is base64 data in WAV, MP3, AAC, OGG, FLAC, AIFF or M4A')
  return null
}

/** How a PDF begins, `%PDF-`, in base64. */
const pdfStart = 'JVBERi0'

function encodeFile(file: NonNullable<RequestContentPart['file']>, { place, notes }: Where): Part | null {
  const value = file.file_data ?? ''
  const filename = textOf(file.filename)
  const named = filename === null ? null : typeByEnding(filename)
  if (isAddress(value)) {
    const mediaType = typeByEnding(pathOf(value)) ?? named
    if (mediaType !== null && mediaType !== 'image/gif') return fileAt(value, mediaType)
  } else if (value !== '') {
    const data = readDataUrl(value) ?? readBareData(value, named)
    const part = data === null ? null : filePart(data)
    if (part !== null) return part
  }
  notes.refuse(place, 'files are PDF, plain text, pictures, sound or film: base64 data, or an https or gs address')
  return null
}

function filePart(data: InlineData): Part | null {
  if (data.mediaType.startsWith('image/')) return imagePart(data)
  const mediaType = readableType(data.mediaType)
  return mediaType === null ? null : inline(mediaType, plainBase64(data.base64))
}

interface InlineData {
  /** In lower case, without parameters. */
  readonly mediaType: string
  readonly base64: string
}

/** Bare base64, whose type shows in its first bytes or in the file's name. */
function readBareData(value: string, named: string | null): InlineData | null {
  if (value.includes(':')) return null
  const mediaType = value.startsWith(pdfStart) ? 'application/pdf' : named
  return mediaType === null ? null : { mediaType, base64: value }
}

/** The head of a `data:` URL with base64; the data is what follows, however long it is. */
const dataUrlHead = /^data:([^;,]*)(?:;[^;,]*)*;base64,/i

function readDataUrl(url: string): InlineData | null {
  const head = dataUrlHead.exec(url.slice(0, 200))
  if (head === null) return null
  return { mediaType: (head[1] ?? '').trim().toLowerCase(), base64: url.slice(head[0].length) }
}
