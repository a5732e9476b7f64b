import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import type { ManifestRule } from '../rule.ts'

export const latencyTargetWithoutEffect: ManifestRule = {
  severity: 'warning',
  summary: 'a latency target that comes after the attempt has ended anyway',
  find({ table }, report) {
    for (const route of table.routes) {
      for (const { index, id, maxLatencyUs, attemptTimeoutUs } of route.candidates) {
        if (maxLatencyUs === null) continue
        const isDeadline = attemptTimeoutUs === null || attemptTimeoutUs > route.deadlineUs
        const endUs = isDeadline ? route.deadlineUs : attemptTimeoutUs
        if (maxLatencyUs < endUs) continue
        const setting = isDeadline ? 'deadline_ms' : 'attempt_timeout_ms'
        report({
          path: ['ai_routes', route.index, 'targets', index, 'max_latency_ms'],
          message: `\`max_latency_ms: ${maxLatencyUs / 1_000}\` of ${quote(id)} never holds: its attempt ends at \`${setting}: ${endUs / 1_000}\``,
          help: `lower \`max_latency_ms\` below \`${setting}\`, or leave it out`,
        })
      }
    }
  },
}
