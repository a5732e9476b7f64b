/** Parts of a message as content blocks: text, images and documents. */
import type { RequestContentPart, RequestMessage } from '../../../../schemas/index.ts'
import { plainBase64 } from '../../chat/base64.ts'
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import type { InlineData } from '../../chat/inline-data.ts'
import { readDataUrl, readFileData, readImage, readText } from '../../chat/inline-data.ts'
import { isRecord, textOf } from '../../chat/loose.ts'

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

/** "Only HTTPS URLs are supported." (the API's error, checked 2026-11-23). */
function encodeImage(url: string, { place, notes }: Where): Block | null {
  if (/^https:\/\//i.test(url)) return { type: 'image', source: { type: 'url', url } }
  const data = readDataUrl(url)
  const image = data === null ? null : readImage(data)
  if (image !== null) return base64Block('image', image)
  notes.refuse(place, 'images are read from an https address, or from base64 data in JPEG, PNG, GIF or WebP')
  return null
}

function base64Block(type: 'image' | 'document', { mediaType, base64 }: InlineData): Block {
  return { type, source: { type: 'base64', media_type: mediaType, data: base64 } }
}

// ---- documents ----

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

function documentBlock(data: InlineData): Block | null {
  const { mediaType } = data
  if (mediaType === 'application/pdf') return base64Block('document', { ...data, base64: plainBase64(data.base64) })
  const image = readImage(data)
  if (image !== null) return base64Block('image', image)
  const text = readText(data)
  return text === null ? null : { type: 'document', source: { type: 'text', media_type: 'text/plain', data: text } }
}
