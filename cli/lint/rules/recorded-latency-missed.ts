import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import type { ManifestRule } from '../rule.ts'

/** Fewer answers than this could all have been slow by chance. */
const enough = 20

export const recordedLatencyMissed: ManifestRule = {
  severity: 'warning',
  summary: 'a latency target that no recorded answer of the target met',
  needsCapture: true,
  find({ table, capture }, report) {
    for (const route of table.routes) {
      for (const target of route.candidates) {
        const speed = capture?.speeds.get(target.id)
        if (target.maxLatencyUs === null || speed === undefined || speed.answers < enough) continue
        const wishMs = target.maxLatencyUs / 1_000
        if (speed.fastestMs <= wishMs) continue
        report({
          path: ['ai_routes', route.index, 'targets', target.index, 'max_latency_ms'],
          message: `${quote(target.id)} never met \`max_latency_ms: ${wishMs}\`: the fastest of ${speed.answers} recorded answers took ${Math.ceil(speed.fastestMs)} ms`,
          help: `raise it above ${Math.ceil(speed.fastestMs)}, or take the target out: as it is, it is asked, paid and not waited for`,
        })
      }
    }
  },
}
