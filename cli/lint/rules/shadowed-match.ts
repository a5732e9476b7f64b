import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { isExact } from '../globs.ts'
import type { ManifestRule } from '../rule.ts'

export const shadowedMatch: ManifestRule = {
  severity: 'warning',
  summary: 'a pattern that an earlier route takes from its route, wholly or in part',
  find({ manifest, shadows }, report) {
    const nameOf = (index: number | undefined): string => quote(manifest.ai_routes[index ?? 0]?.name ?? '')
    for (const { route, shadows: own, dead } of shadows) {
      if (dead) continue
      for (const { pattern, path, kind, by, taker, example } of own) {
        // A wildcard that swallows a name which is spelled out has a rule of its own.
        if (kind === 'covered' && isExact(pattern) && !isExact(taker)) continue
        const [name, earlier] = [nameOf(route), nameOf(by[0])]
        if (kind === 'covered') {
          report({
            path,
            message: `${quote(pattern)} of route ${name} takes nothing: ${earlier} before it takes every such name (by ${quote(taker)})`,
            help: `take ${quote(pattern)} out of ${name}, or move ${name} above ${earlier}`,
          })
        } else {
          report({
            path,
            message: `${quote(pattern)} of route ${name} overlaps ${quote(taker)} of ${earlier} before it: ${quote(example)} goes to ${earlier}`,
            help: `if ${quote(example)} is meant for ${name}, move ${name} above ${earlier}; else narrow one of the two patterns`,
          })
        }
      }
    }
  },
}
