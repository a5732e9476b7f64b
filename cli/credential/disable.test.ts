import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { disableCredential } from './disable.ts'

const hash = (digit: string): string => `sha256:${digit.repeat(64)}`
const routes = 'ai_routes:\n  - {name: r, match: {model: m}, targets: [{provider: openai, model: m}]}\n'

/** What the text becomes, as lines that were added (+) and taken away (-). */
function changesOf(text: string, index: number): readonly string[] {
  const disabling = disableCredential(text, index)
  if (disabling.kind !== 'disabled') return [disabling.kind]
  const [old, fresh] = [text.split('\n'), disabling.text.split('\n')]
  return [
    ...old.filter((line) => !fresh.includes(line)).map((line) => `- ${line}`),
    ...fresh.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ]
}

describe('disableCredential', () => {
  it('adds a line below the hash of an entry of several lines, and leaves comments where they are', () => {
    const text = [
      '# who may call',
      'credentials:',
      '    - name: web   # the shop',
      `      key_hash: "${hash('a')}"  # made in May`,
      '      labels: {team: blue}',
      '',
      '    # on phones',
      `    - key_hash: ${hash('b')}`,
      '      name: mobile',
      routes,
    ].join('\n')
    expect(changesOf(text, 0)).toEqual(['+       disabled: true'])
    expect(disableCredential(text, 0)).toMatchObject({
      line: 5,
      text: expect.stringContaining('in May\n      disabled: true\n      labels'),
    })
    expect(disableCredential(text, 1)).toMatchObject({
      line: 9,
      text: text.replace('      name: mobile', '      disabled: true\n      name: mobile'),
    })
  })

  it.each([
    ['{name: a, key_hash: "H"}', '{name: a, key_hash: "H", disabled: true}'],
    ['{ name: a, key_hash: "H" }', '{ name: a, key_hash: "H", disabled: true }'],
    ['{name: a, key_hash: "H", }', '{name: a, key_hash: "H", disabled: true, }'],
    ['{name: a,\n     key_hash: "H" # mine\n    }', '{name: a,\n     key_hash: "H", disabled: true # mine\n    }'],
    ['{"name": "a", "key_hash": "H"}', '{"name": "a", "key_hash": "H", "disabled": true}'],
    ['{name: a, disabled: false, key_hash: "H"}', '{name: a, disabled: true, key_hash: "H"}'],
    [
      'name: a\n    key_hash: "H"\n    disabled: false # for now',
      'name: a\n    key_hash: "H"\n    disabled: true # for now',
    ],
    ['name: a\n    key_hash: H', 'name: a\n    key_hash: H\n    disabled: true'],
    [
      'name: a\n    key_hash:\n      H\n    expires: 2027-01-01',
      'name: a\n    key_hash:\n      H\n    disabled: true\n    expires: 2027-01-01',
    ],
  ])('%j', (before, after) => {
    const around = (entry: string) => `${routes}credentials:\n  - ${entry.replaceAll('H', hash('a'))}\n`
    expect(disableCredential(around(before), 0)).toMatchObject({ kind: 'disabled', text: around(after) })
  })

  it('keeps Windows line ends, a byte order mark, and a file that does not end in a line end', () => {
    const text = `\uFEFF${routes}credentials:\n  - name: a\n    key_hash: ${hash('a')}`
    expect(disableCredential(text, 0)).toMatchObject({ text: `${text}\n    disabled: true` })
    const windows = `${text}\n`.replaceAll('\n', '\r\n')
    expect(disableCredential(windows, 0)).toMatchObject({ text: `${windows}    disabled: true\r\n` })
  })

  it('takes a document in JSON', () => {
    const text = JSON.stringify({ credentials: [{ name: 'a', key_hash: hash('a') }], ai_routes: [] }, null, 2)
    const disabling = disableCredential(text, 0)
    expect(JSON.parse(disabling.kind === 'disabled' ? disabling.text : '')).toMatchObject({
      credentials: [{ name: 'a', disabled: true }],
    })
  })

  it('leaves one that is disabled already', () => {
    const text = `${routes}credentials:\n  - name: a\n    disabled: true\n    key_hash: ${hash('a')}\n`
    expect(disableCredential(text, 0)).toEqual({ kind: 'already', line: 4 })
  })

  it.each([
    ['stands behind an alias', `x: &one {name: a, key_hash: ${hash('a')}}\ncredentials: [*one]\n`],
    ['is another one as well', `credentials:\n  - &one {name: a, key_hash: ${hash('a')}}\n  - *one\n`],
    ['is in a list behind an alias', `x: &all [{name: a, key_hash: ${hash('a')}}]\ncredentials: *all\n`],
    [
      'takes its setting from elsewhere',
      `x: &no false\ncredentials: [{name: a, key_hash: ${hash('a')}, disabled: *no}]\n`,
    ],
  ])('leaves one to a person that %s', (_what, text) => {
    expect(disableCredential(text, 0)).toMatchObject({ kind: 'by_hand' })
  })

  const scalar = fc.constantFrom('a', '"b c"', "'d'", '1', 'x: y'.slice(0, 1))
  const comment = fc.constantFrom('', ' # why', '  #')
  const settings = fc.uniqueArray(fc.constantFrom('organization', 'project', 'expires', 'labels'), { maxLength: 4 })
  const entry = fc.record({
    settings,
    scalar,
    comment,
    isFlow: fc.boolean(),
    isHashFirst: fc.boolean(),
    disabled: fc.constantFrom('', 'disabled: false'),
  })

  it('changes one setting of one entry in any layout, and not one character elsewhere', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 5 }), fc.nat(4), fc.nat(3), (entries, pick, depth) => {
        const index = pick % entries.length
        const indent = ' '.repeat(depth)
        const items = entries.map((one, position) => {
          const parts = [`name: n${position}`, ...one.settings.map((name) => `${name}: ${one.scalar}`)]
          if (one.disabled !== '') parts.push(one.disabled)
          parts.splice(one.isHashFirst ? 0 : parts.length, 0, `key_hash: ${hash(String(position))}`)
          if (one.isFlow) return `${indent}- {${parts.join(', ')}}${one.comment}`
          return `${indent}- ${parts.map((part) => `${part}${one.comment}`).join(`\n${indent}  `)}`
        })
        const text = `# top\ncredentials:\n${items.join('\n\n')}\n${routes}`
        const disabling = disableCredential(text, index)
        if (disabling.kind !== 'disabled') throw new Error(disabling.kind)
        const expected = parse(text)
        expected.credentials[index].disabled = true
        expect(parse(disabling.text)).toEqual(expected)
        // Taking the setting out again (or setting it back) gives the text as it was.
        const [start, end] = commonEnds(text, disabling.text)
        expect(disabling.text.slice(start, disabling.text.length - end)).toMatch(
          /^(, disabled: true|\n +disabled: true|\s*disabled: true\n?\s*|tru)$/,
        )
      }),
    )
  })
})

function commonEnds(left: string, right: string): [start: number, end: number] {
  let start = 0
  while (start < left.length && left[start] === right[start]) start += 1
  let end = 0
  while (end < left.length - start && left.at(-1 - end) === right.at(-1 - end)) end += 1
  return [start, end]
}
