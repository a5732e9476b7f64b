import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ProcessState } from './process-state.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.parse('2026-11-24T09:00:00Z') }))
afterEach(() => vi.useRealTimers())

it('dates by the wall clock, also after the machine was asleep', () => {
  const process = new ProcessState()
  vi.advanceTimersByTime(5_000)
  expect(process.wallClock(process.nowUs())).toBe('2026-11-24T09:00:05.000Z')
  // The monotonic clock stands still meanwhile.
  vi.setSystemTime(Date.parse('2026-11-24T12:00:05Z'))
  vi.advanceTimersByTime(1_000)
  expect(process.wallClock(process.nowUs())).toBe('2026-11-24T12:00:06.000Z')
  // What was before is dated by the same clock.
  expect(process.wallClock(process.nowUs() - 2_000_000)).toBe('2026-11-24T12:00:04.000Z')
})
