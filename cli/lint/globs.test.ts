import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesGlob } from '../../gateway/core/routing/route-index.ts'
import { covers, findCommon, findUncovered, isExact, normaliseGlob } from './globs.ts'

describe('covers', () => {
  it.each([
    ['*', 'gpt-4o'],
    ['*', '*'],
    ['gpt-*', 'gpt-4o*'],
    ['gpt-*', 'gpt-*-mini'],
    ['*-mini', 'gpt-*-mini'],
    ['gpt-?', 'gpt-?'],
    ['gpt-*', 'gpt-??'],
    ['?*', 'a*'],
    ['*a*', '*ba?'],
    ['a*b*c', 'a*bb*c'],
  ])('%s covers %s', (outer, inner) => {
    expect(covers(outer, inner)).toBe(true)
  })

  it.each([
    ['gpt-4o', 'gpt-*'],
    ['gpt-?', 'gpt-*'],
    ['a?*', 'a*'],
    ['gpt-*', '*'],
    ['*-mini', 'gpt-*'],
    ['gpt-4?', 'gpt-4'],
    ['GPT-*', 'gpt-4'],
    ['a*b*c', 'a*c'],
  ])('%s does not cover %s', (outer, inner) => {
    expect(covers(outer, inner)).toBe(false)
  })

  it('is decided by every name there is, for patterns of a small alphabet', () => {
    const unit = fc.constantFrom('a', 'b', '*', '?')
    const pattern = fc.string({ unit, minLength: 1, maxLength: 5 }).map(normaliseGlob)
    fc.assert(
      fc.property(pattern, pattern, (outer, inner) => {
        // A difference between two such patterns shows in a name no longer than both together.
        const isCovered = names.every((name) => !matchesGlob(name, inner) || matchesGlob(name, outer))
        expect(covers(outer, inner)).toBe(isCovered)
        const common = names.some((name) => matchesGlob(name, inner) && matchesGlob(name, outer))
        expect(findCommon(outer, inner) !== null).toBe(common)
      }),
      { numRuns: 300 },
    )
  })
})

/** Every text of up to seven signs of an alphabet with one sign that no pattern has. */
const names: string[] = ['a', 'b', 'c']
for (const name of names) if (name.length < 7) names.push(...['a', 'b', 'c'].map((sign) => name + sign))

describe('findUncovered', () => {
  it.each([
    ['a*', ['a?*'], 'a'],
    ['a*', ['a?*', 'a'], null],
    ['a*c', ['a?*c'], 'ac'],
    ['a*c', ['a?*c', 'ac'], null],
    ['??', ['a?', '?a'], 'xx'],
    ['gpt-*', ['gpt-4*'], 'gpt-'],
    ['*', ['?', '??*'], null],
  ])('of %s without %j: %s', (inner, outers, expected) => {
    expect(findUncovered([inner], outers)).toBe(expected)
  })
})

it('finds a name in several that is not in others', () => {
  expect(findUncovered(['gpt-4*', '*-mini'], ['gpt-4-mini'])).toBe('gpt-4g-mini')
  expect(findUncovered(['gpt-4*', '*-mini'], ['gpt-*i'])).toBeNull()
})

describe('findCommon', () => {
  it.each([
    ['gpt-4*', '*-mini', 'gpt-4-mini'],
    ['gpt-*', 'claude-*', null],
    ['a?c', '?b?', 'abc'],
    ['*', '*', 'x'],
    ['x*', '*', 'x'],
  ])('of %s and %s: %s', (left, right, expected) => {
    expect(findCommon(left, right)).toBe(expected)
  })
})

it('spells runs of wildcards in one way', () => {
  const spelled = ['a**', 'a*?', 'a?*?b', '???', 'plain', '*?']
  expect(spelled.map(normaliseGlob)).toEqual(['a*', 'a?*', 'a??*b', '???', 'plain', '*'])
  expect(['plain', 'a?', '*'].map(isExact)).toEqual([true, false, false])
})
