import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseText } from './parse.ts'

const codes = (text: string): string[] => parseText(text).problems.map(({ code }) => code)

describe('parseText', () => {
  it('gives plain JSON, with anchors and merge keys followed', () => {
    const { value, problems } = parseText(
      'base: &base {a: 1, b: [x]}\nall: &all [*base, {a: 9, d: 4}]\none: {<<: *base, a: 2}\ntwo: {c: 3, <<: *all}\n',
    )
    expect(problems).toEqual([])
    expect(value).toEqual({
      base: { a: 1, b: ['x'] },
      all: [
        { a: 1, b: ['x'] },
        { a: 9, d: 4 },
      ],
      one: { a: 2, b: ['x'] },
      two: { a: 1, b: ['x'], c: 3, d: 4 },
    })
  })

  it('takes keys as they are written: `on`, `no`, numbers and dates are text', () => {
    const text = 'on: 1\nno: 2\n2026.10: 3\n1_000: 4\n2026-01-31: 5\nnull: 6\n"": 7\n'
    expect(parseText(text).value).toEqual({ on: 1, no: 2, '2026.10': 3, '1_000': 4, '2026-01-31': 5, null: 6, '': 7 })
  })

  it.each([
    ['yes and no stay text', 'yes', 'yes'],
    ['dates stay text', '2027-01-31', '2027-01-31'],
    ['a YAML 1.1 directive changes nothing', '%YAML 1.1\n---\non', 'on'],
    ['sixty-base numbers stay text', '1:30', '1:30'],
    ['JSON is YAML', '{"a": [1, true, null]}', { a: [1, true, null] }],
    ['a byte order mark is no content', '\uFEFFa: 1', { a: 1 }],
    ['CRLF ends a line', 'a: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
    ['nothing is null', '', null],
  ])('%s', (_title, text, value) => {
    const parsed = parseText(text)
    expect(parsed.problems).toEqual([])
    expect(parsed.value).toEqual(value)
  })

  it('keeps how a scalar was written', () => {
    const { value, sourceOf } = parseText('version: 2026.10\nname: "a\\tb"\nlist: []\n')
    expect(value).toMatchObject({ version: 2026.1 })
    expect(sourceOf(['version'])).toBe('2026.10')
    expect(sourceOf(['list'])).toBeNull()
  })

  it('counts columns from 1 in the first line, after a tab, and after CRLF', () => {
    const { locate } = parseText('a: 1\r\nb:\t{c: "x ${NAME}"}\r\n')
    expect(locate(['a'])).toEqual({ line: 1, column: 4, endLine: 1, endColumn: 5 })
    expect(locate(['b', 'c'])).toMatchObject({ line: 2, column: 8 })
    expect(locate(['b', 'c'], { part: 'value', word: '${NAME}' })).toMatchObject({ line: 2, column: 11, endColumn: 18 })
  })

  it('finds what stands behind an alias where it was written', () => {
    const { locate } = parseText('a: &a {x: 1}\nb: *a\nc: {<<: *a, y: 2}\n')
    expect(locate(['b', 'x'])).toMatchObject({ line: 1, column: 11 })
    expect(locate(['c', 'x'])).toMatchObject({ line: 1, column: 11 })
    expect(locate(['c', 'y'])).toMatchObject({ line: 3, column: 16 })
  })

  it('has no prototype to be reached by a key', () => {
    const { value, problems } = parseText('__proto__: {polluted: yes}\nconstructor: 1\n')
    expect(problems.map(({ code }) => code)).toEqual(['yaml-key'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(value).toEqual({ constructor: 1 })
  })

  it('refuses what would take the stack or the memory', () => {
    expect(new Set(codes('['.repeat(100_000)))).toEqual(new Set(['yaml-syntax']))
    expect(codes('['.repeat(100_000)).length).toBeLessThanOrEqual(10)
    expect(codes(`${'- '.repeat(200)}x`)).toContain('yaml-depth')
    const chain = Array.from({ length: 5_000 }, (_, index) => `- &a${index + 1} [*a${index}]`)
    expect(codes(`- &a0 x\n${chain.join('\n')}\n`)).toContain('yaml-depth')
    const bomb = Array.from({ length: 30 }, (_, index) => `b${index + 1}: &b${index + 1} [*b${index}, *b${index}]`)
    const started = performance.now()
    expect(codes(`b0: &b0 [x]\n${bomb.join('\n')}\n`)).toEqual(['yaml-alias'])
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  it('finds a doubled key among ten thousand without comparing each with each', () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `key${index}: ${index}`)
    expect(codes([...lines, 'key5000: 1'].join('\n'))).toEqual(['duplicate-key'])
  })

  it('repeats no key of a provider in what it says about the text', () => {
    const { problems } = parseText('a: "sk-proj-do-not-show-0123456789" x\nb: *sk-proj-do-not-show-0123456789\n')
    expect(problems.length).toBeGreaterThan(0)
    expect(JSON.stringify(problems)).not.toContain('do-not-show')
  })
})

describe('parseText, whatever the text', () => {
  const yamlLike = fc
    .array(
      fc.constantFrom(
        'a',
        ': ',
        '- ',
        '\n',
        '  ',
        '\t',
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        '&a',
        '*a',
        '<<: ',
        '? ',
        '| ',
        '#',
        '!t ',
        ',',
        '---',
        '%',
        '\r',
        '\u0000',
        '${X}',
        '1.0',
        '\uD800',
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join(''))

  it('never throws, and says where', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), yamlLike), (text) => {
        const { value, problems, locate } = parseText(text)
        for (const { span, message } of problems) {
          expect(message).not.toBe('')
          expect(span.line).toBeGreaterThanOrEqual(1)
          expect(span.column).toBeGreaterThanOrEqual(1)
          expect(span.endLine > span.line || (span.endLine === span.line && span.endColumn >= span.column)).toBe(true)
        }
        if (value === undefined) expect(problems).not.toEqual([])
        expect(locate(['a', 0, 'b']).line).toBeGreaterThanOrEqual(1)
      }),
      { numRuns: 3_000 },
    )
  })

  it('never throws on bytes that are no text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => parseText(new TextDecoder().decode(bytes))).not.toThrow()
      }),
      { numRuns: 1_000 },
    )
  })

  it('reads every JSON value as JSON does, and as the library does', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (text) => {
        fc.pre(!text.includes('__proto__') && !text.includes('<<'))
        const { value, problems } = parseText(text)
        // The library's strict YAML rule: a key may not be longer than 1024 characters; everything else is JSON.
        if (problems.length === 0) expect(value).toEqual(parse(text, { schema: 'core', uniqueKeys: false }))
      }),
      { numRuns: 500 },
    )
  })
})
