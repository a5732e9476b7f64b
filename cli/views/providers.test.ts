import { describe, expect, it } from 'vitest'
import { approximated, dropped, refused } from '../../gateway/core/dialects/losses.ts'
import { providers } from '../../gateway/core/providers/index.ts'
import { describeProvider, describeProviders } from '../providers/describe.ts'
import { fakeContext } from '../testing/context.ts'
import { renderProviderMarkdown, renderProvidersMarkdown } from './providers-markdown.ts'
import { renderProvider, renderProviderJson, renderProviders, renderProvidersJson } from './providers.ts'

const all = describeProviders()
const outputOf = (columns?: number) =>
  fakeContext({ cwd: '/', ...(columns !== undefined && { columns }) }).context.stdout

/** Lines wider than the terminal; a word that is wider by itself cannot be helped. */
function tooWide(text: string, columns: number): string[] {
  return text
    .split('\n')
    .filter((line) => line.length > columns && /\S\s+\S/.test(line.trim()) && !isOneWord(line, columns))
}

function isOneWord(line: string, columns: number): boolean {
  return line
    .trim()
    .split(' ')
    .some((word) => word.length > columns - 24)
}

const invented = describeProvider({
  ...providers['openai-compatible'],
  title: 'Invented',
  quirks: {
    developerAsSystem: true,
    losses: {
      temperature: approximated('at most 1', { above: 1 }),
      seed: dropped('no seeds | at all'),
      logit_bias: dropped('no seeds | at all'),
      n: refused('one answer a request'),
    },
  },
})

describe('in a terminal', () => {
  it.each([40, 60, 80, 120, 200])('%i columns wide, nothing is wider', (columns) => {
    const output = outputOf(columns)
    expect(tooWide(renderProviders(all, output), columns)).toEqual([])
    for (const one of all) {
      for (const lostOnly of [true, false])
        expect(tooWide(renderProvider(one, { lostOnly, output }), columns)).toEqual([])
    }
  })

  it('one line a provider where there is room, and nothing left out where there is none', () => {
    const wide = renderProviders(all, outputOf(220))
    const narrow = renderProviders(all, outputOf(60))
    expect(wide.split('\n').length).toBeLessThan(all.length + 10)
    for (const { id, title, dialect, keyVariable, baseUrl } of all) {
      for (const word of [id, title, dialect, keyVariable, baseUrl]) {
        expect(wide).toContain(word ?? '')
        expect(narrow).toContain(word ?? '')
      }
    }
  })

  it('parts that share a fate stand together, with the reason below', () => {
    const text = renderProvider(invented, { lostOnly: true, output: outputOf() })
    expect(text).toBe(
      [
        'What of a request Invented loses',
        '',
        '  Messages',
        '    dropped       messages[].reasoning_details',
        '                  only the provider that signed it can read it',
        '',
        '  Shape of the answer',
        '    refused       n',
        '                  one answer a request',
        '',
        '  Sampling',
        '    approximated  temperature above 1',
        '                  at most 1',
        '    dropped       seed, logit_bias',
        '                  no seeds | at all',
        '',
        '  Fields that OpenAI does not have',
        '    are passed on as they are.',
        '',
      ].join('\n'),
    )
  })

  it('all of one: where, with which key, what it does otherwise, what is exact', () => {
    const text = renderProvider(invented, { lostOnly: false, output: outputOf() })
    expect(text).toContain('  base URL    none of its own: set `base_url`\n')
    expect(text).toContain('  chat        /chat/completions is appended\n')
    expect(text).toContain('  - messages of the role `developer` are sent as `system`\n')
    expect(text).toMatch(/\n {4}exact {9}temperature|top_p, top_k/)
  })

  it('shows a table of embeddings, and none of chat where there is none', () => {
    const embedder = all.find(({ dialect }) => dialect === null)
    if (embedder === undefined) throw new Error('the registry has no provider without chat')
    const text = renderProvider(embedder, { lostOnly: false, output: outputOf() })
    expect(text).toContain('it has embeddings only')
    expect(text).not.toContain('What becomes of a request')
    expect(text).toContain('What becomes of an embeddings request')
    expect(text).toMatch(/embeddings +openai-embeddings, at \/embeddings, at most 1000 inputs at once/)
    expect(text).toMatch(/refused +input\[tokens\]\n +texts only\n/)
    expect(renderProvider(embedder, { lostOnly: true, output: outputOf() })).not.toContain('encoding_format')
  })
})

describe('as JSON', () => {
  it('a list of facts', () => {
    const list = JSON.parse(renderProvidersJson(all)) as { id: string; served: boolean }[]
    expect(list.map(({ id }) => id)).toEqual(all.map(({ id }) => id))
    expect(list.filter(({ served }) => !served).map(({ id }) => id)).toEqual(
      all.filter(({ unavailable }) => unavailable !== null).map(({ id }) => id),
    )
  })

  it('one with its table, or what is lost of it', () => {
    const whole = JSON.parse(renderProviderJson(invented, { lostOnly: false })) as { losses: object[] }
    const lost = JSON.parse(renderProviderJson(invented, { lostOnly: true })) as { losses: object[] }
    expect(whole.losses.length).toBeGreaterThan(60)
    expect(lost.losses).toHaveLength(5)
    expect(whole.losses).toEqual(expect.arrayContaining(lost.losses))
    expect(lost).toMatchObject({ foreign_fields: 'all', differences: [expect.any(String)] })
  })
})

describe('as Markdown', () => {
  /** Cells of every table row: each row of a table must have as many as its heading. */
  function cellsOf(text: string): number[][] {
    return text
      .split(/\n{2,}/)
      .map((block) => block.split('\n').filter((line) => line.startsWith('|')))
      .filter((rows) => rows.length > 0)
      .map((rows) => rows.map((row) => row.replaceAll('\\|', '').split('|').length))
  }

  it.each([
    ['the list', renderProvidersMarkdown(all)],
    ...all.map((one) => [one.id, renderProviderMarkdown(one, { lostOnly: false })]),
  ])('%s has whole tables, one title, and one line break at the end', (_name, text = '') => {
    const tables = cellsOf(text)
    expect(tables.length).toBeGreaterThan(0)
    for (const [heading, ...rows] of tables) for (const row of rows) expect(row).toBe(heading)
    expect(text.match(/^# /gm)).toHaveLength(1)
    expect(text).toMatch(/[^\n]\n$/)
    expect(text).not.toMatch(/\n{3}|undefined|null| \n/)
  })

  it('keeps a bar inside its cell', () => {
    expect(renderProviderMarkdown(invented, { lostOnly: true })).toContain('| no seeds \\| at all |')
  })

  it('says above which value', () => {
    expect(renderProviderMarkdown(invented, { lostOnly: true })).toMatch(
      /`temperature` +\| approximated +\| above 1: at most 1/,
    )
  })
})
