import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../schemas/index.ts'
import { fakeContext } from '../testing/context.ts'
import { ago, count, list } from '../wording.ts'
import { renderDiagnosticsGithub } from './diagnostics-github.ts'
import { renderDiagnostics } from './diagnostics.ts'
import { table, wrap } from './layout.ts'
import { renderLogLine } from './log-line.ts'

const { context } = fakeContext({ cwd: '/' })

function diagnosticAt(line: number, column: number, more: Partial<Diagnostic> = {}): Diagnostic {
  return {
    code: 'unknown-key',
    severity: 'error',
    message: 'no',
    path: 'a.b',
    file: 'f.yaml',
    line,
    column,
    endLine: line,
    endColumn: column + 3,
    help: null,
    ...more,
  }
}

function render(diagnostic: Diagnostic, text: string): string {
  return renderDiagnostics({ diagnostics: [diagnostic], texts: new Map([['f.yaml', text]]) }, context.stdout)
}

describe('a code frame', () => {
  test('marks the place and shows a line on either side', () => {
    expect(render(diagnosticAt(2, 3), 'one\n  two: 2\nthree\nfour\n')).toBe(
      [
        'f.yaml:2:3 error no [unknown-key]',
        '    1 | one',
        '  > 2 |   two: 2',
        '      |   ^^^',
        '    3 | three',
        '  at a.b',
        '  page: docs/diagnostics.md#unknown-key',
        '',
      ].join('\n'),
    )
  })

  test.each([
    ['at the beginning', diagnosticAt(1, 1), 'one\n', ['  > 1 | one', '      | ^^^']],
    ['at the end of the file', diagnosticAt(2, 1, { endColumn: 1 }), 'one\n', ['    1 | one', '  > 2 | ', '      | ^']],
    ['with tabs and CRLF', diagnosticAt(1, 2), '\tone\r\ntwo\r\n', ['  > 1 |  one', '      |  ^^^', '    2 | two']],
  ])('%s', (_what, diagnostic, text, expected) => {
    const lines = render(diagnostic, text).split('\n')
    expect(lines.filter((line) => line.includes('|'))).toEqual(expected)
  })

  test('without a text, and without a file, only says what is known', () => {
    const nowhere = diagnosticAt(1, 1, { file: null, path: '', help: 'do this' })
    expect(render(nowhere, '')).toBe(
      'error no [unknown-key]\n  help: do this\n  page: docs/diagnostics.md#unknown-key\n',
    )
  })

  test.each(['sk-proj-0123456789abcdefghij', 'Bearer-0123456789abcdef', 'A'.repeat(64)])(
    'blanks out what looks like a key, in place: %s',
    (secret) => {
      const text = `api_key: "${secret}"  # here\nnext: {key: ${secret}}\n`
      const shown = render(diagnosticAt(1, 1), text)
      expect(shown).not.toContain(secret.slice(0, 10))
      expect(shown).toContain(`api_key: "${'*'.repeat(secret.length)}"  # here`)
    },
  )

  test('blanks out the place of a secret whatever it looks like, and leaves hashes alone', () => {
    const text = `key_hash: sha256:${'0'.repeat(64)}\nheader: hunter2\n`
    const shown = render(diagnosticAt(2, 9, { code: 'literal-secret', endColumn: 16 }), text)
    expect(shown).toContain('header: *******')
    expect(shown).toContain(`sha256:${'0'.repeat(64)}`)
  })

  test('blanks out a secret that stands beside another problem, found or only named like one', () => {
    const text = 'a: hunter2\nb: 7\nx-api-key: "hunter3"\nmax_tokens: 100\n'
    const diagnostics = [
      diagnosticAt(1, 4, { code: 'literal-secret', endColumn: 11 }),
      diagnosticAt(2, 1),
      diagnosticAt(4, 1),
    ]
    const shown = renderDiagnostics({ diagnostics, texts: new Map([['f.yaml', text]]) }, context.stdout)
    expect(shown).not.toMatch(/hunter/)
    expect(shown).toContain('a: *******')
    expect(shown).toContain('x-api-key: "*******"')
    expect(shown).toContain('max_tokens: 100')
  })

  test('cuts a line that is too long for any screen, around the problem', () => {
    const text = `a: ${'x y '.repeat(1_000)}`
    for (const column of [1, 2_000]) {
      const lines = render(diagnosticAt(1, column), text).split('\n')
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(180)
      const [shown = '', mark = ''] = lines.slice(1)
      const expected = text.slice(column - 1, column + 2)
      expect(shown.slice(mark.indexOf('^'), mark.indexOf('^') + 3)).toBe(expected)
    }
  })

  test('shows no character that a terminal would obey', () => {
    const shown = render(diagnosticAt(1, 1), 'a: \u001b[2J\u202e\n')
    expect(['\u001b', '\u202e'].filter((character) => shown.includes(character))).toEqual([])
  })
})

describe('workflow commands', () => {
  test('one a problem, on its line, with what GitHub wants escaped', () => {
    const diagnostics = [
      diagnosticAt(2, 3, { message: '50 % of: a,b\nc', help: 'do, this', file: 'a,b:c.yaml' }),
      diagnosticAt(4, 1, { severity: 'info', file: null, endLine: 6 }),
    ]
    expect(renderDiagnosticsGithub(diagnostics)).toBe(
      '::error file=a%2Cb%3Ac.yaml,line=2,endLine=2,col=3,endColumn=6,title=unknown-key::50 %25 of: a,b%0Ac: do, this\n' +
        '::notice line=4,endLine=6,title=unknown-key::no\n',
    )
  })
})

describe('wording and layout', () => {
  test('counts and lists', () => {
    expect([count(0, 'route'), count(1, 'route'), count(2, 'route')]).toEqual(['0 routes', '1 route', '2 routes'])
    expect([list([]), list(['a']), list(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c'])
  })

  test.each([
    [0, '0 s ago'],
    [89, '89 s ago'],
    [120, '2 min ago'],
    [7_200, '2 h ago'],
    [200_000, '2 days ago'],
    [-5, '0 s ago'],
  ])('%d seconds', (seconds, told) => {
    expect(ago(0, seconds * 1_000)).toBe(told)
  })

  test('wraps at spaces and aligns columns', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three'])
    expect(wrap('unbreakable', 3)).toEqual(['unbreakable'])
    expect(
      table([
        ['a', 'b'],
        ['ccc', 'd'],
      ]),
    ).toEqual([
      ['a  ', 'b'],
      ['ccc', 'd'],
    ])
  })

  test('a log line for people', () => {
    const line = {
      level: 'warn',
      event: 'x',
      message: 'went wrong',
      fields: { id: 'r1', why: 'two words', no: null },
    } as const
    expect(renderLogLine(line, context)).toBe('09:00:00.000 warn  went wrong  id=r1 why="two words"\n')
  })

  test('a log line for people does not say an address twice', () => {
    const fields = { url: 'http://127.0.0.1:80', revision: '3' }
    const line = { level: 'info', event: 'x', message: 'listening on http://127.0.0.1:80', fields } as const
    expect(renderLogLine(line, context)).toBe('09:00:00.000 info  listening on http://127.0.0.1:80  revision=3\n')
  })

  test('shows what a terminal would obey', () => {
    const line = {
      level: 'warn',
      event: 'x',
      message: 'no\r\n\u001b[2Jroot\u202e',
      fields: { model: 'a\u009bb' },
    } as const
    const text = renderLogLine(line, context)
    expect(text).toBe('09:00:00.000 warn  no\\u000d\\u000a\\u001b[2Jroot\\u202e  model=a\\u009bb\n')
  })
})
