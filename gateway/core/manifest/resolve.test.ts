import { describe, expect, it } from 'vitest'
import { resolveVariables } from './resolve.ts'

const variables = { HOST: 'eu.example', EMPTY: '', TWICE: '${HOST}', toString_: 'x' }

describe('resolveVariables', () => {
  it.each([
    ['a whole text', '${HOST}', 'eu.example'],
    ['inside a text', 'https://${HOST}/v1', 'https://eu.example/v1'],
    ['several', '${HOST}/${HOST}', 'eu.example/eu.example'],
    ['an empty value is a value', 'a${EMPTY}b', 'ab'],
    ['a value is not looked at again', '${TWICE}', '${HOST}'],
    ['a doubled sign is a literal', 'a $${HOST} b', 'a ${HOST} b'],
    ['a lone sign means nothing', 'cost: $5 {HOST}', 'cost: $5 {HOST}'],
  ])('%s', (_title, text, expected) => {
    expect(resolveVariables(text, variables)).toEqual({ value: expected, problems: [] })
  })

  it('leaves keys, numbers and everything without a variable as it is', () => {
    const value = { '${HOST}': 1, list: [1, { deep: ['${HOST}', true, null] }], same: { untouched: 'x' } }
    const resolved = resolveVariables(value, variables)
    expect(resolved.value).toEqual({ ...value, list: [1, { deep: ['eu.example', true, null] }] })
    expect((resolved.value as typeof value).same).toBe(value.same)
    expect(value.list[1]).toEqual({ deep: ['${HOST}', true, null] })
  })

  it('returns the very same value when there is nothing to fill in', () => {
    const value = { a: ['b'] }
    expect(resolveVariables(value, variables).value).toBe(value)
  })

  it.each([
    ['${toString}', 'missing-variable'],
    ['${__proto__}', 'missing-variable'],
    ['${HOTS}', 'missing-variable'],
    ['${}', 'malformed-variable'],
    ['${host name}', 'malformed-variable'],
    ['${9LIVES}', 'malformed-variable'],
    ['${HOST', 'malformed-variable'],
  ])('tells %s with its path', (text, code) => {
    const { problems } = resolveVariables({ list: ['ok', text] }, variables)
    expect(problems.map((problem) => [problem.code, problem.path])).toEqual([[code, ['list', 1]]])
  })

  it('tells every variable that is missing, and never a value', () => {
    const { problems } = resolveVariables('${A} ${B}', { SECRET: 'do-not-show' })
    expect(problems.map(({ spot }) => spot?.word)).toEqual(['${A}', '${B}'])
    expect(JSON.stringify(problems)).not.toContain('do-not-show')
  })
})
