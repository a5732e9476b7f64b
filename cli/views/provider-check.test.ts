import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ConnectionCheck } from '../../gateway/core/providers/check-outcome.ts'
import { checkOutcomes, severityOf } from '../../gateway/core/providers/check-outcome.ts'
import { fakeContext } from '../testing/context.ts'
import { renderChecks, renderChecksJson } from './provider-check.ts'

const outputOf = (columns?: number) =>
  fakeContext({ cwd: '/', ...(columns !== undefined && { columns }) }).context.stdout

const fine: ConnectionCheck = {
  connection: 'azure-eu',
  type: 'azure-openai',
  outcome: 'ok',
  message: 'answered',
  help: null,
  status: 200,
  call: 'GET https://azure.example/openai/models',
  ms: 143,
  costs: 'nothing',
  models: [
    { model: 'gpt-5', found: null },
    { model: 'gpt-6', found: true },
  ],
}
const refused: ConnectionCheck = {
  ...fine,
  connection: 'b',
  type: 'bedrock',
  outcome: 'key_refused',
  message: 'no such key',
  help: 'the key is that of KEY',
  status: 403,
  costs: 'a token',
  models: [],
}

describe('what a check found', () => {
  it('stands in columns, with what to do below', () => {
    expect(renderChecks([fine, refused], outputOf())).toBe(`ok           azure-eu  143 ms
    GET https://azure.example/openai/models
    1 model there: gpt-6
key refused  b         143 ms
    GET https://azure.example/openai/models, answered 403; it costs a token
    no such key
    the key is that of KEY

2 connections: 1 ok, 1 key refused
`)
  })

  it('is not wider than the terminal', () => {
    const long = { ...refused, message: 'a word '.repeat(40).trim() }
    const lines = renderChecks([long], outputOf(60)).split('\n')
    expect(lines.filter((line) => line.length > 60)).toEqual([])
  })

  it('shows what a provider wrote, and never lets a terminal obey it', () => {
    const said = '\u001b[2J\u001b]0;mine\u0007 and \u202eback'
    const shown = renderChecks([{ ...refused, message: said }], outputOf())
    for (const obeyed of ['\u001b', '\u0007', '\u202e']) expect(shown).not.toContain(obeyed)
    expect(shown).toContain(String.raw`\u001b[2J\u001b]0;mine\u0007 and \u202eback`)
  })

  it('says that there was nothing to call', () => {
    expect(renderChecks([], outputOf())).toContain('no connection')
  })

  it('as JSON says how much each weighs', () => {
    expect(JSON.parse(renderChecksJson([fine, refused]))).toMatchObject({
      connections: [
        { connection: 'azure-eu', outcome: 'ok', severity: null, ms: 143 },
        { connection: 'b', outcome: 'key_refused', severity: 'error', status: 403, help: 'the key is that of KEY' },
      ],
    })
  })

  it('is explained on the page, each word with its weight', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/checking-providers.md'), 'utf8')
    const rows = [...page.matchAll(/^\| (.+?) +\| .+? +\| (error|warning)? *\|$/gm)]
    const explained = rows.map(([, word = '', weight = '']) => [word, weight]).filter(([word]) => word !== 'told as')
    const expected = checkOutcomes.map((outcome) => {
      const [line = ''] = renderChecks([{ ...fine, outcome, ms: null }], outputOf()).split('\n')
      return [line.replace(/ +azure-eu$/, ''), severityOf(outcome) ?? '']
    })
    expect(explained).toEqual(expected)
  })
})
