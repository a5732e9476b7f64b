import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Diagnostic,
  closest,
  didYouMean,
  editDistance,
  enumerate,
  hasErrors,
  nowhere,
  quote,
  sortDiagnostics,
  toDiagnostic,
} from './diagnostics.ts'

describe('closest', () => {
  const known = ['provider', 'model', 'weight', 'max_latency_ms', 'self_hosted', 'on']
  it.each([
    ['provdier', 'provider'],
    ['Model', 'model'],
    ['max-latency-ms', 'max_latency_ms'],
    ['max_latency', 'max_latency_ms'],
    ['no', 'on'],
    ['selfhosted', 'self_hosted'],
    ['colour', null],
    ['', null],
    ['x', null],
  ])('%s → %s', (word, expected) => {
    expect(closest(word, known)).toBe(expected)
  })

  it('takes the first of equally near words', () => {
    expect(closest('aat', ['aab', 'aac'])).toBe('aab')
    expect(didYouMean('zzzzzz', known)).toBeUndefined()
    expect(didYouMean('wieght', known)).toEqual({ help: 'did you mean `weight`?' })
  })
})

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['abc', 'abc', 0],
    ['abc', 'acb', 1],
    ['kitten', 'sitting', 3],
  ])('%s, %s: %i', (left, right, distance) => {
    expect(editDistance(left, right)).toBe(distance)
  })

  it('is symmetric, zero only for equal words, and at most the longer word', () => {
    const word = fc.string({ maxLength: 12 })
    fc.assert(
      fc.property(word, word, (left, right) => {
        const distance = editDistance(left, right)
        expect(distance).toBe(editDistance(right, left))
        expect(distance === 0).toBe(left === right)
        expect(distance).toBeLessThanOrEqual(Math.max(left.length, right.length))
      }),
    )
  })
})

describe('quote', () => {
  it.each([
    ['a name', '`a name`'],
    ['sk-proj-0123456789abcdef0123', '`[removed]`'],
    ['line\nbreak `tick`', '`line break  tick `'],
  ])('%j', (text, expected) => {
    expect(quote(text)).toBe(expected)
  })

  it('is never long', () => {
    expect(quote('word '.repeat(100)).length).toBe(82)
  })
})

describe('lists of diagnostics', () => {
  const at = (line: number, column: number, rest: Partial<Diagnostic> = {}): Diagnostic => ({
    code: 'a',
    severity: 'error',
    message: '',
    path: '',
    file: 'f',
    line,
    column,
    help: null,
    ...rest,
  })

  it('are sorted by file, place, severity and code, whatever order they came in', () => {
    const sorted = [
      at(1, 1),
      at(1, 2, { code: 'b' }),
      at(1, 2, { severity: 'warning' }),
      at(2, 1, { path: 'a' }),
      at(2, 1, { path: 'b' }),
      at(10, 1),
      at(1, 1, { file: 'g' }),
    ]
    fc.assert(
      fc.property(fc.shuffledSubarray(sorted, { minLength: sorted.length }), (shuffled) => {
        const before = [...shuffled]
        expect(sortDiagnostics(shuffled)).toEqual(sorted)
        expect(shuffled).toEqual(before)
      }),
    )
  })

  it('have errors or only talk', () => {
    expect(hasErrors([at(1, 1, { severity: 'warning' }), at(1, 1, { severity: 'info' })])).toBe(false)
    expect(hasErrors([at(1, 1, { severity: 'warning' }), at(1, 1)])).toBe(true)
  })
})

it('a problem becomes a diagnostic with a place', () => {
  const problem = { code: 'x', path: ['models', 'a/b', 0], message: 'm' }
  expect(toDiagnostic(problem, { file: null, locate: nowhere })).toEqual({
    code: 'x',
    severity: 'error',
    message: 'm',
    path: 'models["a/b"][0]',
    file: null,
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 1,
    help: null,
  })
  expect(enumerate(['a', 'b', 'c'], 'and')).toBe('a, b and c')
  expect(enumerate(['a'], 'or')).toBe('a')
})
