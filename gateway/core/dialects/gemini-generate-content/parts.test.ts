import { describe, expect, it } from 'vitest'
import type { RequestContentPart } from '../../../../schemas/index.ts'
import { refusalOf, send, turn, user } from './testing/sent.ts'

const partsOf = (...parts: RequestContentPart[]): unknown => send({ messages: [user(parts)] }).body['contents']
const inline = (mimeType: string, data: string): object => ({ inlineData: { mimeType, data } })
const image = (url: string): RequestContentPart => ({ type: 'image_url', image_url: { url } })
const file = (file_data: string, filename?: string): RequestContentPart => ({
  type: 'file',
  file: { file_data, ...(filename !== undefined && { filename }) },
})
const one = (part: object): unknown => [turn('user', part)]

describe('pictures', () => {
  it.each([
    ['data:image/png;base64,iVBORw0KGgo=', 'image/png', 'iVBORw0KGgo='],
    ['data:image/jpg;base64,AAAA', 'image/jpeg', 'AAAA'],
    ['data:image/heic;base64,AAAA', 'image/heic', 'AAAA'],
    // Named otherwise than it is, in the alphabet of URLs and without padding, with a parameter.
    ['data:image/jpeg;base64,iVBORw0KGgo', 'image/png', 'iVBORw0KGgo='],
    ['data:image/webp;charset=utf-8;base64,_-8', 'image/webp', '/+8='],
  ])('as data: %s', (url, type, data) => {
    expect(partsOf(image(url))).toEqual(one(inline(type, data)))
  })

  it('at an address, whose ending says what they are', () => {
    const at = (fileUri: string, mimeType: string) => one({ fileData: { fileUri, mimeType } })
    expect(partsOf(image('https://example.test/a.PNG?x=1.gif'))).toEqual(
      at('https://example.test/a.PNG?x=1.gif', 'image/png'),
    )
    expect(partsOf(image('gs://bucket/a.webp'))).toEqual(at('gs://bucket/a.webp', 'image/webp'))
    const guessed = send({ messages: [user([image('https://example.test/a')])] })
    expect(guessed.body['contents']).toEqual(at('https://example.test/a', 'image/jpeg'))
    expect(guessed.lost).toEqual(['messages[].content[image_url].url;approximated'])
  })

  it.each([
    'http://example.test/a.png',
    'https://example.test/a.gif',
    'data:image/gif;base64,R0lGODlh',
    'data:image/png;base64,R0lGODlh',
    'data:image/png,raw',
    'data:text/plain;base64,AAAA',
    '',
  ])('of no other kind: %s', (url) => {
    expect(refusalOf({ messages: [user([{ type: 'text', text: 'a' }, image(url)])] })).toMatchObject({
      class: 'unsupported_by_target',
      param: 'messages[0].content[1]',
    })
  })
})

describe('sound and files', () => {
  const sound = (format: string): RequestContentPart => ({ type: 'input_audio', input_audio: { data: 'AAA', format } })

  it('sound by its format', () => {
    expect(partsOf(sound('wav'))).toEqual(one(inline('audio/wav', 'AAA=')))
    expect(partsOf(sound('MP3'))).toEqual(one(inline('audio/mp3', 'AAA=')))
    expect(refusalOf({ messages: [user([sound('pcm16')])] }).param).toBe('messages[0].content[0]')
    expect(refusalOf({ messages: [user([sound('png')])] }).param).toBe('messages[0].content[0]')
  })

  it('files as what they are', () => {
    expect(partsOf(file('data:application/pdf;base64,JVBERi0='))).toEqual(one(inline('application/pdf', 'JVBERi0=')))
    expect(partsOf(file('JVBERi0x'))).toEqual(one(inline('application/pdf', 'JVBERi0x')))
    expect(partsOf(file('SGk=', 'notes.md'))).toEqual(one(inline('text/plain', 'SGk=')))
    expect(partsOf(file('data:application/json;base64,e30='))).toEqual(one(inline('text/plain', 'e30=')))
    expect(partsOf(file('data:video/mp4;base64,AAAA'))).toEqual(one(inline('video/mp4', 'AAAA')))
    expect(partsOf(file('data:image/png;base64,iVBORw0KGgo='))).toEqual(one(inline('image/png', 'iVBORw0KGgo=')))
    const fileData = { fileUri: 'https://example.test/a', mimeType: 'application/pdf' }
    expect(partsOf(file('https://example.test/a', 'a.pdf'))).toEqual(one({ fileData }))
  })

  it.each<RequestContentPart>([
    file('AAAA'),
    file('AAAA', 'a.exe'),
    file('data:application/zip;base64,AAAA'),
    file('https://example.test/a'),
    file('https://example.test/a.gif'),
    { type: 'file', file: { file_id: 'file-1' } },
    { type: 'video_url', video_url: { url: 'https://example.test/a.mp4' } },
  ])('and no others: %j', (part) => {
    expect(refusalOf({ messages: [user([part])] }).class).toBe('unsupported_by_target')
  })
})
