import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { recordedLosses, tellRequests, tellWhy } from '../recorded-losses.ts'
import { modelPath } from '../rule.ts'
import type { ManifestRule } from '../rule.ts'

export const recordedApproximation: ManifestRule = {
  severity: 'info',
  summary: 'a part of recorded requests that a candidate would be asked for in another way',
  needsCapture: true,
  find(subject, report) {
    for (const loss of recordedLosses(subject)) {
      const { above, candidate } = loss
      if (loss.fidelity !== 'approximated') continue
      const where = above === null ? '' : ` where it is above ${above}, and how often it is was not recorded`
      report({
        path: modelPath(candidate),
        message: `${tellRequests(loss)}, which ${quote(candidate.target.id)} would be asked for in another way${where}${tellWhy(loss)}`,
        help: 'see whether that is near enough; callers are told in `x-aigw-lost`, with `;approximated`',
      })
    }
  },
}
