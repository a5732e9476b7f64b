import { expect, it } from 'vitest'
import { RefusalBudget } from './refusal-budget.ts'

it('tells a hundred a minute of each kind one by one', () => {
  const budget = new RefusalBudget()
  const told = (code: string, nowMs: number) => Array.from({ length: 150 }, () => budget.take(code, nowMs))
  expect(told('invalid_api_key', 0).filter(Boolean)).toHaveLength(100)
  expect(told('invalid_api_key', 59_999).filter(Boolean)).toHaveLength(0)
  expect(told('unknown_path', 59_999).filter(Boolean)).toHaveLength(100)
  expect(told('invalid_api_key', 60_000).filter(Boolean)).toHaveLength(100)
})
