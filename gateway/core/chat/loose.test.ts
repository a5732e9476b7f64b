import { expect, it } from 'vitest'
import { countOf } from './loose.ts'

it.each<[unknown, number | null]>([
  [0, 0],
  [7, 7],
  [6.6, 7],
  [2 ** 40, 2 ** 40],
  // No sum of tokens could hold it.
  [1e300, null],
  [Number.POSITIVE_INFINITY, null],
  [Number.NaN, null],
  [-1, null],
  ['7', null],
  [null, null],
  [undefined, null],
])('%j counts as %j', (value, expected) => {
  expect(countOf(value)).toBe(expected)
})
