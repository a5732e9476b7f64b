import { didYouMean, quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { currentModels, findKnownModel, knownModelsOf } from '../known-models.ts'
import { candidatesOf, modelPath } from '../rule.ts'
import type { ManifestRule } from '../rule.ts'

export const unknownModel: ManifestRule = {
  severity: 'info',
  summary: 'a model that is not among those known of its provider',
  find({ manifest, table, nowMs }, report) {
    for (const route of table.routes) {
      for (const candidate of candidatesOf(manifest, route)) {
        const { connection, model } = candidate.target
        const models = knownModelsOf(connection)
        // A model that somebody trained has a name of its own.
        if (models === null || !models.isWhole || model.includes(':') || findKnownModel(connection, model) !== null)
          continue
        const near = didYouMean(model, currentModels(models, nowMs))?.help
        report({
          path: modelPath(candidate),
          message: `${connection.provider.title} had no model ${quote(model)} when this list was made (${models.checked})`,
          help: near ?? 'check its spelling; if it came out later, all is well',
        })
      }
    }
  },
}
