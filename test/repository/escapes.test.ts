/** An escape from the linter or the type checker is allowed, and says why on the same line. */
import { describe, expect, it } from 'vitest'
import { readText, sourceFiles } from './sources.ts'

/** Lines of `text` that switch a check off without a reason: after ` -- `, or after a colon for the type checker. */
function escapesWithoutReason(text: string): string[] {
  return text.split('\n').filter((line) => {
    if (/(?:^|\s)\/[/*]\s*(?:ox|es)lint-disable/.test(line)) return !/ -- \S.{2,}/.test(line)
    return /(?:^|\s)\/[/*]\s*@ts-(?:ignore|nocheck|expect-error(?!: \S.{2,}))/.test(line)
  })
}

describe('escapes', () => {
  const sample = (directive: string): string => `// ${directive}\nconst x = 1`

  it.each(['oxlint-disable-next-line no-var', 'eslint-disable no-var', '@ts-ignore: because', '@ts-expect-error'])(
    'refuses: %s',
    (directive) => {
      expect(escapesWithoutReason(sample(directive))).toHaveLength(1)
    },
  )

  it.each([
    'oxlint-disable-next-line no-var -- the launcher runs on Node 8',
    '@ts-expect-error: the vendor types lack this field',
  ])('accepts: %s', (directive) => {
    expect(escapesWithoutReason(sample(directive))).toEqual([])
  })

  it('have a reason everywhere', () => {
    const files = sourceFiles('{bin,bench,cli,examples,gateway,schemas,test,tools}/**/*.{ts,cjs}', '*.{ts,js}')
    const offending = files.flatMap((file) => escapesWithoutReason(readText(file)).map((line) => ({ file, line })))
    expect(offending).toEqual([])
  })
})
