import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { listCallers, takenCallers } from '../conditions.ts'
import type { ManifestRule } from '../rule.ts'

export const credentialWithoutRoute: ManifestRule = {
  severity: 'warning',
  summary: 'a credential that no route takes requests from',
  find({ manifest }, report) {
    const callers = listCallers(manifest)
    const served = new Set<string>()
    for (const { match } of manifest.ai_routes) {
      const taken = takenCallers(match, callers)
      // A route for everybody is a route for each.
      if (taken === null) return
      for (const name of taken) served.add(name)
    }
    manifest.credentials?.forEach(({ name, disabled }, index) => {
      if (disabled === true || served.has(name)) return
      report({
        path: ['credentials', index, 'name'],
        message: `no route takes requests of ${quote(name)}: whatever it asks for is answered 404`,
        help: `add ${quote(name)} to \`match.credential\` of a route, or remove the credential`,
      })
    })
  },
}
