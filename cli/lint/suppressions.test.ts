import { describe, expect, it } from 'vitest'
import { readSuppressions } from './suppressions.ts'
import { findings, lint } from './testing/lint.ts'

describe('readSuppressions', () => {
  it('reads rules and reason', () => {
    const [one] = readSuppressions('# aigw-lint-disable-file a, b,c -- it is so -- really\n')
    expect(one).toMatchObject({ scope: 'file', rules: ['a', 'b', 'c'], reason: 'it is so -- really' })
    expect(one?.span).toEqual({ line: 1, column: 1, endLine: 1, endColumn: 54 })
  })

  it.each<[string, string, number | null]>([
    ['the next line', '# aigw-lint-disable-next-line a -- x\nb: 1\n', 2],
    ['not a comment', '# aigw-lint-disable-next-line a -- x\n# y\n\n  # z\nb: 1\n', 5],
    ['nothing', 'b: 1\n# aigw-lint-disable-next-line a -- x\n', null],
    ['the next line from behind a value', 'b: 1 # aigw-lint-disable-next-line a -- x\nc: 1\n', 2],
    ['for a route, the own line', 'b: 1 # aigw-lint-disable-route a -- x\nc: 1\n', 1],
    ['with CRLF', '# aigw-lint-disable-next-line a -- x\r\n# y\r\nb: 1\r\n', 3],
  ])('is about %s', (_what, text, line) => {
    expect(readSuppressions(text).map((one) => [one.rules, one.reason, one.line])).toEqual([[['a'], 'x', line]])
  })

  it.each([
    'a: "# aigw-lint-disable-file b -- c"\n',
    "a: '# aigw-lint-disable-file b -- c'\n",
    'a: |\n  # aigw-lint-disable-file b -- c\n',
    'a: >-\n  x\n  # aigw-lint-disable-file b -- c\n',
    '# see aigw-lint-disable-file\n',
    'a: 1\n',
  ])('finds none in %j', (text) => {
    expect(readSuppressions(text)).toEqual([])
  })
})

const route = (name: string, more = '') =>
  `  - name: ${name}\n    match: {model: ${name}}${more}\n    targets: [{provider: openai, model: gpt-5.5}]\n`
const comment = (scope: string, reason = 'why') => `# aigw-lint-disable-${scope} single-target -- ${reason}\n`

describe('what a comment suppresses', () => {
  const lines = async (text: string) =>
    (await findings('single-target', text)).map((found) => Number.parseInt(found, 10))

  it('on the next line: that line only', async () => {
    const text = `ai_routes:\n  - name: a\n    match: {model: a}\n    ${comment('next-line')}    targets: [{provider: openai, model: a}]\n${route('b')}`
    expect(await lines(text)).toEqual([8])
  })

  it.each([
    ['above it', `ai_routes:\n  ${comment('route')}${route('a')}${route('b')}`, [8]],
    ['inside it', `ai_routes:\n${route('a', ` ${comment('route').trim()}`)}${route('b')}`, [7]],
    ['of the second one', `ai_routes:\n${route('a')}  ${comment('route')}${route('b')}`, [4]],
    ['of none, behind the routes', `ai_routes:\n${route('a')}${comment('route')}health: {open_ms: 1000}\n`, [4]],
  ])('in a route: %s', async (_what, text, expected) => {
    expect(await lines(text)).toEqual(expected)
  })

  it('in the file: everywhere, wherever it stands', async () => {
    expect(await lines(`ai_routes:\n${route('a')}${route('b')}${comment('file')}`)).toEqual([])
  })

  it('counts what it suppressed, and leaves the other rules', async () => {
    const { suppressed, diagnostics } = await lint(`${comment('file')}ai_routes:\n${route('a')}${route('b')}`)
    expect(suppressed).toBe(2)
    expect(diagnostics.map(({ code }) => code)).toEqual(['no-self-hosted-last-resort'])
  })
})
