/**
 * Whatever the bytes: `aigw validate` ends with 0, 1 or 3, never shows a stack trace or calls itself broken, and never
 * prints a secret that stood in the text. Run in this process, from the sources, so that there can be thousands.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { Context } from '../../cli/context.ts'
import { run } from '../../cli/program.ts'
import { fakeContext } from '../../cli/testing/context.ts'
import { Workspace } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'aigw-fuzz-'))
afterAll(() => rmSync(folder, { recursive: true }))

const fixtures = join(import.meta.dirname, '../fixtures/manifests')
const texts = [
  ...readdirSync(join(fixtures, 'valid')).map((name) => readFileSync(join(fixtures, 'valid', name), 'utf8')),
  ...readdirSync(join(fixtures, 'invalid')).map(
    (name) => readFileSync(join(fixtures, 'invalid', name), 'utf8').split('\n=====\n')[0] ?? '',
  ),
].map((text) => text.replaceAll('do-not-show', 'x'))

const formats = ['human', 'json', 'github', 'sarif', 'junit']

async function validate(bytes: Uint8Array, format = 'human'): Promise<{ exitCode: number; output: string }> {
  const world = fakeContext({ cwd: folder, env: { MODEL: 'm' } })
  const context: Context = { ...world.context, readStdin: () => Promise.resolve(bytes) }
  const exitCode = await run(['validate', '-', '--format', format], context)
  return { exitCode, output: world.stdout() + world.stderr() }
}

async function expectCalm(bytes: Uint8Array, format?: string): Promise<string> {
  const { exitCode, output } = await validate(bytes, format)
  expect([0, 1, 3]).toContain(exitCode)
  expect(output).not.toBe('')
  expect(output).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m)
  expect(output).not.toMatch(/bug in aigw|undefined|\[object|NaN/)
  return output
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

/** What YAML, our variables, templates and editors make something of. */
const marks =
  '\t|\n|\r\n|: |- |{|}|[|]|"|\'|#|&a |*a|!t |? |%|---\n|${|${X}|{{ .x }}|<<: |\u00a0|\u2028|\uFEFF| |\n'.split('|')

/** A manifest, right or wrong, with some of its bytes cut, doubled, moved or replaced. */
const mutated: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(
      fc.record({
        at: fc.nat(5_000),
        length: fc.integer({ min: 0, max: 40 }),
        put: fc.oneof(fc.uint8Array({ maxLength: 6 }), fc.constantFrom(...marks).map(encode)),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([text, changes]) => {
    let bytes = [...encode(text)]
    for (const { at, length, put } of changes) {
      const start = at % (bytes.length + 1)
      bytes = [...bytes.slice(0, start), ...put, ...bytes.slice(start + length)]
    }
    return Uint8Array.from(bytes)
  })

describe('whatever the bytes', () => {
  test('random ones', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...formats), async (bytes, format) => {
        await expectCalm(bytes, format)
      }),
      { numRuns: 300 },
    )
  })

  test('those of a manifest, mutated', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, fc.constantFrom(...formats), async (bytes, format) => {
        await expectCalm(bytes, format)
      }),
      { numRuns: 600 },
    )
  })

  test('those of a manifest, cut off anywhere', async () => {
    const [text = ''] = texts
    for (let length = 0; length < text.length; length += 37) await expectCalm(encode(text.slice(0, length)))
  })

  test.each<[string, () => Uint8Array]>([
    ['nothing', () => new Uint8Array()],
    ['a null byte', () => encode('ai_routes: []\0')],
    ['a byte order mark', () => encode('\uFEFFai_routes: []\n')],
    ['UTF-16', () => Uint8Array.from([0xff, 0xfe, ...Buffer.from('ai_routes: []', 'utf16le')])],
    ['half a character', () => encode('ai_routes: []  # €').slice(0, -1)],
    ['old Mac line ends', () => encode('ai_routes:\r  - name: a\r')],
    ['a hundred thousand brackets', () => encode('['.repeat(100_000))],
    ['a hundred thousand braces', () => encode('{a: '.repeat(100_000))],
    ['a very deep list', () => encode(`${'- '.repeat(5_000)}x`)],
    [
      'a very deep block',
      () => encode(Array.from({ length: 2_000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')),
    ],
    ['a scalar of two megabytes', () => encode(`ai_routes: "${'x'.repeat(2_000_000)}"`)],
    ['a key of two megabytes', () => encode(`${'x'.repeat(2_000_000)}: 1`)],
    ['a line of brackets and variables', () => encode(`a: {b: ${'${X}, {'.repeat(20_000)}`)],
    ['twenty thousand unknown keys', () => encode(Array.from({ length: 20_000 }, (_, n) => `key${n}: 1`).join('\n'))],
    ['ten thousand routes, all wrong', () => encode(`ai_routes:\n${'  - {nmae: a, match: 7}\n'.repeat(10_000)}`)],
    ['ten thousand conflicts', () => encode('<<<<<<< a\n=======\n>>>>>>> b\n'.repeat(10_000))],
    ['a hundred thousand markers', () => encode('<<<<<<< a\n'.repeat(100_000))],
    ['a billion laughs', () => encode(laughs())],
    ['a chain of anchors', () => encode(Array.from({ length: 5_000 }, (_, n) => `- &a${n + 1} [*a${n}]`).join('\n'))],
    ['a merge of merges', () => encode(`a0: &a0 {x: 1}\n${merges()}`)],
    ['a bomb of quotes', () => encode(`a: ${'"'.repeat(50_001)}`)],
    ['a bomb of comments', () => encode('# x\n'.repeat(200_000))],
  ])('%s', async (_what, make) => {
    await expectCalm(make())
  })

  function laughs(): string {
    const lines = ['a0: &a0 [lol]']
    for (let level = 1; level < 12; level += 1) {
      lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`)
    }
    return lines.join('\n')
  }

  function merges(): string {
    return Array.from({ length: 200 }, (_, n) => `a${n + 1}: &a${n + 1} {<<: [*a${n}, *a${n}], y${n}: 1}`).join('\n')
  }
})

describe('a secret that stands in the text', () => {
  const secrets = [
    'sk-proj-DoNotShow0123456789abcdef',
    'gsk_DoNotShow0123456789abcdef',
    'AIzaDoNotShow0123456789abcdefghijklmno',
    'Bearer DoNotShow0123456789abcdef',
    'aigw_DoNotShow0123456789abcdefghijklmnopqrstuvwxyz01',
    'eyJDoNotShow0123456789.eyJDoNotShow0123456789.DoNotShow0123456789',
  ]
  const edges = ['\n', ' ', '"', "'", ': ', ', ', '{', '[', '# ', ' &', ' *', ' !', '`', '${', '=', '/']

  test('is found, and never printed, wherever it is put', async () => {
    const planted = fc.record({
      bytes: mutated,
      secret: fc.constantFrom(...secrets),
      before: fc.constantFrom(...edges),
      after: fc.constantFrom(...edges, ''),
      at: fc.nat(5_000),
      format: fc.constantFrom(...formats),
    })
    await fc.assert(
      fc.asyncProperty(planted, async ({ bytes, secret, before, after, at, format }) => {
        const text = new TextDecoder().decode(bytes).replaceAll('\0', '')
        const start = at % (text.length + 1)
        const full = text.slice(0, start) + before + secret + after + text.slice(start)
        const output = await expectCalm(encode(full), format)
        expect(output).not.toContain('DoNotShow')
        expect(output).toContain('literal-secret')
      }),
      { numRuns: 800 },
    )
  })

  test('stays out of the built command as well, with and without a stack trace', async () => {
    const text = `ai_routes: [\n  {name: ${secrets[0] ?? ''}\n`
    for (const env of [{}, { AIGW_DEBUG: '1' }]) {
      const { exitCode, stdout, stderr } = await new Workspace().run({ args: ['validate', '-'], stdin: text, env })
      expect(exitCode).toBe(3)
      expect(stdout + stderr).not.toContain('DoNotShow')
    }
  })
})
