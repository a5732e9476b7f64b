import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { candidatesOf, modelPath } from '../rule.ts'
import type { ManifestRule } from '../rule.ts'

export const oneTargetForLongRequests: ManifestRule = {
  severity: 'info',
  summary: 'a route whose other candidates are all too small for its longest requests',
  find({ manifest, table }, report) {
    for (const route of table.routes) {
      const candidates = candidatesOf(manifest, route)
      const windows = candidates.map(({ target }) => target.contextWindow)
      const [largest = 0, second = 0] = windows.flatMap((window) => window ?? []).sort((left, right) => right - left)
      // A window that is not stated may be as large.
      if (windows.length < 2 || windows.includes(null) || largest === second) continue
      const only = candidates[windows.indexOf(largest)]
      if (only === undefined) continue
      report({
        path: modelPath(only),
        message: `only ${quote(only.target.id)} of route ${quote(route.name)} takes requests of more than ${second} tokens (up to ${largest}): when it fails, they fail`,
        help: 'add a candidate with a context window as large, or accept it and say so to its callers',
      })
    }
  },
}
