/** What the admin listener's `/status` and `aigw status --url` show: this process, now. */
import type { InstanceReport } from '../release/instance.ts'
import type { Runtime } from './runtime.ts'

export interface StatusParts {
  readonly runtime: Runtime
  readonly report: InstanceReport
}

export function statusOf({ runtime, report }: StatusParts): object {
  const { process, spool, generations } = runtime
  const nowUs = process.nowUs()
  const current = generations.current()
  return {
    ...report,
    missing_secrets: current === null ? [] : [...current.missingSecrets],
    targets: process.shared.knownTargets().map((health) => ({
      target: health.target,
      breaker: health.state(nowUs),
      held_back_by: health.verdict(nowUs)?.verdict ?? null,
      latency_ms: health.latencyUs() === null ? null : Math.round((health.latencyUs() ?? 0) / 1000),
    })),
    spool: spool?.status() ?? null,
  }
}
