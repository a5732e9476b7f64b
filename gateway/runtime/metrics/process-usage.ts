/** What the process takes of its machine. */
import type { ProcessUsage } from './definition.ts'

/** `startedAtSeconds`: Unix time at which the process started. */
export function readProcessUsage(startedAtSeconds: number): ProcessUsage {
  const { user, system } = process.cpuUsage()
  const { active, idle } = performance.eventLoopUtilization()
  return {
    cpuSeconds: (user + system) / 1e6,
    residentBytes: process.memoryUsage.rss(),
    startedAtSeconds,
    eventLoopActiveSeconds: active / 1000,
    eventLoopIdleSeconds: idle / 1000,
  }
}
