import { expect, it } from 'vitest'
import { plainBase64 } from './base64.ts'

it.each([
  ['', ''],
  ['AAAA', 'AAAA'],
  ['AAA=', 'AAA='],
  ['AA==', 'AA=='],
  // Without padding.
  ['AAA', 'AAA='],
  ['AA', 'AA=='],
  // No number of bytes ends so.
  ['A', 'A'],
  // Wrapped.
  ['AAAA\r\nBBBB\n', 'AAAABBBB'],
  // In the alphabet of URLs.
  ['-_-_', '+/+/'],
  ['-_\n-', '+/+='],
])('%j is %j', (given, expected) => {
  expect(plainBase64(given)).toBe(expected)
})
