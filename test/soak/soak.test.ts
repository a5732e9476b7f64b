/** Twenty seconds of what `node test/soak/soak.ts` does for ten minutes. */
import { expect, it } from 'vitest'
import { complaintsOf } from './judge.ts'
import { soak } from './run.ts'

it.runIf(process.platform === 'linux')(
  'under faults, reloads and kills nothing is lost, doubled or cut, and every decision comes out again',
  { timeout: 150_000 },
  async () => {
    const report = await soak({ forMs: 20_000, perSecond: 50, kills: 2, warmUpMs: 4000, say: () => {} })
    // Too short to see a slow leak; what it would see is memory that grows with every request.
    expect(complaintsOf(report, { rss: 1.5, descriptors: 1.5 })).toEqual([])
    expect(report.kills).toBe(2)
    expect(report.requests).toBe(1000)
    // It was no picnic, and still most went well.
    expect(report.failovers).toBeGreaterThan(20)
    expect(report.reloads).toBeGreaterThan(10)
    expect(report.generations).toBeGreaterThan(10)
    expect(report.byKill).toBeGreaterThan(0)
    expect(report.endings['hung up']).toBeGreaterThan(20)
    expect(report.replay.equal).toBeGreaterThan(report.records * 0.9)
    for (const outcome of ['served', 'failed', 'broken', 'abandoned'])
      expect(report.outcomes[outcome]).toBeGreaterThan(0)
  },
)
