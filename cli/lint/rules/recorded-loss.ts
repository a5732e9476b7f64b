import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { count } from '../../wording.ts'
import { candidatesOf, modelPath } from '../rule.ts'
import type { ManifestRule } from '../rule.ts'

/** As many fields as a sentence can hold. */
const shown = 5

export const recordedLoss: ManifestRule = {
  severity: 'warning',
  summary: 'a candidate at which recorded requests would lose something',
  needsCapture: true,
  find({ manifest, table, capture }, report) {
    for (const route of table.routes) {
      const traffic = capture?.routes.get(route.index)
      if (traffic === undefined) continue
      for (const candidate of candidatesOf(manifest, route)) {
        const losses = traffic.losses.get(candidate.target.index)
        if (losses === undefined) continue
        const fields = [...losses.fields].sort(([, left], [, right]) => right - left)
        const named = fields.slice(0, shown).map(([field, requests]) => `${quote(field)} (${requests})`)
        if (fields.length > shown) named.push(`${fields.length - shown} more`)
        const share = `${losses.requests} of ${count(traffic.requests, 'recorded request')}`
        const fate = route.refuseLoss ? 'would not be served by' : 'would lose something at'
        report({
          path: modelPath(candidate),
          message: `${share} of route ${quote(route.name)} ${fate} ${quote(candidate.target.id)}: ${named.join(', ')}`,
          help: `send such requests elsewhere by an earlier route (\`match.has\`), or accept it: callers are told in \`x-aigw-lost\``,
        })
      }
    }
  },
}
