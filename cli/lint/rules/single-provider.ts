import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { regionsOf, vendorOf } from '../connections.ts'
import type { ManifestRule } from '../rule.ts'

export const singleProvider: ManifestRule = {
  severity: 'warning',
  summary: 'a route whose candidates are all at one provider, in one region',
  find({ table }, report) {
    for (const route of table.routes) {
      const connections = route.candidates.map(({ connection }) => connection)
      const [first] = connections
      if (first === undefined || connections.length < 2) continue
      const isSpread = regionsOf(connections).size > 1
      if (isSpread || new Set(connections.map(vendorOf)).size > 1) continue
      const names = [...new Set(connections.map(({ name }) => quote(name)))].join(', ')
      report({
        path: ['ai_routes', route.index, 'targets'],
        message: `every candidate of route ${quote(route.name)} is at one provider (${names}, ${vendorOf(first)}): when it is down, the route's requests fail`,
        help: 'add a target or a `fallback` at another provider, or on your own machines',
        spot: { part: 'key' },
      })
    }
  },
}
