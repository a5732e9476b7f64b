import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import type { CompiledTarget } from '../../../gateway/core/routing/table.ts'
import { candidatesOf } from '../rule.ts'
import type { ManifestRule } from '../rule.ts'

/** With less than this left no model answers: milliseconds. */
const leastUsefulMs = 1_000

export const starvedTarget: ManifestRule = {
  severity: 'warning',
  summary: 'a candidate whose time is used up before its turn, when those before it hang',
  find({ manifest, table }, report) {
    for (const route of table.routes) {
      const candidates = candidatesOf(manifest, route)
      const deadlineMs = route.deadlineUs / 1_000
      let leftMs = deadlineMs
      for (const [index, candidate] of candidates.entries()) {
        if (index > 0 && leftMs < leastUsefulMs) {
          const written = manifest.ai_routes[route.index]?.failover?.deadline_ms === undefined ? ' (the default)' : ''
          report({
            path: candidate.path,
            message: `${quote(candidate.target.id)} of route ${quote(route.name)} gets no time: when the ${index === 1 ? 'candidate' : `${index} candidates`} before it hang, ${deadlineMs - leftMs} of the ${deadlineMs} ms of \`deadline_ms\`${written} are gone`,
            help: 'lower `attempt_timeout_ms` of those before it, so that together they stay well below `deadline_ms`; or raise `deadline_ms`',
          })
          break
        }
        leftMs -= longestMs(candidate.target, leftMs, candidates.length - index)
      }
    }
  },
}

/** How long an attempt that never answers is waited for, as the engine counts it. */
function longestMs({ attemptTimeoutUs, maxLatencyUs }: CompiledTarget, leftMs: number, remaining: number): number {
  const ownMs = attemptTimeoutUs === null ? leftMs / remaining : attemptTimeoutUs / 1_000
  const wishMs = maxLatencyUs === null || remaining === 1 ? Number.POSITIVE_INFINITY : maxLatencyUs / 1_000
  return Math.min(leftMs, ownMs, wishMs)
}
