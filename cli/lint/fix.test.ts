import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { DocumentPath } from '../../gateway/core/manifest/diagnostics.ts'
import { applyEdits } from './fix.ts'
import { fix, manifest } from './testing/lint.ts'

const remove = (text: string, ...paths: readonly DocumentPath[]) =>
  applyEdits(
    text,
    paths.map((path) => ({ kind: 'remove-entry', path })),
  )

describe('taking an entry out', () => {
  it.each<[string, string, DocumentPath, string]>([
    ['of a list in one line', 'a: [x, y, z] # why\n', ['a', 1], 'a: [x, z] # why\n'],
    ['the first', 'a: [ x , y ]\n', ['a', 0], 'a: [ y ]\n'],
    ['the last', 'a: [ x , y ]\n', ['a', 1], 'a: [ x ]\n'],
    ['the last, with a comma behind it', 'a: [x, y,]\n', ['a', 1], 'a: [x,]\n'],
    ['over several lines', 'a: [\n  x,\n  y,\n]\n', ['a', 0], 'a: [\n  y,\n]\n'],
    ['of a map in one line', 'a: {x: 1, y: 2}\n', ['a', 'x'], 'a: {y: 2}\n'],
    [
      'of a list of lines',
      'a:\n  - x\n  # about z\n  - y # about y\n  - z\n',
      ['a', 1],
      'a:\n  - x\n  # about z\n  - z\n',
    ],
    ['of a map of lines', 'a: 1\n\nb: 2\nc: 3\n', ['b'], 'a: 1\n\nc: 3\n'],
    ['a block with all its lines', 'a:\n  b:\n    c: 1\n    d: 2\n  e: 3\n', ['a', 'b'], 'a:\n  e: 3\n'],
    ['the key behind a dash', '- a: 1\n  b: 2\n- c: 3\n', [0, 'a'], '- b: 2\n- c: 3\n'],
    ['a whole entry behind a dash', '- a: 1\n  b: 2\n- c: 3\n', [0], '- c: 3\n'],
    ['the last line, without an end', 'a: 1\nb: 2', ['b'], 'a: 1\n'],
    ['with the line ends of another system', 'a:\r\n  - x\r\n  - y\r\nb: 1\r\n', ['a', 0], 'a:\r\n  - y\r\nb: 1\r\n'],
    ['quoted, with a sign of ours inside', 'a: ["x, #", y]\n', ['a', 0], 'a: [y]\n'],
    ['a text of several lines', 'a: |\n  x\n  y\nb: 1\n', ['a'], 'b: 1\n'],
    ['where nothing else is left, the key above too', 'a:\n  b: [x]\n  c: 1\n', ['a', 'b', 0], 'a:\n  c: 1\n'],
  ])('%s', (_what, before, path, after) => {
    expect(remove(before, path)).toEqual({ text: after, made: 1 })
  })

  it.each<[string, string, DocumentPath]>([
    ['a comment would go with it', 'a: [\n  x, # the first\n  y\n]\n', ['a', 0]],
    ['an anchor is used elsewhere', 'a: [&x one, two]\nb: *x\n', ['a', 0]],
    ['it stands behind an alias', 'a: &all [x, y]\nb: *all\n', ['b', 0]],
    ['it comes from a merged map', 'a: &all {x: 1, y: 2}\nb: {<<: *all, z: 3}\n', ['b', 'x']],
    ['it is not there', 'a: [x]\n', ['b', 0]],
    ['the text is no YAML', 'a: [', ['a', 0]],
  ])('not: %s', (_what, text, path) => {
    expect(remove(text, path)).toEqual({ text, made: 0 })
  })

  it('several at once, in lists of their own; of one list the first', () => {
    const before = 'a: [x, y]\nb:\n  - p\n  - q\nc: {k: 1, l: 2, m: 3}\n'
    const paths = [
      ['a', 1],
      ['b', 0],
      ['c', 'k'],
      ['c', 'l'],
    ] satisfies DocumentPath[]
    expect(remove(before, ...paths)).toEqual({ text: 'a: [x]\nb:\n  - q\nc: {l: 2, m: 3}\n', made: 3 })
  })

  it('one that cannot be done does not keep the others from it', () => {
    const before = 'a: [&x one, two]\nb: *x\nc: [p, q]\n'
    expect(remove(before, ['a', 0], ['c', 0])).toEqual({ text: before.replace('[p, q]', '[q]'), made: 1 })
  })
})

describe('--fix', () => {
  const careful = `# The shop.
ai_routes:
  - name: chat     # for the shop
    match:
      model: ["gpt-*",   gpt-5.5,  'gpt-5*' ]   # all of them
    targets:
      # The only one.
      - provider: openai
        model: gpt-5.5

        max_latency_ms: 800   # two seconds were too long
    # aigw-lint-disable-next-line single-key -- left over
    fallback: [vllm/a, vllm/b, vllm/a]
`

  it('keeps every comment and space that is not about what goes', async () => {
    const fixed = await fix(careful)
    expect(fixed).toBe(
      careful
        .replace(`"gpt-*",   gpt-5.5,  'gpt-5*' `, `"gpt-*" `)
        .replace(/ +# aigw-lint.*\n/, '')
        .replace(', vllm/a]', ']'),
    )
    expect(await fix(fixed)).toBe(fixed)
  })

  it('repairs what the gateway refuses too: a fallback that is a target already', async () => {
    const route = (fallback: string) =>
      manifest(`- {name: r, match: {model: m}, targets: [{provider: openai, model: a}]${fallback}}`)
    expect(await fix(route(', fallback: openai/a'))).toBe(route(''))
    expect(await fix(route(', fallback: [openai/a, vllm/b, vllm/b]'))).toBe(route(', fallback: [vllm/b]'))
    const block =
      'ai_routes:\n  - name: r\n    match: {model: m}\n    targets: [{provider: vllm, model: a}]\n    fallback: vllm/a\n'
    expect(await fix(block)).toBe(block.replace('    fallback: vllm/a\n', ''))
  })

  it('makes as many passes as one list needs', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `gpt-${index}`)
    const text = manifest(
      `- {name: r, match: {model: ['gpt-*', ${names.join(', ')}]}, targets: [{provider: openai, model: a}]}`,
    )
    expect(parse(await fix(text))).toMatchObject({ ai_routes: [{ match: { model: ['gpt-*'] } }] })
  })

  it('leaves a text alone that is not valid for other reasons', async () => {
    const text = 'ai_routes: 7\n# aigw-lint-disable-file single-target -- x\n'
    expect(await fix(text)).toBe(text)
  })
})
