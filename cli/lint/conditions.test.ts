import { describe, expect, it } from 'vitest'
import type { ManifestCredential, RouteMatch, RoutesManifest } from '../../schemas/index.ts'
import { type Callers, boxOf, contains, listCallers, subtract, takenCallers } from './conditions.ts'

const key = `sha256:${'0'.repeat(64)}`
const credentials: ManifestCredential[] = [
  { name: 'mobile', key_hash: key, organization: 'retail' },
  { name: 'web', key_hash: key, organization: 'retail' },
  { name: 'batch', key_hash: key, organization: 'bank' },
]
const callers = listCallers({ credentials, ai_routes: [] } satisfies RoutesManifest)
const box = (match: RouteMatch, known: Callers = callers) => boxOf(match, known)

describe('contains', () => {
  const retail = { organization: 'retail' }
  it.each<[string, RouteMatch, RouteMatch, boolean]>([
    ['no condition is implied by any', {}, retail, true],
    ['a condition is not implied by none', retail, {}, false],
    ['a credential implies its organization', retail, { credential: 'mobile' }, true],
    ['an organization implies the list of its credentials', { credential: ['mobile', 'web'] }, retail, true],
    ['but not a part of the list', { credential: 'mobile' }, retail, false],
    ['every credential is any caller', { credential: ['mobile', 'web', 'batch'] }, {}, true],
    ['streams', { stream: true }, { stream: true }, true],
    ['not streams', { stream: true }, { stream: false }, false],
    ['one feature by two', { has: ['tools'] }, { has: ['tools', 'images'] }, true],
    ['two features by one', { has: ['tools', 'images'] }, { has: ['tools'] }, false],
    ['more values by fewer', { headers: { 'X-Tier': ['gold', 'silver'] } }, { headers: { 'x-tier': 'gold' } }, true],
    ['fewer values by more', { headers: { 'x-tier': 'gold' } }, { headers: { 'x-tier': ['gold', 'silver'] } }, false],
    ['another header', { headers: { a: '1' } }, { headers: { b: '1' } }, false],
  ])('%s', (_what, outer, inner, expected) => {
    expect(contains(box(outer), box(inner))).toBe(expected)
  })
})

describe('subtract', () => {
  const rest = (match: RouteMatch, others: readonly RouteMatch[]) => {
    let boxes = [box(match)]
    for (const other of others) boxes = boxes.flatMap((each) => subtract(each, box(other), callers))
    return boxes
  }

  it.each<[string, RouteMatch, RouteMatch[]]>([
    ['streams and the others are all', {}, [{ stream: true }, { stream: false }]],
    [
      'the credentials of an organization',
      { organization: 'retail' },
      [{ credential: 'mobile' }, { credential: 'web' }],
    ],
    ['all organizations are all callers', {}, [{ organization: 'retail' }, { organization: 'bank' }]],
    [
      'each value of a header',
      { headers: { t: ['a', 'b'] } },
      [{ headers: { t: 'a' } }, { headers: { t: ['b', 'c'] } }],
    ],
    [
      'split in two dimensions',
      { organization: 'retail' },
      [{ credential: 'mobile', stream: true }, { credential: 'web' }, { stream: false }],
    ],
  ])('leaves nothing: %s', (_what, match, others) => {
    expect(rest(match, others)).toEqual([])
  })

  it.each<[string, RouteMatch, RouteMatch[]]>([
    ['with and without a feature are not two routes', {}, [{ has: ['tools'] }]],
    ['there is always another header', {}, [{ headers: { t: 'a' } }, { headers: { t: 'b' } }]],
    ['one caller is left', {}, [{ organization: 'retail' }]],
    ['no caller in common', { credential: 'batch' }, [{ organization: 'retail' }]],
  ])('leaves something: %s', (_what, match, others) => {
    expect(rest(match, others)).not.toEqual([])
  })
})

it('knows when nobody can be meant', () => {
  expect(takenCallers({ credential: 'batch', organization: 'retail' }, callers)).toEqual(new Set())
  expect(takenCallers({ credential: ['batch', 'web'], organization: 'retail' }, callers)).toEqual(new Set(['web']))
  expect(takenCallers({ stream: true }, callers)).toBeNull()
})
