import { describe, expect, it } from 'vitest'
import { parseExpiry } from './credentials.ts'

describe('parseExpiry', () => {
  it.each([
    ['2027-01-31', Date.UTC(2027, 1, 1)],
    ['2028-02-29', Date.UTC(2028, 2, 1)],
    ['2027-01-31T18:00Z', Date.UTC(2027, 0, 31, 18)],
    ['2027-01-31T18:00:30.5+03:00', Date.UTC(2027, 0, 31, 15, 0, 30, 500)],
    ['2027-02-29', null],
    ['2027-13-01', null],
    ['2027-01-31T18:00', null],
    ['2027-01-31T25:00Z', null],
    ['tomorrow', null],
    ['', null],
  ])('%s', (text, expected) => {
    expect(parseExpiry(text)).toBe(expected)
  })
})
