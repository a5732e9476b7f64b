import { enumerate, quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { count } from '../../wording.ts'
import type { ManifestRule } from '../rule.ts'

/** As many models as a sentence can hold. */
const shown = 5

export const recordedWithoutRoute: ManifestRule = {
  severity: 'warning',
  summary: 'recorded requests that no route takes',
  needsCapture: true,
  find({ capture }, report) {
    const models = [...(capture?.unrouted ?? [])].sort(([, left], [, right]) => right - left)
    if (capture === null || models.length === 0) return
    const total = models.reduce((sum, [, requests]) => sum + requests, 0)
    const named = models.slice(0, shown).map(([model, requests]) => `${quote(model)} (${requests})`)
    if (models.length > shown) named.push(`${count(models.length - shown, 'model')} more`)
    report({
      path: ['ai_routes'],
      message: `of ${count(capture.requests, 'recorded request')} no route takes ${total}, and they would be answered 404: ${enumerate(named, 'and')}`,
      help: `add the models to a route, or a route without \`match.model\` at the end`,
      spot: { part: 'key' },
    })
  },
}
