import { enumerate, quote } from '../../../gateway/core/manifest/diagnostics.ts'
import type { ManifestRule } from '../rule.ts'

export const unreachableRoute: ManifestRule = {
  severity: 'warning',
  summary: 'a route whose every request is taken by earlier routes',
  find({ manifest, shadows }, report) {
    const nameOf = (index: number): string => quote(manifest.ai_routes[index]?.name ?? '')
    for (const { route, shadows: own, dead } of shadows) {
      const [first] = own
      if (!dead || first === undefined) continue
      const takers = [...new Set(own.flatMap(({ by }) => by))].sort((left, right) => left - right)
      const [earliest = 0] = takers
      const names = enumerate(takers.map(nameOf), 'and')
      const takes = takers.length === 1 ? 'takes' : 'take'
      const goes = `${quote(first.example)} goes to ${nameOf(first.by[0] ?? earliest)}, by its ${quote(first.taker)}`
      report({
        path: ['ai_routes', route, 'name'],
        message: `route ${nameOf(route)} never gets a request: ${names} before it ${takes} everything it matches (${goes})`,
        help: `move ${nameOf(route)} above ${nameOf(earliest)}, or remove it`,
      })
    }
  },
}
