import { enumerate, quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { regionsOf } from '../connections.ts'
import { candidatesOf } from '../rule.ts'
import type { ManifestRule } from '../rule.ts'

export const failoverLeavesRegion: ManifestRule = {
  severity: 'warning',
  summary: 'a fallback outside the region of all targets, on a route without a boundary',
  find({ manifest, table }, report) {
    for (const route of table.routes) {
      // `boundary: any` says that it was thought of.
      if (manifest.ai_routes[route.index]?.boundary !== undefined) continue
      const candidates = candidatesOf(manifest, route)
      const targets = candidates.filter(({ target }) => !target.isFallback).map(({ target }) => target.connection)
      if (targets.some(({ region }) => region === null)) continue
      const regions = regionsOf(targets)
      for (const { target, path } of candidates) {
        const { region, deployment, name } = target.connection
        if (!target.isFallback || deployment === 'self_hosted' || (region !== null && regions.has(region))) continue
        const where = region === null ? 'in no stated region' : `in ${quote(region)}`
        const home = enumerate([...regions].map(quote), 'and')
        report({
          path,
          message: `on failover prompts of route ${quote(route.name)} leave ${home}, where all its targets are: ${quote(name)} is ${where}`,
          help: `if they may not, write \`boundary: [${[...regions].join(', ')}]\`; if they may, \`boundary: any\``,
        })
      }
    }
  },
}
