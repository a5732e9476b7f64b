/** Where a code is explained: every code has a part of a page, or, a rule of lint, a page of its own. */
import { isRuleId } from '../lint/rule-ids.ts'

/** A path from the root of the repository and of the package; `#` leads to the part of the page. */
export function pageOf(code: string): string {
  return isRuleId(code) ? `cli/lint/rules/${code}.md` : `docs/diagnostics.md#${code}`
}
