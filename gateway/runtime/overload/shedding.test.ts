import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { LogLine } from '../log.ts'
import { Shedding } from './shedding.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('is told as it begins and as it ends, however much there is in between', () => {
  const lines: LogLine[] = []
  const log = (line: LogLine) => void lines.push(line)
  const shedding = new Shedding()
  for (let second = 0; second < 30; second += 1) {
    for (let refusal = 0; refusal < 100; refusal += 1) shedding.note('too_many_connections', log)
    vi.advanceTimersByTime(1_000)
  }
  expect([shedding.isOn(), lines]).toMatchObject([true, [{ event: 'shedding_begin', level: 'warn' }]])
  vi.advanceTimersByTime(5_000)
  expect(shedding.isOn()).toBe(false)
  expect(lines.slice(1)).toMatchObject([{ event: 'shedding_end', level: 'info', fields: { refused: 3_000 } }])
  shedding.note('too_many_connections', log)
  shedding.stop()
  vi.advanceTimersByTime(60_000)
  shedding.note('too_many_connections', log)
  const events = lines.map(({ event }) => event)
  expect(events).toEqual(['shedding_begin', 'shedding_end', 'shedding_begin', 'shedding_end'])
})

it('is told by what it is for', () => {
  const lines: LogLine[] = []
  const log = (line: LogLine) => void lines.push(line)
  const shedding = new Shedding()
  shedding.note('overloaded', log)
  vi.advanceTimersByTime(3_000)
  shedding.note('not_ready', log)
  shedding.note('not_ready', log)
  vi.advanceTimersByTime(2_000)
  expect(shedding.isOn()).toBe(true)
  vi.advanceTimersByTime(3_000)
  expect(shedding.isOn()).toBe(false)
  expect(lines.map(({ event, fields }) => [event, fields])).toEqual([
    ['shedding_begin', { code: 'overloaded' }],
    ['shedding_begin', { code: 'not_ready' }],
    ['shedding_end', { code: 'overloaded', refused: 1 }],
    ['shedding_end', { code: 'not_ready', refused: 2 }],
  ])
})
