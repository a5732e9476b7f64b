import { describe, expect, it } from 'vitest'
import { ToolIds } from './tool-ids.ts'

describe('ids of tool calls', () => {
  it('stay as they are where they may', () => {
    const ids = new ToolIds(8)
    expect([ids.forCall('call_1'), ids.forResult('call_1')]).toEqual(['call_1', 'call_1'])
  })

  it('are of plain letters, of no more than may be, and of one call each', () => {
    const ids = new ToolIds(24)
    const given = ['a:1', 'a.1', 'x'.repeat(24), 'x'.repeat(25), 'x'.repeat(26), 'x'.repeat(24), '']
    const made = given.map((id) => ids.forCall(id))
    for (const id of made) expect(id).toMatch(/^[a-zA-Z0-9_-]{1,24}$/)
    expect(new Set(made).size).toBe(given.length)
  })

  it('are found again by their results, in order where two calls had the same', () => {
    const ids = new ToolIds(24)
    const [long, first, second] = ['x'.repeat(80), 'same', 'same'].map((id) => ids.forCall(id))
    expect([ids.forResult('same'), ids.forResult('x'.repeat(80)), ids.forResult('same')]).toEqual([first, long, second])
  })
})
