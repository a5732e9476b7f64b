import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { count } from '../../wording.ts'
import { findKnownModel, tellSource } from '../known-models.ts'
import { candidatesOf, modelPath } from '../rule.ts'
import type { ManifestRule } from '../rule.ts'

const dayMs = 86_400_000
/** Time to choose, try and roll out another model. */
const noticeDays = 120

export const retiringModel: ManifestRule = {
  severity: 'info',
  summary: 'a model that its provider will retire within 120 days',
  find({ manifest, table, nowMs }, report) {
    for (const route of table.routes) {
      for (const candidate of candidatesOf(manifest, route)) {
        const { connection, model } = candidate.target
        const known = findKnownModel(connection, model)
        if (known === null || known.retires === null) continue
        const days = Math.ceil((Date.parse(known.retires) - nowMs) / dayMs)
        if (days <= 0 || days > noticeDays) continue
        const instead = known.replacement === null ? 'choose another model' : `try ${quote(known.replacement)}`
        report({
          path: modelPath(candidate),
          message: `${connection.provider.title} will retire ${quote(model)} on ${known.retires}, in ${count(days, 'day')}`,
          help: `${instead} before that (${tellSource(connection)})`,
        })
      }
    }
  },
}
