/** Every page of a rule, held against the rule: its examples are run. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readLine } from '../replay/forms.ts'
import type { ReplayRequest } from '../replay/request.ts'
import { rules } from './registry.ts'
import { type RuleId, commentRuleIds, ruleIds } from './rule-ids.ts'
import { type LintTestOptions, findings, fix, lint } from './testing/lint.ts'

const folder = join(import.meta.dirname, 'rules')
const sections = ['Why it hurts', 'How to repair it', 'Example', 'To suppress it']

const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, block = '']) => block)

/** The recorded lines of a page, as often as a rule may ask for before it believes them. */
function requestsOf(page: string): readonly ReplayRequest[] | undefined {
  const lines = blocks(page, 'json')
  if (lines.length === 0) return undefined
  const read = lines.flatMap((line) => {
    const { request } = readLine({ where: 'page', value: JSON.parse(line) }, { model: null, stream: false })!
    return { ...request, index: 0, facts: { ...request.facts, seed: { high: 1, low: 1 } } }
  })
  return Array.from({ length: 20 }, () => read).flat()
}

it('stands beside its rule and its test, and nothing else does', () => {
  const expected = ruleIds.flatMap((id) => [`${id}.md`, `${id}.test.ts`, `${id}.ts`])
  expect(readdirSync(folder).sort()).toEqual(expected.sort())
})

interface Page {
  readonly text: string
  readonly before: string
  readonly after: string
  readonly options: LintTestOptions
}

function pageOf(id: RuleId): Page {
  const text = readFileSync(join(folder, `${id}.md`), 'utf8')
  const [before = '', after = ''] = blocks(text, 'yaml')
  const requests = requestsOf(text)
  return { text, before, after, options: requests === undefined ? {} : { requests } }
}

describe.each(ruleIds)('%s', (id) => {
  const { text, before, after, options } = pageOf(id)

  it('has a page with every part', () => {
    expect(text.startsWith(`# ${id}\n\n`)).toBe(true)
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual(sections)
    for (const part of text.split(/^## .*$/m)) expect(part.trim().length).toBeGreaterThan(15)
  })

  it('finds something before, and nothing after', async () => {
    expect(await findings(id, before, options)).not.toEqual([])
    expect(await findings(id, after, options)).toEqual([])
  })

  it('says what to do', async () => {
    for (const { code, help, message } of (await lint(before, options)).diagnostics) {
      expect([code, message.length > 20, (help ?? '').length > 10]).toEqual([code, true, true])
    }
  })

  it('can be switched off', async () => {
    expect(await findings(id, before, { ...options, severities: { [id]: 'off' } })).toEqual([])
  })
})

describe.each(ruleIds.filter((id) => !commentRuleIds.has(id)))('%s', (id) => {
  it('is quiet with the comment of its page', async () => {
    const { text, before, options } = pageOf(id)
    const [, , comment = ''] = blocks(text, 'yaml')
    expect(comment).toContain(` ${id} -- `)
    const quiet = await lint(comment.replace(/disable-[a-z-]+/, 'disable-file') + before, options)
    expect(quiet.diagnostics.filter(({ code }) => code === id || commentRuleIds.has(code))).toEqual([])
    expect(quiet.suppressed).toBeGreaterThan(0)
  })
})

describe.each(ruleIds.filter((id) => rules[id].fixes === true))('%s', (id) => {
  it('can be repaired by machine, once and for all', async () => {
    const { before, after, options } = pageOf(id)
    // Of comments, only those without any sense are the machine's to remove; its page shows one that has.
    const isSense = id === 'invalid-suppression'
    const fixed = await fix(isSense ? before.replace('single-target', 'qqqqqqqq') : before, options)
    expect(await findings(id, fixed, options)).toEqual([])
    expect(await fix(fixed, options)).toBe(fixed)
    if (!isSense) expect(parse(fixed)).toEqual(parse(after))
  })
})

describe.each(ruleIds.filter((id) => rules[id].fixes !== true))('%s', (id) => {
  it('leaves the repair to people', async () => {
    const { before, options } = pageOf(id)
    const severities = Object.fromEntries(ruleIds.map((other) => [other, other === id ? 'warning' : 'off']))
    expect((await lint(before, { ...options, severities })).edits).toEqual([])
  })
})
