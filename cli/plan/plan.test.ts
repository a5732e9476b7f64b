import { describe, expect, test } from 'vitest'
import { compileManifest } from '../../gateway/core/manifest/compile.ts'
import { buildDraft } from '../../gateway/release/release.ts'
import type { Plan, Release, RoutesManifest } from '../../schemas/index.ts'
import { validatePlan } from '../../schemas/validate-plan.ts'
import type { Change } from '../diff/change.ts'
import { diffManifests } from '../diff/diff.ts'
import { exitCodes } from '../exit-codes.ts'
import { buildPlan } from './build.ts'
import { blockingFindings, closedGates, unknownGates } from './gates.ts'
import { findRisks } from './risks.ts'
import { isStale, parsePlan } from './saved-plan.ts'
import { usedVariables } from './variables.ts'

const key = (digit: string) => `sha256:${digit.repeat(64)}`
const base: RoutesManifest = {
  providers: { local: { type: 'vllm', base_url: 'http://vllm:8000/v1' } },
  credentials: [{ name: 'app', key_hash: key('a') }],
  ai_routes: [
    {
      name: 'chat',
      match: { model: 'm' },
      boundary: 'any',
      targets: [
        { provider: 'openai', model: 'a' },
        { provider: 'mistral', model: 'b' },
      ],
      fallback: 'local/c',
    },
  ],
}
const [chat] = base.ai_routes
if (chat === undefined) throw new Error('the example has a route')

function draftOf(manifest: RoutesManifest) {
  const source = { manifest: { ...manifest }, variables: {}, git: null, author: null }
  return buildDraft({ source, resolved: { ...manifest }, created_at: '2026-11-23T09:00:00.000Z' })
}

function planFrom(before: Release | null, after: RoutesManifest, outsideGit: readonly Change[] = []): Plan {
  const changes = diffManifests(before === null ? null : base, after)
  return buildPlan({
    environment: 'local',
    store: 'file:///srv/aigw',
    base: before,
    candidate: draftOf(after),
    changes,
    outsideGit,
    risks: before === null ? new Map() : risksFrom(base, after),
    findings: [],
    createdAt: '2026-11-23T09:00:00.000Z',
    tool: '0.1.0',
  })
}

function risksFrom(before: RoutesManifest, after: RoutesManifest): ReadonlyMap<string, readonly string[]> {
  const tables = { before: compileManifest(before), after: compileManifest(after) }
  return findRisks(diffManifests(before, after), tables)
}

const release: Release = { ...draftOf(base), revision: 3, parent: 2 }

describe('a plan', () => {
  test.each([
    ['against nothing', planFrom(null, base)],
    ['against a release', planFrom(release, { ...base, ai_routes: [{ ...chat, boundary: 'self_hosted' }] })],
    ['without changes', planFrom(release, base)],
  ])('%s is a document of its schema and reads back as it was', (_what, plan) => {
    expect(validatePlan(plan)).toMatchObject({ valid: true })
    expect(parsePlan(JSON.stringify(plan), 'p.json')).toEqual(plan)
  })

  test('tells whose change it is', () => {
    const origins = (after: RoutesManifest, outside: readonly Change[] = []) =>
      planFrom(release, after, outside).changes.map(({ path, origin }) => [path, origin])
    const without: RoutesManifest = { ...base, ai_routes: [{ ...chat, targets: chat.targets.slice(0, 1) }] }
    expect(origins(without)).toEqual([['ai_routes.chat.targets.mistral/b', 'author_removed']])
    expect(origins({ ...base, ai_routes: [{ ...chat, strategy: 'priority' }] })).toEqual([
      ['ai_routes.chat.strategy', 'author_changed'],
    ])
    expect(origins({ ...base, ai_routes: [chat, { ...chat, name: 'new' }] })).toEqual([
      ['ai_routes.new', 'author_added'],
    ])
    // Somebody added the target without Git; taking it away again is not the author's doing.
    expect(origins(without, diffManifests(without, base))).toEqual([
      ['ai_routes.chat.targets.mistral/b', 'changed_outside_git'],
    ])
  })
})

describe('risks', () => {
  const cases: [string, RoutesManifest, string, string][] = [
    [
      'the last self-hosted fallback is removed',
      { ...base, ai_routes: [{ name: 'chat', match: chat.match, boundary: 'any', targets: chat.targets }] },
      'ai_routes.chat.fallback.local/c',
      'no self-hosted target is left: when every cloud provider is down, requests fail',
    ],
    [
      'a route is removed',
      { ...base, ai_routes: [{ ...chat, name: 'other' }] },
      'ai_routes.chat',
      'requests for m now go to a later route, or are answered 404',
    ],
    [
      'the last credential is removed',
      { ...base, credentials: [] },
      'credentials.app',
      'no credential is left: anybody who can reach the gateway may use it, and it is refused without --allow-open',
    ],
    [
      'a key is replaced',
      { ...base, credentials: [{ name: 'app', key_hash: key('b') }] },
      'credentials.app.key_hash',
      'requests with the key it had are answered 401',
    ],
    [
      'a credential is disabled',
      { ...base, credentials: [{ name: 'app', key_hash: key('a'), disabled: true }] },
      'credentials.app.disabled',
      'requests with its key are answered 401',
    ],
  ]
  test.each(cases)('%s', (_what, after, path, sentence) => {
    expect(risksFrom(base, after).get(path)).toEqual([sentence])
  })

  test.each([
    ['self_hosted', 'any', 'the boundary is gone: prompts may reach any provider'],
    ['self_hosted', ['eu'], 'prompts may leave your own machines'],
    [['eu'], ['eu', 'us'], 'prompts may now reach us too'],
    [['eu', 'us'], ['eu'], null],
    ['any', ['eu'], null],
  ] as const)('a boundary from %s to %s', (from, to, sentence) => {
    const bounded = (boundary: typeof from | typeof to): RoutesManifest => ({
      ai_routes: [
        {
          name: 'chat',
          match: {},
          boundary: typeof boundary === 'string' ? boundary : [...boundary],
          targets: [{ provider: 'openai', model: 'a' }],
        },
      ],
    })
    const found = risksFrom(bounded(from), bounded(to)).get('ai_routes.chat.boundary') ?? null
    expect(found).toEqual(sentence === null ? null : [sentence])
  })

  test('a harmless change has none', () => {
    expect([...risksFrom(base, { ...base, ai_routes: [{ ...chat, strategy: 'priority' }] })]).toEqual([])
  })
})

describe('a saved plan', () => {
  const plan = planFrom(release, { ...base, ai_routes: [{ ...chat, strategy: 'priority' }] })
  const tampered = structuredClone(plan)
  tampered.candidate.resolved['ai_routes'] = []

  test.each([
    ['text that is no JSON', 'hello', exitCodes.failed, 'not a plan: it is not JSON'],
    ['another document', '{"a": 1}', exitCodes.failed, 'is not a plan'],
    ['a newer plan', JSON.stringify({ ...plan, schema: 'aigw.plan/2' }), exitCodes.failed, 'newer aigw'],
    ['half a plan', JSON.stringify({ schema: plan.schema }), exitCodes.findings, 'is damaged'],
    ['an edited plan', JSON.stringify(tampered), exitCodes.findings, 'was changed after it was made'],
  ])('%s is refused', (_what, text, exitCode, message) => {
    expect(() => parsePlan(text, 'p.json')).toThrow(message)
    expect(() => parsePlan(text, 'p.json')).toThrow(expect.objectContaining({ exitCode }))
  })

  test('is stale as soon as the head is another', () => {
    expect(isStale(plan, { revision: 3, hash: release.hash })).toBe(false)
    expect(isStale(plan, { revision: 4, hash: release.hash })).toBe(true)
    // Another store may have the same number.
    expect(isStale(plan, { revision: 3, hash: key('0') })).toBe(true)
    expect(isStale(plan, null)).toBe(true)
    expect(isStale(planFrom(null, base), null)).toBe(false)
  })
})

describe('gates', () => {
  const plan = planFrom(null, base)
  const withGit = (git: Plan['candidate']['source']['git']): Plan => ({
    ...plan,
    candidate: { ...plan.candidate, source: { ...plan.candidate.source, git } },
  })
  test('clean_git wants a commit and nothing else', () => {
    const commit = 'a'.repeat(40)
    expect(closedGates(withGit(null), { clean_git: true })).toHaveLength(1)
    expect(closedGates(withGit({ commit, branch: null, dirty: true }), { clean_git: true })).toHaveLength(1)
    expect(closedGates(withGit({ commit, branch: null, dirty: false }), { clean_git: true })).toEqual([])
    expect(closedGates(withGit(null), {})).toEqual([])
  })

  test('fail_severity says which findings stop an apply', () => {
    const finding = (severity: 'error' | 'warning' | 'info') => ({
      code: 'x',
      message: 'x',
      path: '',
      file: null,
      line: 1,
      column: 1,
      help: null,
      severity,
    })
    const findings = [finding('error'), finding('warning'), finding('info')]
    expect(blockingFindings(findings, {}).length).toBe(1)
    expect(blockingFindings(findings, { fail_severity: 'warning' }).length).toBe(2)
    expect(blockingFindings(findings, { fail_severity: 'info' }).length).toBe(3)
  })

  test('those without a judge are named', () => {
    expect(unknownGates({ promoted_only: true, scenarios: ['a.yaml'], clean_git: true })).toEqual([
      'promoted_only',
      'scenarios',
    ])
    expect(unknownGates({ promoted_only: false })).toEqual([])
  })
})

describe('usedVariables', () => {
  test('keeps what the manifest names, and nothing else of the environment', () => {
    const source = { a: ['${ONE}', { b: 'x${TWO}y${ONE}' }], c: '$${THREE}', d: '${MISSING}' }
    expect(usedVariables(source, { ONE: '1', TWO: '2', THREE: '3', HOME: '/root' })).toEqual({ ONE: '1', TWO: '2' })
  })
})
