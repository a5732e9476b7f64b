import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildRouteIndex, matchesGlob } from './route-index.ts'
import type { CompiledRoute } from './table.ts'

/** Only what the index looks at. */
function route(index: number, models: readonly string[]): CompiledRoute {
  return { index, name: `r${index}`, match: { models } } as unknown as CompiledRoute
}

function names(routes: readonly CompiledRoute[]): string[] {
  return routes.map(({ name }) => name)
}

describe('buildRouteIndex', () => {
  const find = buildRouteIndex([
    route(0, ['gpt-4o-mini']),
    route(1, ['gpt-*', 'gpt-4o-mini', 'gpt-4o*']),
    route(2, []),
    route(3, ['*-mini']),
    route(4, ['gpt-4o-mini']),
    route(5, ['gpt-4?']),
  ])

  it.each([
    ['gpt-4o-mini', ['r0', 'r1', 'r2', 'r3', 'r4']],
    ['gpt-4o', ['r1', 'r2', 'r5']],
    ['gpt-4', ['r1', 'r2']],
    ['o3-mini', ['r2', 'r3']],
    ['GPT-4o', ['r2']],
    ['', ['r2']],
    ['__proto__', ['r2']],
  ])('%s', (model, expected) => {
    expect(names(find(model))).toEqual(expected)
  })

  it('gives nothing where nothing matches', () => {
    expect(buildRouteIndex([route(0, ['a', 'b?'])])('constructor')).toEqual([])
    expect(buildRouteIndex([])('a')).toEqual([])
  })

  const letters = fc.constantFrom('a', 'b', '-')
  const model = fc.string({ unit: letters, maxLength: 6 })
  const pattern = fc.string({ unit: fc.oneof(letters, fc.constantFrom('*', '?')), minLength: 1, maxLength: 6 })

  it('finds what walking all routes finds, in the same order', () => {
    fc.assert(
      fc.property(fc.array(fc.array(pattern, { maxLength: 3 }), { maxLength: 12 }), model, (patterns, asked) => {
        const routes = patterns.map((models, index) => route(index, models))
        const walked = routes.filter(
          ({ match }) => match.models.length === 0 || match.models.some((each) => toRegExp(each).test(asked)),
        )
        expect(names(buildRouteIndex(routes)(asked))).toEqual(names(walked))
      }),
      { numRuns: 2_000 },
    )
  })

  it('is as fast among ten thousand routes as among ten', () => {
    const few = buildRouteIndex(
      Array.from({ length: 10 }, (_, index) => route(index, [`model-${index}`, `m${index}-*`])),
    )
    const many = buildRouteIndex(
      Array.from({ length: 10_000 }, (_, index) => route(index, [`model-${index}`, `m${index}-*`])),
    )
    const timeOf = (findRoutes: (model: string) => unknown): number => {
      const started = performance.now()
      for (let turn = 0; turn < 20_000; turn += 1) findRoutes(turn % 2 === 0 ? 'model-7' : 'm7-large')
      return performance.now() - started
    }
    timeOf(few)
    timeOf(many)
    expect(names(many('model-9999'))).toEqual(['r9999'])
    expect(names(many('m9999-x'))).toEqual(['r9999'])
    // Five beginnings' lengths instead of two, so a little more; walking would be hundreds of times more.
    expect(timeOf(many)).toBeLessThan(timeOf(few) * 20 + 20)
  })
})

describe('matchesGlob', () => {
  it.each([
    ['', '*', true],
    ['', '?', false],
    ['a/b', 'a*', true],
    ['a/b', 'a?b', true],
    ['a.b', 'a.b', true],
    ['axb', 'a.b', false],
    ['abab', '*ab', true],
    ['abc', '*b', false],
  ])('%j, %j: %s', (text, pattern, expected) => {
    expect(matchesGlob(text, pattern)).toBe(expected)
  })

  it('takes no exponential time', () => {
    const started = performance.now()
    expect(matchesGlob('a'.repeat(5_000), `${'*a'.repeat(30)}b`)).toBe(false)
    expect(performance.now() - started).toBeLessThan(500)
  })
})

function toRegExp(glob: string): RegExp {
  const source = glob
    .split('')
    .map((sign) => (sign === '*' ? '.*' : sign === '?' ? '.' : sign.replace('-', '\\-')))
    .join('')
  return new RegExp(`^${source}$`, 's')
}
