import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildDraft, canonicalJson, hashOf, shortHash } from './release.ts'
import { draftNamed } from './testing/drafts.ts'

describe('canonical JSON', () => {
  test.each([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [{ a: undefined, b: { d: 1, c: 2 } }, '{"b":{"c":2,"d":1}}'],
    [[undefined, 1.5, -0, 1e21], '[null,1.5,0,1e+21]'],
    ['"ü', '"\\"ü"'],
  ])('%j', (value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })

  test('is JSON of the same value, whatever the order of the keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonicalJson(reversed(value))).toBe(text)
      }),
    )
  })
})

describe('the hash of a release', () => {
  test('depends on the resolved manifest alone', () => {
    const draft = draftNamed('a')
    const later = buildDraft({
      ...draft,
      source: { ...draft.source, author: 'ada' },
      created_at: '2027-01-01T00:00:00Z',
    })
    expect(later.hash).toBe(draft.hash)
    expect(draftNamed('b').hash).not.toBe(draft.hash)
  })

  test('is a fixed function, because releases of older versions are verified with it', () => {
    expect(hashOf({ ai_routes: [] })).toBe('sha256:c728f22982746bcdebfd89d0644a652a157d8be362b1ebbbca1102a1424d2dab')
    expect(shortHash(hashOf({ ai_routes: [] }))).toHaveLength(12)
  })
})

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  )
}
