import { enumerate, quote } from '../../../gateway/core/manifest/diagnostics.ts'
import type { ManifestRule } from '../rule.ts'

const kinds = ['credential', 'organization', 'project'] as const

export const quotaCoversNobody: ManifestRule = {
  severity: 'warning',
  summary: 'a quota whose scope no credential has',
  find({ manifest }, report) {
    manifest.quotas?.forEach(({ scope, name }, quota) => {
      if (scope === 'everyone') return
      const asked = kinds.flatMap((kind) => (scope[kind] === undefined ? [] : [{ kind, text: scope[kind] }]))
      // A single name that nobody has is refused by the gateway itself.
      if (asked.length < 2) return
      const isMet = manifest.credentials?.some((credential) =>
        asked.every(({ kind, text }) => (kind === 'credential' ? credential.name : credential[kind]) === text),
      )
      if (isMet === true) return
      const conditions = enumerate(
        asked.map(({ kind, text }) => `${kind} ${quote(text)}`),
        'and',
      )
      report({
        path: ['quotas', quota, 'scope'],
        message: `quota ${quote(name)} limits nobody: no credential has ${conditions} at once`,
        help: 'all of the named must hold: leave out what does not belong to it, or make two quotas',
        spot: { part: 'key' },
      })
    })
  },
}
