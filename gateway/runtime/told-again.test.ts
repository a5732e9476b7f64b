import { expect, it } from 'vitest'
import { ToldAgain } from './told-again.ts'

it('is told at once, and then once a minute with how often it was', () => {
  const told = new ToldAgain()
  expect([0, 1, 59_999].map((nowMs) => told.note('a', nowMs))).toEqual([1, null, null])
  expect(told.note('b', 59_999)).toBe(1)
  expect([60_000, 60_001, 200_000].map((nowMs) => told.note('a', nowMs))).toEqual([3, null, 2])
})
