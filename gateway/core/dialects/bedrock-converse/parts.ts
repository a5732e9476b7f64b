/** Parts of a message as content blocks: text, images, sound and documents, each behind the key of its kind. */
import type { RequestContentPart, RequestMessage } from '../../../../schemas/index.ts'
import { plainBase64 } from '../../chat/base64.ts'
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import type { InlineData } from '../../chat/inline-data.ts'
import { readDataUrl, readFileData, readImage, readText } from '../../chat/inline-data.ts'
import { isRecord, textOf } from '../../chat/loose.ts'
import type { DocumentNames } from './document-names.ts'
import type { ModelTraits } from './models.ts'

/** A content block on its way out: one key, named by its kind. */
export type Block = Readonly<Record<string, unknown>>

export interface PartContext {
  readonly notes: EncodeNotes
  readonly names: DocumentNames
  readonly traits: ModelTraits
}

/**
 * The blocks of a message's content. Texts of nothing but white space are left out: the API refuses them ("The text field
 * in the ContentBlock object at messages.0.content.0 is blank", checked 2026-11-24) and they say nothing. `place` is
 * where the message stands, for errors.
 */
export function encodeContent(content: RequestMessage['content'], place: string, context: PartContext): Block[] {
  if (typeof content === 'string') return textBlocks(content)
  const blocks: Block[] = []
  for (const [index, part] of (content ?? []).entries()) {
    const encoded = encodePart(part, { place: `${place}.content[${index}]`, ...context })
    if (encoded === null) continue
    blocks.push(encoded, ...markBlocks(part['cache_control']))
  }
  return blocks
}

export function textBlocks(text: string): Block[] {
  return isBlank(text) ? [] : [{ text }]
}

export function isBlank(text: string): boolean {
  return text.trim() === ''
}

/** A mark of the prompt cache is a block of its own, behind what it marks. */
export function markBlocks(mark: unknown): Block[] {
  if (!isRecord(mark)) return []
  return [{ cachePoint: { type: 'default', ...(mark['ttl'] === '1h' && { ttl: '1h' }) } }]
}

export function isMark(block: Block): boolean {
  return 'cachePoint' in block
}

interface Where extends PartContext {
  readonly place: string
}

function encodePart(part: RequestContentPart, where: Where): Block | null {
  switch (part.type) {
    case 'text':
      return isBlank(part.text ?? '') ? null : { text: part.text }
    case 'refusal':
      return isBlank(part.refusal ?? '') ? null : { text: part.refusal }
    case 'image_url':
      return encodeImage(part.image_url?.url ?? '', where)
    case 'input_audio':
      return encodeAudio(part, where)
    case 'file':
      return encodeFile(part.file ?? {}, where)
    default:
      where.notes.refuse(where.place, `parts of type "${part.type}" have no place here`)
      return null
  }
}

// ---- images and sound ----

function encodeImage(url: string, { place, notes }: Where): Block | null {
  const data = readDataUrl(url)
  const image = data === null ? null : readImage(data)
  if (image !== null) return imageBlock(image)
  notes.refuse(place, 'images are read from base64 data in JPEG, PNG, GIF or WebP')
  return null
}

function imageBlock({ mediaType, base64 }: InlineData): Block {
  return { image: { format: mediaType.slice('image/'.length), source: { bytes: base64 } } }
}

/** `AudioFormat` of the client's types (3.1164.0, read 2026-11-24). */
const audioFormats: ReadonlySet<string> = new Set(['wav', 'mp3', 'flac', 'opus', 'ogg', 'aac', 'm4a', 'webm', 'pcm'])

function encodeAudio(part: RequestContentPart, { place, notes }: Where): Block | null {
  const { data = '', format = '' } = part.input_audio ?? {}
  if (data !== '' && audioFormats.has(format)) {
    return { audio: { format, source: { bytes: plainBase64(data) } } }
  }
  notes.refuse(place, `sound is read from base64 data in ${[...audioFormats].join(', ')}`)
  return null
}

// ---- documents ----

/** `DocumentFormat` of the client's types (3.1164.0, read 2026-11-24), by media type. */
const documentFormats: ReadonlyMap<string, string> = new Map([
  ['application/pdf', 'pdf'],
  ['text/csv', 'csv'],
  ['text/html', 'html'],
  ['text/markdown', 'md'],
  ['application/msword', 'doc'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
  ['application/vnd.ms-excel', 'xls'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
])

function encodeFile(file: NonNullable<RequestContentPart['file']>, where: Where): Block | null {
  const { place, notes, names, traits } = where
  const filename = textOf(file.filename)
  const data = readFileData(file.file_data ?? '', filename)
  if (data !== null) {
    const image = readImage(data)
    if (image !== null && traits.images) return imageBlock(image)
    // Any other text is plain text to it.
    const format = documentFormats.get(data.mediaType) ?? (readText(data) === null ? null : 'txt')
    if (format !== null) {
      const source = { bytes: plainBase64(data.base64) }
      return { document: { format, name: names.nameOf(filename), source } }
    }
  }
  notes.refuse(
    place,
    'files are read from base64 data: PDF, Word, Excel, CSV, HTML, Markdown, other text, or an image in JPEG, PNG, GIF or WebP',
  )
  return null
}
