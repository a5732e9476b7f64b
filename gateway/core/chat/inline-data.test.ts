import { describe, expect, it } from 'vitest'
import { readDataUrl, readFileData, readImage, readText } from './inline-data.ts'

describe('files inside a request', () => {
  it.each([
    ['data:image/png;base64,AAAA', { mediaType: 'image/png', base64: 'AAAA' }],
    ['DATA:Text/CSV;charset=utf-8;base64,QQ==', { mediaType: 'text/csv', base64: 'QQ==' }],
    ['data:image/png,AAAA', null],
    ['https://example.test/a.png', null],
  ])('as %s', (url, expected) => {
    expect(readDataUrl(url)).toEqual(expected)
  })

  it.each([
    ['JVBERi0x', null, 'application/pdf'],
    ['QUFB', 'a.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['QUFB', 'A.DOC', 'application/msword'],
    ['QUFB', 'notes.md', 'text/markdown'],
    ['QUFB', 'a.bin', null],
    ['https://example.test/a.pdf', 'a.pdf', null],
    ['', 'a.pdf', null],
  ])('bare: %s called %s', (value, filename, mediaType) => {
    expect(readFileData(value, filename)?.mediaType ?? null).toBe(mediaType)
  })

  it('are pictures by their first bytes', () => {
    const png = 'iVBORw0KGgo'
    expect(readImage({ mediaType: 'image/jpg', base64: png })).toEqual({ mediaType: 'image/png', base64: `${png}=` })
    expect(readImage({ mediaType: 'image/jpg', base64: 'AAAA' })?.mediaType).toBe('image/jpeg')
    expect(readImage({ mediaType: 'image/tiff', base64: png })).toBeNull()
  })

  it('are texts where they are UTF-8 of a kind that is text', () => {
    expect(readText({ mediaType: 'application/json', base64: btoa('{}') })).toBe('{}')
    expect(readText({ mediaType: 'text/plain', base64: '/w==' })).toBeNull()
    expect(readText({ mediaType: 'application/pdf', base64: btoa('{}') })).toBeNull()
  })
})
