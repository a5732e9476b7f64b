import { mkdirSync, symlinkSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Plan } from '../../schemas/index.ts'
import { validatePlan } from '../../schemas/validate-plan.ts'
import { openFileStore } from '../../gateway/release/file-store.ts'
import { hashOf } from '../../gateway/release/release.ts'
import { Workspace, productNote, servable } from './support.ts'

const readPlan = (workspace: Workspace, name: string): Plan => JSON.parse(workspace.read(name)) as Plan

describe('aigw plan', () => {
  test('the first plan is against nothing: everything is added', async () => {
    const workspace = new Workspace({ 'routes.yaml': productNote })
    const { exitCode, stdout, stderr } = await workspace.aigw('plan')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('Plan for local: nothing published yet → ')
    expect(stdout).toContain('+ route chat-mid-tier  ai_routes.chat-mid-tier')
    expect(stdout).toContain('60 % anthropic/claude-haiku-4-5, 40 % openai/gpt-4o-mini, then ollama/llama-3.1')
    expect(stdout).toContain('1 to add.')
    expect(stderr).toContain('aigw apply')
  })

  test('shows changes by meaning, with paths in a column and risks beside their change', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('apply', '--auto-approve')
    workspace.write('routes.yaml', servable(50).replace('    fallback: local/llama-3.1\n', ''))
    const { stdout } = await workspace.aigw('plan')
    expect(stdout).toContain(
      [
        '  ~ route chat',
        '      ~ target openai/gpt-4o-mini: weight 60 → 50  ai_routes.chat.targets.openai/gpt-4o-mini.weight',
        '      - fallback local/llama-3.1                   ai_routes.chat.fallback["local/llama-3.1"]',
        '          ! no self-hosted target is left: when every cloud provider is down, requests fail',
        '',
        '1 to change, 1 to remove. 1 risk, marked with !.',
      ].join('\n'),
    )
  })

  test('--detailed-exitcode tells changes from none; spelling is no change', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    expect((await workspace.aigw('plan', '--detailed-exitcode')).exitCode).toBe(2)
    await workspace.aigw('apply', '--auto-approve')
    expect((await workspace.aigw('plan', '--detailed-exitcode')).exitCode).toBe(0)
    const same = servable(60).replace('ai_routes:', 'version: "2026.04"\n# a comment\nai_routes:')
    workspace.write('routes.yaml', same.replace('local/llama-3.1', '[local/llama-3.1]'))
    const { exitCode, stdout } = await workspace.aigw('plan', '--detailed-exitcode')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('No changes. The manifest is written differently from revision 1, but means the same.')
    expect((await workspace.aigw('apply')).exitCode).toBe(0)
    expect((await workspace.aigw('status', '--format', 'json')).stdout).toContain('"revision": 1')
  })

  test('--out writes a plan of its schema that only its owner can read, and plan show reads it', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    const made = await workspace.aigw('plan', '--out', 'p.json')
    expect(validatePlan(readPlan(workspace, 'p.json'))).toMatchObject({ valid: true })
    const shown = await workspace.aigw('plan', 'show', 'p.json')
    expect(shown.exitCode).toBe(0)
    expect(shown.stdout).toBe(made.stdout)
    expect((await workspace.aigw('plan', 'show', 'p.json', '--format', 'json')).stdout).toBe(workspace.read('p.json'))
    // A plan can be looked at for ever; that it is stale is said, not held against it.
    await workspace.aigw('apply', '--auto-approve')
    const stale = await workspace.aigw('plan', 'show', 'p.json')
    expect(stale).toMatchObject({ exitCode: 0, stdout: made.stdout })
    expect(stale.stderr).toContain('This plan is stale: the head is revision 1 now.')
  })

  test('holds the variables the manifest uses, and no other part of the environment', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60).replace('gpt-4o-mini}', '"${MODEL}"}') })
    const env = { MODEL: 'gpt-4o-mini', OPENAI_API_KEY: 'sk-never-in-a-plan' }
    await workspace.run({ args: ['plan', '--out', 'p.json'], env })
    const { candidate } = readPlan(workspace, 'p.json')
    expect(candidate.source.variables).toEqual({ MODEL: 'gpt-4o-mini' })
    expect(JSON.stringify(candidate.source.manifest)).toContain('${MODEL}')
    expect(JSON.stringify(candidate.resolved)).not.toContain('${')
    expect(workspace.read('p.json')).not.toContain('sk-never')
  })

  test('an invalid manifest is 3 with its diagnostics, a missing one 1', async () => {
    const workspace = new Workspace({ 'routes.yaml': 'ai_routes: 7' })
    const invalid = await workspace.aigw('plan')
    expect(invalid).toMatchObject({ exitCode: 3, stdout: '' })
    expect(invalid.stderr).toContain('routes.yaml:1:12 error')
    const json = await workspace.aigw('plan', '--format=json')
    expect(json).toMatchObject({ exitCode: 3, stderr: '' })
    expect(JSON.parse(json.stdout)).toMatchObject([{ code: 'wrong-type' }])
    const missing = await workspace.aigw('plan', '--manifest', 'other.yaml')
    expect(missing).toMatchObject({ exitCode: 1, stdout: '' })
    expect(missing.stderr).toBe('aigw: cannot read other.yaml: there is no such file\n')
  })

  test('knows what came past Git', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.git('init')
    await workspace.git('add', '.')
    await workspace.git('-c', 'user.name=Ada', '-c', 'user.email=a@b.c', 'commit', '-m', 'first')
    await workspace.aigw('apply', '--auto-approve')
    workspace.write('routes.yaml', servable(99))
    await workspace.aigw('apply', '--auto-approve')
    await workspace.git('checkout', 'routes.yaml')
    const { stdout } = await workspace.aigw('plan', '--out', 'p.json')
    expect(stdout).toContain('weight 99 → 60')
    expect(stdout).toContain('! undoes what was changed outside Git')
    const { changes, candidate } = readPlan(workspace, 'p.json')
    expect(changes.map(({ origin }) => origin)).toEqual(['changed_outside_git'])
    expect(candidate.source.git).toMatchObject({ dirty: false })
  })
})

describe('aigw apply', () => {
  test('without a terminal it wants an approval', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    const { exitCode, stderr } = await workspace.aigw('apply')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('--auto-approve')
    const approved = await workspace.aigw('apply', '--auto-approve')
    expect(approved.exitCode).toBe(0)
    expect(approved.stdout).toMatch(/Published revision 1 to local \([0-9a-f]{12}\)\.\n0 gateways report/)
  })

  test('a saved plan is its own approval, and is what is published, whatever the file says now', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('plan', '--out', 'p.json')
    workspace.write('routes.yaml', 'ai_routes: 7')
    const { exitCode, stdout } = await workspace.aigw('apply', 'p.json', '--format', 'json')
    expect(exitCode).toBe(0)
    const { candidate } = readPlan(workspace, 'p.json')
    expect(JSON.parse(stdout)).toMatchObject({ environment: 'local', revision: 1, hash: candidate.hash, gateways: [] })
    const store = await openFileStore({ folder: workspace.path('.aigw') })
    expect(await store.read(1)).toEqual({ ...candidate, revision: 1, parent: null })
  })

  test('a stale plan is refused with 5, saying what changed since; nothing is changed', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('apply', '--auto-approve')
    workspace.write('routes.yaml', servable(50))
    await workspace.aigw('plan', '--out', 'mine.json')
    workspace.write('routes.yaml', servable(70))
    await workspace.aigw('apply', '--auto-approve')
    const { exitCode, stdout, stderr } = await workspace.aigw('apply', 'mine.json')
    expect(exitCode).toBe(5)
    expect(stdout).toBe('')
    expect(stderr).toContain('the plan is stale: it was made against revision 1, but the head is revision 2')
    expect(stderr).toMatch(/Revision 2 was made at .+ by ada/)
    expect(stderr).toContain('changed ai_routes.chat.targets.openai/gpt-4o-mini.weight')
    expect(stderr).toContain('weight 60 → 70')
    expect((await (await openFileStore({ folder: workspace.path('.aigw') })).head())?.revision).toBe(2)
  })

  test('what changed meanwhile is told as JSON too, and by `plan show`; a first plan is told all that is new', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('plan', '--out', 'first.json')
    await workspace.aigw('apply', '--auto-approve')
    workspace.write('routes.yaml', servable(50))
    await workspace.aigw('plan', '--out', 'mine.json')
    workspace.write('routes.yaml', servable(70).replace('    fallback: local/llama-3.1\n', ''))
    await workspace.aigw('apply', '--auto-approve')
    const stale = await workspace.aigw('apply', 'mine.json', '--format', 'json')
    expect(stale.exitCode).toBe(5)
    expect(stale.stderr).toContain('the plan is stale')
    expect(JSON.parse(stale.stdout)).toMatchObject({
      refused: 'stale',
      base: 1,
      head: { revision: 2, author: 'ada' },
      already_applied: false,
      changes: [
        { kind: 'changed', path: 'ai_routes.chat.targets.openai/gpt-4o-mini.weight', before: 60, after: 70 },
        { kind: 'removed', subject: 'fallback' },
      ],
    })
    const shown = await workspace.aigw('plan', 'show', 'mine.json')
    expect(shown.exitCode).toBe(0)
    expect(shown.stderr).toContain('This plan is stale: the head is revision 2 now.')
    expect(shown.stderr).toContain('weight 60 → 70')
    const first = await workspace.aigw('apply', 'first.json')
    expect(first.exitCode).toBe(5)
    expect(first.stderr).toContain('made against an empty store, but the head is revision 2')
    expect(first.stderr).toContain('added ai_routes.chat: gpt-4o-mini → ')
  })

  test('a plan whose base cannot be read any more is stale, and says that it cannot tell the changes', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('apply', '--auto-approve')
    workspace.write('routes.yaml', servable(50))
    await workspace.aigw('plan', '--out', 'mine.json')
    workspace.write('routes.yaml', servable(70))
    await workspace.aigw('apply', '--auto-approve')
    workspace.write('.aigw/releases/1.json', '{"half')
    const { exitCode, stderr } = await workspace.aigw('apply', 'mine.json')
    expect(exitCode).toBe(5)
    expect(stderr).toContain('What it changes cannot be told: revision 1')
  })

  test('a plan is refused by another store than the one it was made for, by name', async () => {
    const config = (folder: string) => `environments:\n  local: {store: "file:${folder}"}\n`
    const workspace = new Workspace({ 'routes.yaml': servable(60), 'aigw.yaml': config('one') })
    await workspace.aigw('plan', '--out', 'p.json')
    expect(readPlan(workspace, 'p.json').store).toBe(pathToFileURL(workspace.path('one')).href)
    workspace.write('aigw.yaml', config('two'))
    const { exitCode, stdout, stderr } = await workspace.aigw('apply', 'p.json', '--format', 'json')
    expect(exitCode).toBe(5)
    expect(stderr).toMatch(/p\.json was made for the store file:\S+\/one, but local has file:\S+\/two/)
    expect(JSON.parse(stdout)).toMatchObject({ refused: 'other_store', planned_for: expect.stringMatching(/one$/) })
    expect(await (await openFileStore({ folder: workspace.path('two') })).head()).toBeNull()
    expect((await workspace.aigw('plan', 'show', 'p.json')).stderr).toContain('was made for the store file:')
    // One folder by another name is the same store.
    mkdirSync(workspace.path('one'))
    symlinkSync('one', workspace.path('same'))
    workspace.write('aigw.yaml', config('same'))
    expect((await workspace.aigw('apply', 'p.json')).exitCode).toBe(0)
  })

  test('a plan of an older version, which names no store, is carried out', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('plan', '--out', 'p.json')
    const { store: _store, ...older } = readPlan(workspace, 'p.json')
    workspace.write('p.json', JSON.stringify(older))
    expect((await workspace.aigw('plan', 'show', 'p.json')).exitCode).toBe(0)
    expect((await workspace.aigw('apply', 'p.json')).exitCode).toBe(0)
  })

  test('a plan that holds what is no manifest is refused, though its hash is right', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('plan', '--out', 'p.json')
    const { candidate, ...rest } = readPlan(workspace, 'p.json')
    const resolved = {
      ai_routes: [{ name: 'chat', match: { model: 'm' }, targets: [{ provider: 'nobody', model: 'm' }] }],
    }
    workspace.write(
      'p.json',
      JSON.stringify({ ...rest, candidate: { ...candidate, resolved, hash: hashOf(resolved) } }),
    )
    const { exitCode, stderr } = await workspace.aigw('apply', 'p.json')
    expect(exitCode).toBe(3)
    expect(stderr).toContain('p.json holds a manifest that is not valid; nothing was changed')
    expect(stderr).toContain('ai_routes[0].targets[0].provider')
    expect(await (await openFileStore({ folder: workspace.path('.aigw') })).head()).toBeNull()
  })

  test('of several reasons the exit code that comes first is told: 1, then 5, then 3', async () => {
    const config = (gates: string) => `environments:\n  local: {store: "file:.aigw", gates: ${gates}}\n`
    const workspace = new Workspace({ 'routes.yaml': servable(60), 'aigw.yaml': config('{fail_severity: error}') })
    await workspace.aigw('apply', '--auto-approve')
    workspace.write('routes.yaml', servable(50))
    await workspace.aigw('plan', '--out', 'p.json')
    workspace.write('routes.yaml', servable(70))
    await workspace.aigw('apply', '--auto-approve')
    // The plan is stale, and the gate does not hold.
    workspace.write('aigw.yaml', config('{clean_git: true}'))
    expect((await workspace.aigw('apply', 'p.json')).exitCode).toBe(5)
    await workspace.aigw('plan', '--out', 'p.json')
    workspace.write('routes.yaml', servable(80))
    await workspace.aigw('plan', '--out', 'p.json')
    expect((await workspace.aigw('apply', 'p.json')).exitCode).toBe(3)
    // Nor can anything be published there at all.
    workspace.write('.aigw/..data', '')
    expect((await workspace.aigw('apply', 'p.json')).exitCode).toBe(1)
  })

  test('a plan applied twice is stale the second time', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('plan', '--out', 'p.json')
    expect((await workspace.aigw('apply', 'p.json')).exitCode).toBe(0)
    const again = await workspace.aigw('apply', 'p.json')
    expect(again.exitCode).toBe(5)
    expect(again.stderr).toContain('applied already')
  })

  test('of several applied at once exactly one wins, and the store holds exactly that one', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('apply', '--auto-approve')
    const weights = [10, 20, 30, 50]
    for (const weight of weights) {
      workspace.write(`${weight}.yaml`, servable(weight))
      await workspace.aigw('plan', '--manifest', `${weight}.yaml`, '--out', `${weight}.json`)
    }
    const runs = await Promise.all(weights.map(async (weight) => await workspace.aigw('apply', `${weight}.json`)))
    const exitCodes = runs.map(({ exitCode }) => exitCode)
    expect(exitCodes.filter((exitCode) => exitCode === 0)).toHaveLength(1)
    expect(exitCodes.filter((exitCode) => exitCode === 5)).toHaveLength(3)
    const winner = weights[runs.findIndex(({ exitCode }) => exitCode === 0)] ?? 0
    const store = await openFileStore({ folder: workspace.path('.aigw') })
    expect(await store.head()).toEqual({ revision: 2, hash: readPlan(workspace, `${winner}.json`).candidate.hash })
    expect((await store.list()).length).toBe(2)
    expect(await store.candidate()).toBeNull()
  })

  test.each([
    ['edited', (plan: Plan) => ({ ...plan, candidate: { ...plan.candidate, resolved: { ai_routes: [] } } }), 3],
    ['of a newer aigw', (plan: Plan) => ({ ...plan, schema: 'aigw.plan/2' }), 1],
    ['for an environment there is not', (plan: Plan) => ({ ...plan, environment: 'prod' }), 1],
  ])('a plan that is %s is refused', async (_what, change, expected) => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('plan', '--out', 'p.json')
    workspace.write('p.json', JSON.stringify(change(readPlan(workspace, 'p.json'))))
    const { exitCode, stderr } = await workspace.aigw('apply', 'p.json')
    expect(exitCode).toBe(expected)
    expect(stderr).toMatch(/^aigw: /)
    expect((await workspace.aigw('status', '--format', 'json')).stdout).toContain('"head": null')
  })

  test('a plan is carried out in the environment it was made for, and in no other', async () => {
    const config = 'environments:\n  dev: {store: "file:stores/dev"}\n  prod: {store: "file:stores/prod"}\n'
    const workspace = new Workspace({ 'routes.yaml': servable(60), 'aigw.yaml': config })
    expect((await workspace.aigw('plan')).stderr).toContain('which environment? Name one with --env')
    await workspace.aigw('plan', '--env', 'dev', '--out', 'dev.json')
    const wrong = await workspace.aigw('apply', 'dev.json', '--env', 'prod')
    expect(wrong.exitCode).toBe(1)
    expect(wrong.stderr).toContain('dev.json is a plan for dev, not for prod')
    expect((await workspace.aigw('apply', 'dev.json')).exitCode).toBe(0)
    expect(await (await openFileStore({ folder: workspace.path('stores/dev') })).head()).toMatchObject({
      revision: 1,
    })
    expect(await (await openFileStore({ folder: workspace.path('stores/prod') })).head()).toBeNull()
    expect((await workspace.aigw('status', '--env', 'prdo')).stderr).toContain('did you mean `prod`?')
  })

  test('gates of the environment are held, and those nobody can judge yet are refused by name', async () => {
    const config = (gates: string) => `environments:\n  local: {store: "file:.aigw", gates: ${gates}}\n`
    const workspace = new Workspace({ 'routes.yaml': servable(60), 'aigw.yaml': config('{clean_git: true}') })
    const dirty = await workspace.aigw('apply', '--auto-approve')
    expect(dirty.exitCode).toBe(3)
    expect(dirty.stderr).toContain('clean_git: the manifest is not in a Git repository')
    workspace.write('aigw.yaml', config('{fail_severity: warning}'))
    workspace.write('routes.yaml', servable(60).replace('    match', '    hedge_after_ms: 9\n    match'))
    expect((await workspace.aigw('plan')).exitCode).toBe(3)
    expect((await workspace.aigw('apply', '--auto-approve')).exitCode).toBe(3)
    workspace.write('aigw.yaml', config('{promoted_only: true}'))
    const unknown = await workspace.aigw('apply', '--auto-approve')
    expect(unknown.exitCode).toBe(1)
    expect(unknown.stderr).toContain('cannot be judged by this version: promoted_only')
    expect(await (await openFileStore({ folder: workspace.path('.aigw') })).head()).toBeNull()
  })

  test('a store of another kind, and a damaged one, are told in a line', async () => {
    const workspace = new Workspace({
      'routes.yaml': servable(60),
      'aigw.yaml': 'environments: {local: {store: "redis://x"}}\n',
    })
    const other = await workspace.aigw('plan')
    expect(other).toMatchObject({
      exitCode: 1,
      stderr: 'aigw: stores of the kind redis: are not in this version; file: is\n',
    })
    workspace.write('aigw.yaml', 'environments: {local: {store: "file:store"}}\n')
    workspace.write('store', 'no folder')
    const damaged = await workspace.aigw('apply', '--auto-approve')
    expect(damaged.exitCode).toBe(1)
    expect(damaged.stderr).toMatch(/^aigw: the store at .+ cannot be used: /)
  })
})

describe('aigw rollback', () => {
  test('is held to the gates that an apply is held to', async () => {
    const config = (gates: string) => `environments:\n  local: {store: "file:.aigw", gates: ${gates}}\n`
    const hedged = servable(60).replace('    match', '    hedge_after_ms: 9\n    match')
    const workspace = new Workspace({ 'routes.yaml': hedged, 'aigw.yaml': config('{fail_severity: error}') })
    await workspace.aigw('apply', '--auto-approve')
    workspace.write('routes.yaml', servable(50))
    await workspace.aigw('apply', '--auto-approve')
    workspace.write('aigw.yaml', config('{fail_severity: warning}'))
    const found = await workspace.aigw('rollback', '--auto-approve', '--format', 'json')
    expect(found.exitCode).toBe(3)
    expect(found.stderr).toContain('ai_routes[0].hedge_after_ms: hedging')
    expect(JSON.parse(found.stdout)).toMatchObject({ refused: 'findings', findings: [{ code: 'unavailable' }] })
    workspace.write('aigw.yaml', config('{clean_git: true}'))
    expect((await workspace.aigw('rollback', '--auto-approve')).exitCode).toBe(3)
    expect((await (await openFileStore({ folder: workspace.path('.aigw') })).head())?.revision).toBe(2)
  })

  test('to what is served already changes nothing, and to what is damaged is refused', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('apply', '--auto-approve')
    workspace.write('routes.yaml', servable(50))
    await workspace.aigw('apply', '--auto-approve')
    await workspace.aigw('rollback', '--auto-approve')
    const same = await workspace.aigw('rollback', '1', '--auto-approve', '--format', 'json')
    expect(same.exitCode).toBe(0)
    expect(JSON.parse(same.stdout)).toEqual({ environment: 'local', revision: 3, changes: 0 })
    workspace.write('.aigw/releases/2.json', '{"half')
    const damaged = await workspace.aigw('rollback', '2', '--auto-approve')
    expect(damaged.exitCode).toBe(1)
    expect(damaged.stderr).toContain('2.json is not a release: it is not JSON')
  })

  test('publishes the one before again, as a new revision', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    expect((await workspace.aigw('rollback', '--auto-approve')).stderr).toContain('nothing was published')
    await workspace.aigw('apply', '--auto-approve')
    expect((await workspace.aigw('rollback', '--auto-approve')).stderr).toContain('revision 1 is the first')
    workspace.write('routes.yaml', servable(50))
    await workspace.aigw('apply', '--auto-approve')
    const { exitCode, stdout } = await workspace.aigw('rollback', '--auto-approve')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('weight 50 → 60')
    expect(stdout).toContain('Published revision 3')
    const store = await openFileStore({ folder: workspace.path('.aigw') })
    expect((await store.head())?.hash).toBe((await store.read(1)).hash)
    expect((await workspace.aigw('rollback', '9', '--auto-approve')).stderr).toContain(
      'there is no revision 9: the newest is 3',
    )
    expect((await workspace.aigw('rollback', '2')).exitCode).toBe(1)
  })
})
