import { describe, expect, test } from 'vitest'
import { complete } from './complete.ts'
import type { CommandShape } from './tree.ts'

const option = (names: string[], value: string | null = null, choices: string[] = [], isOptional = false) => ({
  names,
  description: `about ${names[0] ?? ''}`,
  value,
  isOptional,
  choices,
})

const leaf: CommandShape = { name: '', summary: '', options: [], arguments: [], commands: [] }
const root: CommandShape = {
  ...leaf,
  name: 'aigw',
  options: [option(['--version', '-V'])],
  commands: [
    {
      ...leaf,
      name: 'validate',
      summary: 'check',
      options: [
        option(['--format'], 'format', ['human', 'json', 'junit']),
        option(['--env'], 'name'),
        option(['--explain'], 'code', [], true),
        option(['--quiet', '-q']),
      ],
      arguments: [{ name: 'file', isVariadic: true, choices: [] }],
    },
    { ...leaf, name: 'diff', arguments: ['from', 'to'].map((name) => ({ name, isVariadic: false, choices: [] })) },
    {
      ...leaf,
      name: 'plan',
      commands: [{ ...leaf, name: 'show', arguments: [{ name: 'plan', isVariadic: false, choices: [] }] }],
    },
    { ...leaf, name: 'completion', arguments: [{ name: 'shell', isVariadic: false, choices: ['bash', 'zsh'] }] },
    { ...leaf, name: 'help' },
  ],
}

function tell(...words: string[]): unknown {
  const { before, candidates, kinds } = complete(root, words)
  return [candidates.map(({ value }) => value).join(' '), kinds.join(' '), before].filter((text) => text !== '')
}

describe('completing', () => {
  test.each<[string, string[], string[]]>([
    ['commands', [''], ['validate diff plan completion help']],
    ['a command', ['va'], ['validate']],
    ['nothing of the kind', ['zz'], []],
    ['commands of a command', ['plan', ''], ['show']],
    ['after help', ['help', 'd'], ['diff']],
    ['flags', ['validate', '--'], ['--format --env --explain --quiet']],
    ['flags, with one dash', ['validate', '-'], ['--format --env --explain --quiet']],
    ['a short flag', ['validate', '-q'], ['-q']],
    ['flags that are left', ['validate', '--format', 'json', '-q', '--'], ['--env --explain']],
    ['a choice', ['validate', '--format', 'j'], ['json junit']],
    ['a choice after =', ['validate', '--format=ju'], ['junit', '--format=']],
    ['the value of a flag', ['validate', '--env', ''], ['environment']],
    ['the value of a flag after =', ['validate', '--env=p'], ['environment', '--env=']],
    ['an optional value', ['validate', '--explain', ''], ['code']],
    ['a flag instead of an optional value', ['validate', '--explain', '--f'], ['--format']],
    ['an argument', ['validate', ''], ['manifest']],
    ['another one', ['validate', 'a.yaml', '--format', 'json', 'b'], ['manifest']],
    ['the second argument', ['diff', 'a', ''], ['environment manifest']],
    ['no third', ['diff', 'a', 'b', ''], []],
    ['the argument of a command of a command', ['plan', 'show', ''], ['file']],
    ['a choice of an argument', ['completion', 'z'], ['zsh']],
    ['after --, only arguments', ['validate', '--', '--f'], ['manifest']],
    ['- as a file', ['validate', '-', ''], ['manifest']],
    ['an unknown flag is no value', ['validate', '--nothing', ''], ['manifest']],
    ['the value of an unknown flag', ['validate', '--nothing=x'], ['--nothing=x']],
    ['no words at all', [], ['validate diff plan completion help']],
  ])('%s', (_what, words, expected) => {
    expect(tell(...words)).toEqual(expected)
  })

  test('says what a candidate is', () => {
    expect(complete(root, ['va']).candidates).toEqual([{ value: 'validate', description: 'check' }])
    expect(complete(root, ['validate', '--q']).candidates).toEqual([{ value: '--quiet', description: 'about --quiet' }])
  })
})
