import { didYouMean, quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { splitTarget } from '../../../gateway/core/manifest/references.ts'
import type { ManifestRule } from '../rule.ts'

export const unusedConnection: ManifestRule = {
  severity: 'info',
  summary: 'a connection that no route uses',
  find({ manifest, table }, report) {
    const used = new Set(table.routes.flatMap(({ candidates }) => candidates.map(({ connection }) => connection.name)))
    for (const { cheaper_model: cheaper } of manifest.quotas ?? []) {
      const name = cheaper === undefined ? null : splitTarget(cheaper)
      if (name !== null) used.add(name.provider)
    }
    for (const name of Object.keys(manifest.providers ?? {})) {
      if (used.has(name)) continue
      report({
        path: ['providers', name],
        message: `no route uses the connection ${quote(name)}`,
        help: didYouMean(name, used)?.help ?? 'remove it, or name it as `provider` of a target',
        spot: { part: 'key' },
      })
    }
  },
}
