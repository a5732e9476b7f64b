import { enumerate, quote } from '../../../gateway/core/manifest/diagnostics.ts'
import type { FailureClass } from '../../../gateway/core/chat/failure.ts'
import type { ManifestRule } from '../rule.ts'

/** What a provider that is down looks like from outside. */
const outages: readonly FailureClass[] = ['server_error', 'timeout', 'connection']

export const narrowFailover: ManifestRule = {
  severity: 'warning',
  summary: 'a list of failover classes that leaves out ways in which a provider is down',
  find({ manifest, table }, report) {
    for (const route of table.routes) {
      if (manifest.ai_routes[route.index]?.failover?.on === undefined || route.candidates.length < 2) continue
      const missing = outages.filter((failure) => !route.failoverOn.has(failure))
      if (missing.length === 0) continue
      const names = enumerate(missing.map(quote), 'and')
      const others =
        route.candidates.length === 2 ? 'the other candidate is' : `the other ${route.candidates.length - 1} are`
      report({
        path: ['ai_routes', route.index, 'failover', 'on'],
        message: `\`failover.on\` of route ${quote(route.name)} leaves out ${names}: a target that is down like that ends the request, and ${others} never asked`,
        help: `add ${names}, or leave \`on\` out: without it every class that another target may mend is in`,
        spot: { part: 'key' },
      })
    }
  },
}
