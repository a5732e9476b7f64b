import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import fc from 'fast-check'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { equal, ucs2length } from './runtime.ts'
import { type GeneratedValidator, makeValidate, renderPath } from './validation.ts'

const folder = import.meta.dirname

describe('generated files', () => {
  it('are what the generator makes today', async () => {
    const { exitCode, stderr } = await execa({ node: true, reject: false })`${join(folder, 'generate.ts')} --check`
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
  }, 60_000)

  it('import nothing but our own few helpers', () => {
    const validators = join(folder, 'generated/validators')
    for (const name of readdirSync(validators)) {
      const text = readFileSync(join(validators, name), 'utf8')
      expect(text, name).not.toMatch(/\brequire\s*\(|\bimport\s*\(\s*['"](?!\.\.\/\.\.\/validation\.ts)/)
      const imports = [...text.matchAll(/^import .* from '(.*)';?$/gm)].map(([, from]) => from)
      expect(
        imports.filter((from) => from !== '../../runtime.ts'),
        name,
      ).toEqual([])
    }
  })
})

describe('the helpers do what ajv’s own do', () => {
  const load = createRequire(import.meta.url)
  const ajvEqual = load('ajv/dist/runtime/equal').default as (left: unknown, right: unknown) => boolean
  const ajvLength = load('ajv/dist/runtime/ucs2length').default as (text: string) => number

  it('length in characters', () => {
    expect(ucs2length('a😀\uD83D')).toBe(3)
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\uD83D', '\uDE00', '😀', 'é') }), (text) => {
        expect(ucs2length(text)).toBe(ajvLength(text))
      }),
    )
  })

  it('equality of JSON values', () => {
    expect(equal({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toBe(true)
    expect(equal([], {})).toBe(false)
    const value = fc.jsonValue({ maxDepth: 2 })
    fc.assert(
      fc.property(
        fc.oneof(
          fc.tuple(value, value),
          value.map((same) => [same, structuredClone(same)] as const),
        ),
        ([left, right]) => {
          // Theirs calls a `toString` or `valueOf` that stands in the value itself, and throws.
          fc.pre(!/"(?:toString|valueOf)"/.test(JSON.stringify([left, right])))
          expect(equal(left, right)).toBe(ajvEqual(left, right))
        },
      ),
    )
  })
})

describe('makeValidate', () => {
  it('calls it a bug when a validator refuses without a word', () => {
    const silent: GeneratedValidator = () => false
    expect(() => makeValidate(silent)({})).toThrow(/without saying why/)
  })

  it('names keys with slashes and tildes', () => {
    const validator: GeneratedValidator = () => false
    validator.errors = [{ instancePath: '/models/a~1b~0c/0', keyword: 'type', params: { type: 'string' } }]
    const result = makeValidate(validator)({ models: { 'a/b~c': [7] } })
    expect(result).toMatchObject({
      problems: [
        {
          segments: ['models', 'a/b~c', 0],
          path: 'models["a/b~c"][0]',
          message: 'expected a string, but found an integer',
        },
      ],
    })
  })

  it('never repeats a value', () => {
    const validator: GeneratedValidator = () => false
    validator.errors = ['type', 'enum', 'const', 'pattern', 'minLength', 'uniqueItems', 'anyOf', 'unheardOf'].map(
      (keyword) => ({
        instancePath: '/key',
        keyword,
        params: {},
        data: 'do-not-show',
      }),
    )
    expect(JSON.stringify(makeValidate(validator)({ key: 'do-not-show' }))).not.toContain('do-not-show')
  })
})

it.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 0, 'b-c', 'd e'], 'a[0].b-c["d e"]'],
  [[0, 1], '[0][1]'],
])('renderPath(%j)', (segments, path) => {
  expect(renderPath(segments)).toBe(path)
})
