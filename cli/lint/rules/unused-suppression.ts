import { enumerate, quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { isRuleId } from '../rule-ids.ts'
import type { SuppressionRule } from '../rule.ts'
import type { Scope } from '../suppressions.ts'

const places: Readonly<Record<Scope, string>> = {
  'next-line': 'on the next line',
  route: 'in its route',
  file: 'in this file',
}

export const unusedSuppression: SuppressionRule = {
  severity: 'warning',
  summary: 'a comment that suppresses nothing',
  fixes: true,
  judge({ suppressions, judged }, report) {
    for (const { scope, rules, reason, used, span, start, end } of suppressions) {
      if (scope === null || reason === '') continue
      // A rule that had no chance to run, for want of recorded traffic, may yet need it.
      const unused = rules.filter((rule) => isRuleId(rule) && judged.has(rule) && !used.has(rule))
      if (unused.length === 0) continue
      const isAll = unused.length === rules.length
      report({
        span,
        message: `${enumerate(unused.map(quote), 'and')} ${unused.length === 1 ? 'finds' : 'find'} nothing ${places[scope]}: there is nothing to suppress`,
        help: isAll ? 'remove the comment' : `take ${enumerate(unused.map(quote), 'and')} out of the comment`,
        ...(isAll ? { edit: { kind: 'remove-comment', start, end } } : {}),
      })
    }
  },
}
