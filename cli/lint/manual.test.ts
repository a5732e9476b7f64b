/** `docs/lint.md`, held against the rules it lists and the examples it shows. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { validateConfig } from '../../schemas/validate-config.ts'
import { rules } from './registry.ts'
import { isRuleId, ruleIds } from './rule-ids.ts'
import { scopes } from './suppressions.ts'
import { lint } from './testing/lint.ts'

const folder = join(import.meta.dirname, '../../docs')
const manual = readFileSync(join(folder, 'lint.md'), 'utf8')
const examples = [...manual.matchAll(/```yaml\n(.*?)```/gs)].map(([, block = '']) => block)

describe('the manual', () => {
  it('lists every rule as it is, in order, with a link to its page', () => {
    const rows = [...manual.matchAll(/^\| \[([a-z-]+)\]\(([^)]+)\) +\| (\w+) +\| ([a-z, ]*?) *\| (.*?) +\|$/gm)].map(
      ([, id, link = '', severity, marks, summary]) => ({ id, link, severity, marks, summary }),
    )
    const expected = ruleIds.map((id) => {
      const { severity, summary, fixes, needsCapture } = rules[id]
      const marks = [...(fixes === true ? ['fix'] : []), ...(needsCapture === true ? ['capture'] : [])].join(', ')
      return { id, link: `../cli/lint/rules/${id}.md`, severity, marks, summary }
    })
    expect(rows).toEqual(expected)
    for (const { link } of rows) expect(existsSync(join(folder, link))).toBe(true)
  })

  it('shows settings that are valid, and rules that exist', () => {
    const config = validateConfig(parse(examples[0] ?? ''))
    expect(config).toMatchObject({ valid: true, value: { lint: { rules: { 'unknown-model': 'off' } } } })
    const names = config.valid ? Object.keys(config.value.lint?.rules ?? {}) : []
    expect(names.filter((name) => !isRuleId(name))).toEqual([])
  })

  it('shows a suppression that suppresses', async () => {
    const { suppressed, diagnostics, isValid } = await lint(examples[1] ?? '')
    expect({ isValid, suppressed }).toEqual({ isValid: true, suppressed: 1 })
    expect(diagnostics.map(({ code }) => code)).not.toContain('invalid-suppression')
  })

  it('names every scope of a suppression', () => {
    for (const scope of scopes) expect(manual).toContain(`# aigw-lint-disable-${scope} RULE -- why`)
  })
})
