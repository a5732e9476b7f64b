import { enumerate, quote } from '../../../gateway/core/manifest/diagnostics.ts'
import type { CompiledTarget } from '../../../gateway/core/routing/table.ts'
import type { Finding, ManifestRule, Subject } from '../rule.ts'

export const priceUnknown: ManifestRule = {
  severity: 'warning',
  summary: 'a cost cap, a choice by cost or a quota in dollars, where the price of a model is not known',
  find(subject, report) {
    for (const route of subject.table.routes) {
      for (const target of route.candidates) {
        const path = ['ai_routes', route.index, 'targets', target.index]
        if (target.price !== null) continue
        if (target.maxMicroUsdPerRequest !== null) {
          report({
            path: [...path, 'max_usd_per_request'],
            message: `\`max_usd_per_request\` of ${quote(target.id)} never holds: its price is not known`,
            help: tellHow(target),
            spot: { part: 'key' },
          })
        }
        if (route.strategy !== 'least_cost' || target.isFallback || route.targetCount < 2) continue
        report({
          path: [...path, 'model'],
          message: `\`strategy: least_cost\` of route ${quote(route.name)} never picks ${quote(target.id)}: its price is not known`,
          help: tellHow(target),
        })
      }
    }
    findInQuotas(subject, report)
  },
}

/** As many targets as a sentence can hold. */
const shown = 3

function findInQuotas({ manifest, table }: Subject, report: (finding: Finding) => void): void {
  manifest.quotas?.forEach(({ limits, name, scope }, quota) => {
    const position = limits.findIndex(({ usd }) => usd !== undefined)
    if (position < 0) return
    const routeName = scope === 'everyone' ? undefined : scope.route
    const routes = table.routes.filter((route) => routeName === undefined || route.name === routeName)
    // What runs on machines of one's own costs nothing a request.
    const unpriced = routes
      .flatMap(({ candidates }) => candidates)
      .filter(({ price, connection }) => price === null && connection.deployment === 'cloud')
    const [first] = unpriced
    if (first === undefined) return
    const ids = [...new Set(unpriced.map(({ id }) => id))]
    const named = ids.slice(0, shown).map(quote)
    if (ids.length > shown) named.push(`${ids.length - shown} more`)
    report({
      path: ['quotas', quota, 'limits', position, 'usd'],
      message: `quota ${quote(name)} counts dollars, but requests to ${enumerate(named, 'and')} count as nothing: their price is not known`,
      help: tellHow(first),
    })
  })
}

function tellHow({ id }: CompiledTarget): string {
  return `add its price, such as \`models: {"${id}": {usd_per_million: {input: 0.15, output: 0.6}}}\``
}
