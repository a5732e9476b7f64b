import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import type { ManifestRule } from '../rule.ts'

/**
 * Milliseconds. Of the recorded exchanges the quickest whole answer took 56 ms at the provider, at the one that is known
 * for being fast, before any network; the next provider took 332 (read 2026-11-23).
 */
const leastCloudMs = 50
/** A first token takes a pass through the model, on any machine. */
const leastOwnMs = 5

export const unmeetableLatencyTarget: ManifestRule = {
  severity: 'warning',
  summary: 'a latency target that nothing can meet',
  find({ table }, report) {
    for (const route of table.routes) {
      for (const target of route.candidates) {
        if (target.maxLatencyUs === null) continue
        const wishMs = target.maxLatencyUs / 1_000
        const isCloud = target.connection.deployment === 'cloud'
        if (wishMs >= (isCloud ? leastCloudMs : leastOwnMs)) continue
        report({
          path: ['ai_routes', route.index, 'targets', target.index, 'max_latency_ms'],
          message: `${quote(target.id)} cannot begin an answer within ${wishMs} ms: it is asked in vain, and every request goes on to the next candidate`,
          help: isCloud
            ? 'write what its callers can bear; hosted models begin to answer after some 200 to 2,000 ms'
            : 'write what its callers can bear, in milliseconds',
        })
      }
    }
  },
}
