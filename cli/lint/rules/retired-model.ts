import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { findKnownModel, tellSource } from '../known-models.ts'
import { candidatesOf, modelPath } from '../rule.ts'
import type { ManifestRule } from '../rule.ts'

export const retiredModel: ManifestRule = {
  severity: 'warning',
  summary: 'a model that its provider has retired',
  find({ manifest, table, nowMs }, report) {
    for (const route of table.routes) {
      for (const candidate of candidatesOf(manifest, route)) {
        const { connection, model } = candidate.target
        const known = findKnownModel(connection, model)
        if (known === null || known.retires === null || Date.parse(known.retires) > nowMs) continue
        const instead = known.replacement === null ? 'use a current model' : `use ${quote(known.replacement)}`
        report({
          path: modelPath(candidate),
          message: `${quote(model)} was retired by ${connection.provider.title} on ${known.retires}: every request to it fails`,
          help: `${instead} (${tellSource(connection)})`,
        })
      }
    }
  },
}
