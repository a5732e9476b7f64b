import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import type { Box } from '../conditions.ts'
import { covers, normaliseGlob } from '../globs.ts'
import { PatternIndex } from '../pattern-index.ts'
import type { ManifestRule } from '../rule.ts'

const anyBox: Box = new Map()

export const redundantPattern: ManifestRule = {
  severity: 'info',
  summary: 'a pattern in a list that another pattern of the same list covers',
  fixes: true,
  find({ manifest }, report) {
    manifest.ai_routes.forEach(({ match, name }, route) => {
      if (!Array.isArray(match.model) || match.model.length < 2) return
      const index = new PatternIndex()
      match.model.forEach((pattern, position) =>
        index.add({ route: position, pattern: normaliseGlob(pattern), box: anyBox }),
      )
      match.model.forEach((pattern, position) => {
        const normal = normaliseGlob(pattern)
        const others = index.findCovering(normal).filter((other) => {
          // Of two that mean the same, the first stays.
          const isOther = other.pattern !== normal || other.route < position
          return isOther && covers(other.pattern, normal)
        })
        const [first] = others.sort((left, right) => left.route - right.route)
        const written = match.model?.[first?.route ?? -1]
        if (written === undefined) return
        const path = ['ai_routes', route, 'match', 'model', position]
        report({
          path,
          message: `${quote(pattern)} adds nothing to route ${quote(name)}: ${quote(written)} in the same list matches it`,
          help: `take ${quote(pattern)} out of the list`,
          edit: { kind: 'remove-entry', path },
        })
      })
    })
  },
}
