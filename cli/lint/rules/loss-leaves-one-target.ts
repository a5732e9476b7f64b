import { enumerate, quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { requestFeatures } from '../../../gateway/core/routing/table.ts'
import { whyLost } from '../features.ts'
import type { ManifestRule } from '../rule.ts'

export const lossLeavesOneTarget: ManifestRule = {
  severity: 'warning',
  summary: 'a route under `on_loss: refuse` with one candidate left for a common feature',
  find({ table }, report) {
    for (const route of table.routes) {
      if (!route.refuseLoss || route.candidates.length < 2) continue
      const { has } = route.match
      for (const feature of has.length > 0 ? has : requestFeatures) {
        const [left, another] = route.candidates.filter((target) => whyLost(target, feature) === null)
        if (left === undefined || another !== undefined) continue
        const skipped = route.candidates.filter((target) => target !== left).map(({ id }) => quote(id))
        report({
          path: ['ai_routes', route.index, 'on_loss'],
          message: `under \`on_loss: refuse\` only ${quote(left.id)} is left for requests of route ${quote(route.name)} with ${quote(feature)}: ${enumerate(skipped, 'and')} cannot carry it, so when it fails, they fail`,
          help: `add another candidate that carries ${quote(feature)}, or let it be left out: \`on_loss: declare\``,
        })
      }
    }
  },
}
