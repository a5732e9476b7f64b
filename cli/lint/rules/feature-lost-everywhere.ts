import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import type { CompiledRoute, RequestFeature } from '../../../gateway/core/routing/table.ts'
import { requestFeatures } from '../../../gateway/core/routing/table.ts'
import { whyLost } from '../features.ts'
import type { ManifestRule } from '../rule.ts'

export const featureLostEverywhere: ManifestRule = {
  severity: 'warning',
  summary: 'a feature that no candidate of the route can carry',
  find({ table }, report) {
    for (const route of table.routes) {
      route.match.has.forEach((feature, position) => {
        const why = lostEverywhere(route, feature)
        if (why === null) return
        const fate = route.refuseLoss
          ? 'every request of the route is answered 400'
          : 'every answer is given without it'
        report({
          path: ['ai_routes', route.index, 'match', 'has', position],
          message: `route ${quote(route.name)} is for requests with ${quote(feature)}, and no candidate of it carries that (${why}): ${fate}`,
          help: `add a target that carries ${quote(feature)}, or take it out of \`match.has\``,
        })
      })
      if (!route.refuseLoss) continue
      for (const feature of requestFeatures) {
        const why = route.match.has.includes(feature) ? null : lostEverywhere(route, feature)
        if (why === null) continue
        report({
          path: ['ai_routes', route.index, 'on_loss'],
          message: `under \`on_loss: refuse\` route ${quote(route.name)} answers every request with ${quote(feature)} with 400: no candidate of it carries that (${why})`,
          help: `add a target that carries ${quote(feature)}, or send such requests elsewhere by an earlier route with \`match: {has: [${feature}]}\``,
        })
      }
    }
  },
}

/** The first candidate and its reason, when all lose it. */
function lostEverywhere(route: CompiledRoute, feature: RequestFeature): string | null {
  const reasons = route.candidates.map((target) => ({ target, why: whyLost(target, feature) }))
  const [first] = reasons
  if (first === undefined || reasons.some(({ why }) => why === null)) return null
  return `${first.target.id}: ${first.why ?? ''}`
}
