import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ruleIds } from './rule-ids.ts'
import { rules } from './registry.ts'
import { lint, manifest } from './testing/lint.ts'

const one = manifest('- {name: r, match: {model: m}, targets: [{provider: openai, model: gpt-5.5}]}')
const codes = async (...given: Parameters<typeof lint>) => (await lint(...given)).diagnostics.map(({ code }) => code)

describe('lintText', () => {
  it('gives diagnostics as validate gives them, in the order of the text', async () => {
    const { diagnostics, isValid } = await lint(one)
    expect(isValid).toBe(true)
    expect(diagnostics).toEqual([
      {
        code: 'no-self-hosted-last-resort',
        severity: 'info',
        message: 'route `r` has no self-hosted last resort: when `openai` is down, its requests fail',
        path: 'ai_routes[0].name',
        file: 'routes.yaml',
        line: 2,
        column: 12,
        endLine: 2,
        endColumn: 13,
        help: 'add `fallback: connection/model` of your own machines',
      },
      expect.objectContaining({ code: 'single-target', severity: 'warning', path: 'ai_routes[0].targets[0]' }),
    ])
  })

  it('takes severities from outside', async () => {
    const severities = { 'single-target': 'error', 'no-self-hosted-last-resort': 'off' } as const
    const { diagnostics } = await lint(one, { severities })
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['single-target', 'error']])
  })

  it('says the errors of a manifest that is not valid, and asks no rule', async () => {
    const { diagnostics, isValid } = await lint(one.replace('provider: openai', 'provider: opneai'))
    expect(isValid).toBe(false)
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['unknown-provider', 'error']])
  })

  it('looks at a manifest with its variables filled in, and points at them', async () => {
    const text = one.replace('gpt-5.5', '"${MODEL}"')
    expect(await codes(text, { variables: { MODEL: 'gpt-4' } })).toContain('retired-model')
    expect(await codes(text, { variables: { MODEL: 'gpt-5.5' } })).not.toContain('retired-model')
  })

  it('says the same twice', async () => {
    const text = readFileSync(join(import.meta.dirname, '../../test/fixtures/manifests/valid/everything.yaml'), 'utf8')
    const options = { variables: { AZURE_URL: 'https://eu.example' } }
    const [first, second] = [await lint(text, options), await lint(text, options)]
    expect(first.isValid).toBe(true)
    expect(second.diagnostics).toEqual(first.diagnostics)
  })

  it('says of the product note only that its model has an end', async () => {
    const text = readFileSync(join(import.meta.dirname, '../../examples/product-note/routes.yaml'), 'utf8')
    expect(await codes(text)).toEqual(['retiring-model'])
  })
})

describe('the rules', () => {
  it('are many, each with a sentence of its own', () => {
    expect(ruleIds.length).toBeGreaterThanOrEqual(22)
    expect(Object.keys(rules)).toEqual([...ruleIds])
    const sentences = ruleIds.map((id) => rules[id].summary)
    expect(new Set(sentences).size).toBe(ruleIds.length)
    for (const sentence of sentences) expect(sentence).toMatch(/^(a|an|the|recorded|facts) .{15,110}[^.]$/)
  })
})
