import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { recordedLosses, tellRequests, tellWhy } from '../recorded-losses.ts'
import { modelPath } from '../rule.ts'
import type { ManifestRule } from '../rule.ts'

export const recordedLoss: ManifestRule = {
  severity: 'warning',
  summary: 'a part of recorded requests that a candidate would leave out',
  needsCapture: true,
  find(subject, report) {
    for (const loss of recordedLosses(subject)) {
      if (loss.fidelity !== 'dropped' || loss.skips) continue
      report({
        path: modelPath(loss.candidate),
        message: `${tellRequests(loss)}, which ${quote(loss.candidate.target.id)} would leave out${tellWhy(loss)}`,
        help: `send such requests elsewhere by an earlier route (\`match.has\`), or accept it: callers are told in \`x-aigw-lost\``,
      })
    }
  },
}
