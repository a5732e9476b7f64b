import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { isExact } from '../globs.ts'
import type { ManifestRule } from '../rule.ts'

export const wildcardBeforeExact: ManifestRule = {
  severity: 'warning',
  summary: 'a model spelled out in a route, where a wildcard of an earlier route takes it first',
  find({ manifest, shadows }, report) {
    for (const { route, shadows: own, dead } of shadows) {
      // Of a route that gets nothing at all, that is all there is to say.
      if (dead) continue
      const name = quote(manifest.ai_routes[route]?.name ?? '')
      for (const { pattern, path, kind, by, taker } of own) {
        if (kind !== 'covered' || !isExact(pattern) || isExact(taker)) continue
        const earlier = quote(manifest.ai_routes[by[0] ?? 0]?.name ?? '')
        report({
          path,
          message: `${quote(pattern)} never comes to route ${name}: the wildcard ${quote(taker)} of route ${earlier} stands before it`,
          help: `move ${name} above ${earlier}, or take ${quote(pattern)} out of ${name} if it belongs to ${earlier}`,
        })
      }
    }
  },
}
