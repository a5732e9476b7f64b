import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { count } from '../../wording.ts'
import { type RecordedLoss, recordedLosses, tellRequests, tellWhy } from '../recorded-losses.ts'
import { modelPath } from '../rule.ts'
import type { ManifestRule } from '../rule.ts'

export const recordedRefusal: ManifestRule = {
  severity: 'warning',
  summary: 'recorded requests for which a candidate would be skipped, because it cannot express them',
  needsCapture: true,
  find(subject, report) {
    for (const loss of recordedLosses(subject)) {
      if (!loss.skips) continue
      const why = loss.fidelity === 'dropped' ? `${tellWhy(loss)}, under \`on_loss: refuse\`` : tellWhy(loss)
      report({
        path: modelPath(loss.candidate),
        message: `${tellRequests(loss)}, for which ${quote(loss.candidate.target.id)} would be skipped${why}; ${tellFate(loss)}`,
        help: 'add a candidate that can express it, or send such requests to one by an earlier route (`match.has`)',
      })
    }
  },
}

/** What is left for them. */
function tellFate({ traffic, route }: RecordedLoss): string {
  if (traffic.unserved > 0) {
    return `${count(traffic.unserved, 'request')} of the route would be answered 400, since every candidate is skipped`
  }
  const others = route.candidates.length - 1
  return others === 1 ? 'the other candidate would serve them' : 'another candidate would serve them'
}
