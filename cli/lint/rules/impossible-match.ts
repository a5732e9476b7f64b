import { enumerate, quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { toList } from '../../../gateway/core/manifest/references.ts'
import { listCallers, takenCallers } from '../conditions.ts'
import type { ManifestRule } from '../rule.ts'

export const impossibleMatch: ManifestRule = {
  severity: 'warning',
  summary: 'a route that asks for a credential and for an organization the credential does not belong to',
  find({ manifest }, report) {
    const callers = listCallers(manifest)
    manifest.ai_routes.forEach(({ match, name }, route) => {
      if (match.credential === undefined || match.organization === undefined) return
      const taken = takenCallers(match, callers)
      const strangers = toList(match.credential).filter((credential) => taken !== null && !taken.has(credential))
      if (strangers.length === 0) return
      const organizations = enumerate(toList(match.organization).map(quote), 'or')
      const belong = strangers.length === 1 ? 'does not belong' : 'do not belong'
      const nobody = taken?.size === 0 ? ', so the route gets no request' : ''
      report({
        path: ['ai_routes', route, 'match', 'credential'],
        message: `route ${quote(name)} asks for both, but ${enumerate(strangers.map(quote), 'and')} ${belong} to ${organizations}${nobody}`,
        help: `leave \`organization\` or ${enumerate(strangers.map(quote), 'and')} out of the match, or give the credential that \`organization\``,
      })
    })
  },
}
