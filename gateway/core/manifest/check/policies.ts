import type { RoutesManifest } from '../../../../schemas/index.ts'
import type { Report } from '../diagnostics.ts'

/** Of two policies of one kind in a chain only one could hold. */
export function checkPolicies(manifest: RoutesManifest, report: Report): void {
  for (const [name, chain] of Object.entries(manifest.policies ?? {})) {
    const seen = new Set<string>()
    chain.forEach((policy, index) => {
      for (const kind of Object.keys(policy)) {
        const path = ['policies', name, index, kind]
        const message = `this chain has a \`${kind}\` policy already`
        const help = 'make one of the two'
        if (seen.has(kind)) report({ code: 'duplicate-policy', path, message, help, spot: { part: 'key' } })
        seen.add(kind)
      }
    })
  }
}
