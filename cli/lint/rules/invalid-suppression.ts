import { closest, didYouMean, quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { commentRuleIds, isRuleId, ruleIds } from '../rule-ids.ts'
import type { CommentFinding, SuppressionRule } from '../rule.ts'
import { type Suppression, scopes } from '../suppressions.ts'

const directives = scopes.map((scope) => `disable-${scope}`)

export const invalidSuppression: SuppressionRule = {
  severity: 'warning',
  summary: 'a comment for lint without a reason, or with a word that lint does not know',
  fixes: true,
  judge({ suppressions }, report) {
    for (const suppression of suppressions) judgeOne(suppression, report)
  },
}

function judgeOne(suppression: Suppression, report: (finding: CommentFinding) => void): void {
  const { directive, scope, rules, reason, span, start, end } = suppression
  if (scope === null) {
    const written = quote(`aigw-lint-${directive}`)
    const known = `known are ${directives.map((each) => `\`aigw-lint-${each}\``).join(', ')}`
    report({
      span,
      message: `${written} is nothing that lint knows`,
      help: didYouMean(directive, directives)?.help ?? known,
    })
    return
  }
  const usage = `write \`# aigw-lint-${directive} RULE -- why\``
  if (rules.length === 0) {
    report({ span, message: `this comment names no rule, and suppresses nothing`, help: usage })
    return
  }
  for (const rule of rules.filter((each) => commentRuleIds.has(each))) {
    const help = `switch it off in aigw.yaml: \`lint: {rules: {${rule}: off}}\``
    report({ span, message: `${quote(rule)} judges comments, and no comment can suppress it`, help })
  }
  const unknown = rules.filter((rule) => !isRuleId(rule))
  for (const rule of unknown) {
    const help = didYouMean(rule, ruleIds)?.help ?? 'remove it; `aigw lint --explain` lists the rules'
    const isHopeless = unknown.length === rules.length && rules.every((each) => closest(each, ruleIds) === null)
    const edit = isHopeless ? ({ kind: 'remove-comment', start, end } as const) : undefined
    report({
      span,
      message: `there is no rule ${quote(rule)} to suppress`,
      help,
      ...(edit === undefined ? {} : { edit }),
    })
  }
  if (reason === '' && unknown.length < rules.length) {
    report({ span, message: 'this comment gives no reason, and suppresses nothing until it does', help: usage })
  }
}
