import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { regionsOf, vendorOf } from '../connections.ts'
import type { ManifestRule } from '../rule.ts'

export const singleRegion: ManifestRule = {
  severity: 'info',
  summary: 'a route with several providers, all of them in one region',
  find({ manifest, table }, report) {
    for (const route of table.routes) {
      const boundary = manifest.ai_routes[route.index]?.boundary
      // One region is what was asked for.
      if (Array.isArray(boundary) && boundary.length === 1) continue
      const connections = route.candidates.map(({ connection }) => connection)
      const [region, other] = regionsOf(connections)
      const isKnown = connections.every((connection) => connection.region !== null)
      if (region === undefined || other !== undefined || !isKnown) continue
      if (new Set(connections.map(vendorOf)).size < 2) continue
      report({
        path: ['ai_routes', route.index, 'targets'],
        message: `every candidate of route ${quote(route.name)} is in ${quote(region)}: when that region is cut off, the route's requests fail`,
        help: 'add a candidate in another region, or say that one is wanted: `boundary: [REGION]`',
        spot: { part: 'key' },
      })
    }
  },
}
