/** `aigw status` beside real gateways: what it shows of each, with a token where one is asked for, and as it changes. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { InstanceDetails } from '../../gateway/release/instance-details.ts'
import type { InstanceReport } from '../../gateway/release/instance.ts'
import { Workspace, servable, waitFor } from './support.ts'

const token = 'a-token-of-thirty-two-characters'

interface StatusJson {
  readonly gateways: readonly (InstanceReport & InstanceDetails)[]
}

/** Beside the target whose key is there, one whose key is not. */
function lackingKey(weight: number): string {
  return servable(weight).replace('    fallback', '      - {provider: mistral, model: small, weight: 1}\n    fallback')
}

describe('what a gateway says of itself', () => {
  test('is shown by status and by apply: missing keys, tables, requests, audit trail', async () => {
    const workspace = new Workspace({ 'routes.yaml': lackingKey(60) })
    const gateway = await workspace.serve()
    const applied = await workspace.aigw('apply', '--auto-approve')
    expect(applied).toMatchObject({ exitCode: 0 })
    expect(applied.stdout).toContain('key missing for mistral (MISTRAL_API_KEY): its targets are skipped')
    await (await fetch(`${gateway.url}/v1/nothing`)).text()
    const found = await waitFor(async () => {
      const { stdout } = await workspace.aigw('status', '--format', 'json')
      const [one] = (JSON.parse(stdout) as StatusJson).gateways
      return one?.requests.refused === 1 ? one : null
    })
    expect(found).toMatchObject({
      revision: 1,
      missing_secrets: [{ connection: 'mistral', reads: 'env:MISTRAL_API_KEY' }],
      generations: [{ generation: 1, revision: 1, state: 'serving', requests: 0, cut: 0 }],
      source: { kind: 'store', state: 'ok', head: 1 },
      last_reload: { accepted: true },
      spool: { failing: false, failures: 0 },
    })
    const { stdout } = await workspace.aigw('status')
    expect(stdout).toMatch(/key missing for mistral \(MISTRAL_API_KEY\)/)
    expect(stdout).toMatch(/generation +1 \(revision 1\) 0 requests/)
    expect(stdout).toMatch(/requests +1: 1 refused/)
    expect(stdout).toMatch(/audit +line \d+, [\d.]+ kB in 2 files/)
    expect(stdout).not.toContain('sk-test')
    const { stdout: alone } = await workspace.aigw('status', '--url', gateway.adminUrl)
    expect(alone).toContain('key missing for mistral')
  })

  test('names a store that has lost its releases, while it goes on serving', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('apply', '--auto-approve')
    const gateway = await workspace.serve()
    renameSync(workspace.path('.aigw/releases'), workspace.path('aside'))
    mkdirSync(workspace.path('.aigw/releases'))
    const told = await waitFor(async () => {
      const { stdout } = await workspace.aigw('status', '--url', gateway.adminUrl)
      return stdout.includes('has lost its releases') ? stdout : null
    })
    expect(told).toContain('serves revision 1')
    const { stderr } = await gateway.stop()
    expect(stderr.split('\n').filter((line) => line.includes('"source_empty"'))).toHaveLength(1)
  })
})

describe('the admin token', () => {
  test('is named and never written; without it there is a sentence and no status', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60), token: `${token}\n` })
    const gateway = await workspace.serve('--manifest', 'routes.yaml', '--no-spool', '--admin-token-file', 'token')
    const ask = async (env: Record<string, string>, ...more: string[]) =>
      await workspace.run({ args: ['status', '--url', gateway.adminUrl, ...more], env })
    const without = await ask({})
    expect([without.exitCode, without.stdout]).toEqual([1, ''])
    expect(without.stderr).toMatch(/asks for a token\n.*--admin-token-env/)
    const wrong = await ask({ AIGW_ADMIN_TOKEN: 'another-token-of-enough-length' })
    expect([wrong.exitCode, wrong.stderr]).toEqual([1, expect.stringContaining('and not for this one')])
    expect(wrong.stderr).not.toContain('another-token')
    expect(await ask({ AIGW_ADMIN_TOKEN: token })).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await ask({ MINE: token }, '--admin-token-env', 'MINE')).toMatchObject({ exitCode: 0 })
    expect(await ask({}, '--admin-token-file', 'token')).toMatchObject({ exitCode: 0 })
    const unset = await ask({}, '--admin-token-env', 'MINE')
    expect([unset.exitCode, unset.stderr]).toEqual([1, expect.stringContaining('the variable MINE')])
    const both = await ask({ MINE: token }, '--admin-token-env', 'MINE', '--admin-token-file', 'token')
    expect(both.stderr).toContain('choose one')
    expect((await gateway.stop()).stderr).not.toContain(token)
  })

  test('is asked for by serve where everybody could listen', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    const args = ['serve', '--manifest', 'routes.yaml', '--no-spool', '--port', '0', '--admin-port', '0']
    const { exitCode, stderr } = await workspace.aigw(...args, '--admin-host', '0.0.0.0')
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('needs a token')])
    const short = await workspace.run({ args, env: { AIGW_ADMIN_TOKEN: 'short' } })
    expect([short.exitCode, short.stderr]).toEqual([1, expect.stringContaining('AIGW_ADMIN_TOKEN is too short')])
  })
})

describe('status --watch', () => {
  test('in a pipe writes a block as something changes, and ends with 0 when told to stop', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    const watching = workspace.start('status', '--watch', '--interval', '100ms')
    await waitFor(() => (watching.stdout().includes('nothing published yet') ? true : null))
    await workspace.aigw('apply', '--auto-approve')
    await waitFor(() => (watching.stdout().includes('routes.yaml is revision 1') ? true : null))
    workspace.write('routes.yaml', servable(50))
    await waitFor(() => (watching.stdout().includes('has 1 change') ? true : null))
    const { exitCode, stdout, stderr } = await watching.stop('SIGINT')
    expect([exitCode, stderr]).toEqual([0, ''])
    const blocks = stdout
      .split(/^\d{4}-\d\d-\d\dT.+Z$/m)
      .slice(1)
      .map((block) => block.trim())
    expect(blocks.length).toBeGreaterThanOrEqual(3)
    expect(blocks.filter((block, index) => block === blocks[index - 1])).toEqual([])
    expect(stdout).not.toContain('\u001B')
  })

  test('of one gateway goes on when it is gone, and says so once', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    const gateway = await workspace.serve('--manifest', 'routes.yaml', '--no-spool')
    const args = ['status', '--url', gateway.adminUrl, '--watch', '--interval', '100ms', '--format', 'json']
    const watching = workspace.start(...args)
    await waitFor(() => (watching.stdout().includes('"ready":true') ? true : null))
    await gateway.stop()
    await waitFor(() => (watching.stdout().includes('no gateway answers') ? true : null))
    await new Promise((resolve) => setTimeout(resolve, 500))
    const { exitCode, stdout } = await watching.stop('SIGTERM')
    expect(exitCode).toBe(0)
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(lines.filter((line) => 'problem' in line && !('ready' in line))).toHaveLength(1)
  })

  test('says what it cannot do', async () => {
    const workspace = new Workspace()
    expect((await workspace.aigw('status', '--interval', '1s')).stderr).toContain('add --watch')
    expect((await workspace.aigw('status', '--watch', '--interval', '1ms')).stderr).toContain('at least 100ms')
    writeFileSync(workspace.path('.aigw'), '')
    const { exitCode, stderr } = await workspace.aigw('status', '--watch')
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('.aigw')])
  })
})
