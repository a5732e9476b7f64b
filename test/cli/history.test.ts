import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openFileStore } from '../../gateway/release/file-store.ts'
import { Workspace, servable } from './support.ts'

/** Weight 60; 50 without its fallback; back to the first. */
async function withThree(): Promise<Workspace> {
  const workspace = new Workspace({ 'routes.yaml': servable(60) })
  await workspace.aigw('apply', '--auto-approve')
  workspace.write('routes.yaml', servable(50).replace('    fallback: local/llama-3.1\n', ''))
  await workspace.aigw('apply', '--auto-approve')
  await workspace.aigw('rollback', '--auto-approve')
  return workspace
}

describe('aigw history', () => {
  test('shows each release with when, who, commit and hash, and what it changed in words', async () => {
    const workspace = await withThree()
    const { exitCode, stdout, stderr } = await workspace.aigw('history')
    expect([exitCode, stderr]).toEqual([0, ''])
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(6)
    expect(lines[0]).toMatch(/^● 3 {2}\d{4}-\d\d-\d\d \d\d:\d\dZ {2}[0-9a-f]{12} {2}no commit {2}ada$/)
    expect(lines[1]).toBe(
      '    back to revision 1: route chat: target openai/gpt-4o-mini: weight 50 → 60, and 1 change more',
    )
    expect(lines[2]).toMatch(/^ {2}2 {2}/)
    expect(lines[3]).toBe('    route chat: target openai/gpt-4o-mini: weight 60 → 50, and 1 change more')
    expect(lines[5]).toBe('    the first: route chat added, and 1 change more')
  })

  test('as JSON, with every change; --limit says how many', async () => {
    const workspace = await withThree()
    const { stdout, stderr } = await workspace.aigw('history', '--format', 'json', '--limit', '2')
    expect(stderr).toBe('There are older ones: --limit 4\n')
    const { environment, releases } = JSON.parse(stdout)
    expect(environment).toBe('local')
    expect(releases).toMatchObject([
      { revision: 3, parent: 2, author: 'ada', git: null, same_as: 1, head: true, gateways: 0, problem: null },
      {
        revision: 2,
        parent: 1,
        same_as: null,
        head: false,
        changes: [
          { kind: 'changed', path: 'ai_routes.chat.targets.openai/gpt-4o-mini.weight', before: 60, after: 50 },
          { kind: 'removed', subject: 'fallback' },
        ],
      },
    ])
    const store = await openFileStore({ folder: workspace.path('.aigw') })
    expect(releases[0].hash).toBe((await store.read(1)).hash)
    expect((await workspace.aigw('history', '--limit', '2', '--quiet')).stderr).toBe('')
    expect((await workspace.aigw('history', '--limit', '0')).exitCode).toBe(1)
  })

  test('names the commit, and whether the manifest was that of the commit', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.git('init')
    await workspace.git('add', '.')
    await workspace.git('-c', 'user.name=Ada', '-c', 'user.email=a@b.c', 'commit', '-m', 'first')
    await workspace.aigw('apply', '--auto-approve')
    workspace.write('routes.yaml', servable(50))
    await workspace.aigw('apply', '--auto-approve')
    const { stdout } = await workspace.aigw('history')
    expect(stdout).toMatch(/● 2 {2}\S+ \S+ {2}[0-9a-f]{12} {2}[0-9a-f]{10}\+changes {2}ada/)
    expect(stdout).toMatch(/ {2}1 {2}\S+ \S+ {2}[0-9a-f]{12} {2}[0-9a-f]{10} +ada/)
  })

  test('shows what it cannot read as that, and what came after it all the same', async () => {
    const workspace = await withThree()
    workspace.write('.aigw/releases/1.json', '{"half')
    const newer = { schema: 'aigw.release/2', revision: 4 }
    writeFileSync(workspace.path('.aigw/releases/4.json'), JSON.stringify(newer))
    const { exitCode, stdout } = await workspace.aigw('history')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/ {2}4\n {4}cannot be read: \S+4\.json is written in aigw\.release\/2, but this aigw reads/)
    expect(stdout).toContain('its changes cannot be told: revision 1 cannot be read')
    expect(stdout).toMatch(/ {2}1\n {4}cannot be read: \S+1\.json is not a release: it is not JSON/)
  })

  test('says how many gateways serve which, and that nothing was published', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    expect(await workspace.aigw('history')).toMatchObject({
      exitCode: 0,
      stdout: 'Nothing was published to local yet.\n',
    })
    await workspace.aigw('apply', '--auto-approve')
    await workspace.serve()
    expect((await workspace.aigw('history')).stdout).toMatch(/ada {2}\(1 gateway\)\n/)
  })
})
