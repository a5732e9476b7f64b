import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { candidatesOf } from '../rule.ts'
import type { ManifestRule } from '../rule.ts'

export const singleTarget: ManifestRule = {
  severity: 'warning',
  summary: 'a route with one target and no fallback',
  find({ manifest, table }, report) {
    for (const route of table.routes) {
      const [only, second] = candidatesOf(manifest, route)
      if (only === undefined || second !== undefined) continue
      report({
        path: only.path,
        message: `route ${quote(route.name)} has nothing but ${quote(only.target.id)}: when it fails, the route's requests fail`,
        help: 'add a second target, or a `fallback: connection/model`',
      })
    }
  },
}
