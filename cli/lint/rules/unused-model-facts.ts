import { didYouMean, quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { splitTarget } from '../../../gateway/core/manifest/references.ts'
import type { ManifestRule } from '../rule.ts'

export const unusedModelFacts: ManifestRule = {
  severity: 'warning',
  summary: 'facts about a model that no route uses, often by a slip of spelling',
  find({ manifest, table }, report) {
    const used = new Set<string>()
    for (const { connection, model } of table.routes.flatMap(({ candidates }) => candidates)) {
      used.add(`${connection.name}/${model}`)
      used.add(`${connection.provider.id}/${model}`)
    }
    for (const { cheaper_model: cheaper } of manifest.quotas ?? []) {
      const name = cheaper === undefined ? null : splitTarget(cheaper)
      if (name !== null) used.add(`${name.provider}/${name.model}`)
    }
    for (const key of Object.keys(manifest.models ?? {})) {
      if (used.has(key)) continue
      report({
        path: ['models', key],
        message: `no route uses ${quote(key)}: its price and context window count for nothing`,
        help:
          didYouMean(key, used)?.help ??
          'write the name as in the target, `connection/model` or `type/model`; or remove the entry',
        spot: { part: 'key' },
      })
    }
  },
}
