import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import type { ManifestRule } from '../rule.ts'

export const latencyTargetOnLast: ManifestRule = {
  severity: 'warning',
  summary: 'a latency target on the only candidate, or on the last one of a fixed order',
  fixes: true,
  find({ table }, report) {
    for (const route of table.routes) {
      const last = route.candidates.at(-1)
      // In any other order than the written one, another candidate may stand behind it.
      if (last === undefined || (route.candidates.length > 1 && route.strategy !== 'priority')) continue
      if (last.maxLatencyUs === null) continue
      const path = ['ai_routes', route.index, 'targets', last.index, 'max_latency_ms']
      const place = route.candidates.length === 1 ? 'the only candidate' : 'the last candidate'
      report({
        path,
        message: `\`max_latency_ms\` of ${quote(last.id)} never holds: it is ${place} of route ${quote(route.name)}, and a late answer is better than none`,
        help: 'leave it out, or add a `fallback` that is asked when it is late',
        spot: { part: 'key' },
        edit: { kind: 'remove-entry', path },
      })
    }
  },
}
