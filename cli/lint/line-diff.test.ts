import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unifiedDiff } from './line-diff.ts'

describe('unifiedDiff', () => {
  it('shows what goes with three lines around it', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\n'
    expect(unifiedDiff(before, before.replace('e\n', ''), 'routes.yaml')).toBe(
      '--- a/routes.yaml\n+++ b/routes.yaml\n@@ -2,7 +2,6 @@\n b\n c\n d\n-e\n f\n g\n h\n',
    )
  })

  it('says nothing of what is the same', () => {
    expect(unifiedDiff('a\n', 'a\n', 'x')).toBe('')
  })

  it('is what git applies, for any two texts', () => {
    const folder = mkdtempSync(join(tmpdir(), 'aigw-diff-'))
    const file = join(folder, 'f')
    const line = fc.constantFrom('a\n', 'b\n', 'c\n')
    const text = fc
      .tuple(fc.array(line, { minLength: 1, maxLength: 25 }), fc.constantFrom('', 'end'))
      .map(([lines, end]) => lines.join('') + end)
    try {
      fc.assert(
        fc.property(text, text, (before, after) => {
          fc.pre(before !== after)
          writeFileSync(file, before)
          execFileSync('git', ['apply', '--unidiff-zero', '-'], { cwd: folder, input: unifiedDiff(before, after, 'f') })
          expect(readFileSync(file, 'utf8')).toBe(after)
        }),
        { numRuns: 60 },
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
