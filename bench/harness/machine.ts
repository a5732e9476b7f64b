/** What else happened on the two cores while something was measured. */
import type { StartedChild } from './process.ts'
import { idleUs } from './process.ts'
import { measuredCore } from './subject.ts'

export interface MachineUse {
  /** CPU time of the measured process, microseconds; 0 without one. */
  readonly cpuUs: number
  /** Share of the time in which the measured core had nothing to do. */
  readonly idle: number
  /** Share of the measured core that went to neither idling nor the measured process. */
  readonly neighbours: number
  /** Share of a core that this process, the load, got. */
  readonly load: number
}

/** Above this share of the measured core for others, they have driven what is measured out of its caches. */
const neighboursShare = 0.1

/** Starts to watch; the function it gives says what happened since. */
export function watchMachine(measured: StartedChild | null): () => MachineUse {
  const cpuBefore = measured?.cpuUs() ?? 0
  const idleBefore = idleUs(measuredCore)
  const loadBefore = process.cpuUsage()
  const startedAt = performance.now()
  return () => {
    const wallUs = (performance.now() - startedAt) * 1000
    const cpuUs = (measured?.cpuUs() ?? 0) - cpuBefore
    const idle = (idleUs(measuredCore) - idleBefore) / wallUs
    const { user, system } = process.cpuUsage(loadBefore)
    return { cpuUs, idle, neighbours: 1 - idle - cpuUs / wallUs, load: (user + system) / wallUs }
  }
}

export function isDisturbed({ neighbours }: MachineUse): boolean {
  return neighbours > neighboursShare
}
