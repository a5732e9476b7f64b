import { describe, expect, it } from 'vitest'
import type { RequestContentPart } from '../../../../schemas/index.ts'
import { refusalOf, send, user } from './testing/sent.ts'

function blockOf(part: RequestContentPart): unknown {
  const { body } = send({ messages: [user([part])] })
  const [turn] = body['messages'] as [{ content: unknown[] }]
  return turn.content[0]
}

const image = (url: string): RequestContentPart => ({ type: 'image_url', image_url: { url } })
const file = (fields: NonNullable<RequestContentPart['file']>): RequestContentPart => ({ type: 'file', file: fields })
const base64 = (mediaType: string, data: string): object => ({ type: 'base64', media_type: mediaType, data })

describe('images', () => {
  it.each([
    ['data:image/png;base64,AAAA', base64('image/png', 'AAAA')],
    ['data:image/jpg;base64,AAAA', base64('image/jpeg', 'AAAA')],
    ['DATA:IMAGE/WEBP;name=x;BASE64,AAAA', base64('image/webp', 'AAAA')],
    ['data:image/gif;base64,AAAA', base64('image/gif', 'AAAA')],
    ['https://example.test/a', { type: 'url', url: 'https://example.test/a' }],
  ])('%s', (url, source) => {
    expect(blockOf(image(url))).toEqual({ type: 'image', source })
  })

  it.each([
    'data:image/svg+xml;base64,AAAA',
    'data:image/png,AAAA',
    'http://example.test/a.png',
    'gs://bucket/a.png',
    '',
  ])('"%s" is refused', (url) => {
    expect(refusalOf({ messages: [user([{ type: 'text', text: 'Look.' }, image(url)])] })).toMatchObject({
      class: 'unsupported_by_target',
      param: 'messages[0].content[1]',
    })
  })

  it.each([
    ['image/png', 'iVBORw0KGgoAAAA='],
    ['image/jpeg', '/9j/4AAQSkZJRg=='],
    ['image/gif', 'R0lGODlhAQABAAAA'],
    ['image/webp', 'UklGRgAAAABXRUJQ'],
  ])('are what they begin with: %s', (mediaType, data) => {
    for (const said of ['image/png', 'image/jpeg']) {
      expect(blockOf(image(`data:${said};base64,${data}`))).toEqual({ type: 'image', source: base64(mediaType, data) })
    }
    const named = file({ filename: 'a.jpg', file_data: data })
    expect(blockOf(named)).toEqual({ type: 'image', source: base64(mediaType, data) })
  })

  it('are sent in the strict form of base64', () => {
    const wrapped = image('data:image/png;base64,iVBORw0KGgoA\r\nAAAA\nBB')
    expect(blockOf(wrapped)).toMatchObject({ source: { data: 'iVBORw0KGgoAAAAABB==' } })
    const loose = file({ file_data: 'data:application/pdf;base64,JVBERi0x\nLg' })
    expect(blockOf(loose)).toMatchObject({ source: { data: 'JVBERi0xLg==' } })
  })

  it('of any size are carried whole', () => {
    const data = 'A'.repeat(1_000_000)
    expect(blockOf(image(`data:image/png;base64,${data}`))).toMatchObject({ source: { data } })
  })
})

describe('files', () => {
  const notes = Buffer.from('Öz: çay').toString('base64')

  it.each([
    ['a PDF', { file_data: 'data:application/pdf;base64,JVBERi0x' }, base64('application/pdf', 'JVBERi0x')],
    ['a bare PDF', { file_data: 'JVBERi0xLjQ=' }, base64('application/pdf', 'JVBERi0xLjQ=')],
    ['a PDF by its name', { file_data: 'AAAA', filename: 'a.PDF' }, base64('application/pdf', 'AAAA')],
    [
      'a text',
      { file_data: `data:text/markdown;base64,${notes}` },
      { type: 'text', media_type: 'text/plain', data: 'Öz: çay' },
    ],
    [
      'a text by its name',
      { file_data: notes, filename: 'a.csv' },
      { type: 'text', media_type: 'text/plain', data: 'Öz: çay' },
    ],
  ])('%s is a document', (_what, fields, source) => {
    const title = 'filename' in fields ? { title: fields.filename } : {}
    expect(blockOf(file(fields))).toEqual({ type: 'document', source, ...title })
  })

  it('an image is an image', () => {
    expect(blockOf(file({ file_data: 'AAAA', filename: 'a.png' }))).toEqual({
      type: 'image',
      source: base64('image/png', 'AAAA'),
    })
  })

  it.each([
    ['another type', { file_data: 'data:application/zip;base64,AAAA' }],
    ['no type at all', { file_data: 'AAAA' }],
    ['nothing', {}],
    ['bytes that are no text', { file_data: 'data:text/plain;base64,/////w==' }],
    ['text that is no base64', { file_data: 'data:text/plain;base64,*' }],
    ['an address', { file_data: 'https://example.test/a.pdf', filename: 'a.pdf' }],
  ])('%s is refused', (_what, fields) => {
    expect(refusalOf({ messages: [user([file(fields)])] }).param).toBe('messages[0].content[0]')
  })
})

describe('cache marks', () => {
  const mark = { type: 'ephemeral', ttl: '1h' }

  it('are carried on parts and tools as they stand', () => {
    const tool = { type: 'function', function: { name: 'look' }, cache_control: mark }
    const { body } = send({ messages: [user([{ type: 'text', text: 'a', cache_control: mark }])], tools: [tool] })
    expect(body).toMatchObject({
      messages: [{ content: [{ type: 'text', text: 'a', cache_control: mark }] }],
      tools: [{ name: 'look', cache_control: mark }],
    })
  })

  it('of a whole message stand on its last part', () => {
    const system = {
      role: 'system',
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
      cache_control: mark,
    }
    const { body } = send({ messages: [system, { ...user('c'), cache_control: mark }] })
    expect(body).toMatchObject({
      system: [
        { type: 'text', text: 'a' },
        { text: 'b', cache_control: mark },
      ],
      messages: [{ content: [{ text: 'c', cache_control: mark }] }],
    })
    expect(JSON.stringify(body).match(/cache_control/g)).toHaveLength(2)
  })
})
