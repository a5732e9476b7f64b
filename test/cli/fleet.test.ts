import { readdirSync, rmSync, utimesSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openFileStore } from '../../gateway/release/file-store.ts'
import type { InstanceReport } from '../../gateway/release/instance.ts'
import type { ReleaseStore } from '../../gateway/release/store.ts'
import { startSimulator } from '../../gateway/simulators/simulator.ts'
import type { ReleaseDraft } from '../../schemas/index.ts'
import { Workspace, servable, waitFor } from './support.ts'

/** A gateway of another make: says about itself what a test wants it to. */
function reportOf(process: string, more: Partial<InstanceReport> = {}): InstanceReport {
  return {
    process,
    pid: 1,
    host: 'elsewhere',
    url: `http://${process}`,
    revision: null,
    hash: null,
    generation: 0,
    ready: true,
    problem: null,
    candidate: null,
    inFlight: 0,
    draining: [],
    at: Date.now(),
    ...more,
  }
}

async function storeOf(workspace: Workspace): Promise<ReleaseStore> {
  return await openFileStore({ folder: workspace.path('.aigw'), pollMs: 20 })
}

/** Answers whatever is proposed, until the test is over. */
function answerCandidates(store: ReleaseStore, name: string, answer: { accepted: boolean; revision: number | null }) {
  return store.watch(() => {
    void (async () => {
      const candidate = await store.candidate()
      if (candidate === null) return
      const problems = answer.accepted ? [] : ['the key of openai is missing']
      const told = { id: candidate.id, accepted: answer.accepted, problems }
      await store.report(reportOf(name, { revision: answer.revision, candidate: told }))
    })()
  })
}

describe('apply and a running gateway', () => {
  test('the gateway tries it, takes it, and is named; plan, apply and rollback without a restart', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    const gateway = await workspace.serve()
    const first = await workspace.aigw('apply', '--auto-approve')
    expect(first.exitCode).toBe(0)
    expect(first.stderr).toContain('Waiting for 1 gateway to try the candidate')
    expect(first.stdout).toMatch(new RegExp(`● \\w+  ${gateway.url}  serves revision 1  0 requests under way`))
    expect(first.stdout).toContain('1 gateway serves revision 1.')

    workspace.write('routes.yaml', servable(50))
    const second = await workspace.aigw('apply', '--auto-approve', '--format', 'json', '--wait-drained')
    expect(JSON.parse(second.stdout)).toMatchObject({
      revision: 2,
      parent: 1,
      gateways: [{ url: gateway.url, revision: 2, ready: true, draining: [] }],
      lagging: [],
      draining_requests: 0,
    })
    const status = await workspace.aigw('status', '--url', gateway.adminUrl, '--format', 'json')
    expect(JSON.parse(status.stdout)).toMatchObject({ revision: 2, url: gateway.url })
    expect((await workspace.aigw('status', '--url', gateway.adminUrl)).stdout).toContain('serves revision 2')
    expect((await workspace.aigw('rollback', '--auto-approve')).stdout).toContain('1 gateway serves revision 3.')
  })

  test('a manifest it cannot serve stops the apply before anything changed', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    const gateway = await workspace.serve()
    await workspace.aigw('apply', '--auto-approve')
    workspace.write('routes.yaml', servable(60).replace('    match', '    hedge_after_ms: 9\n    match'))
    const { exitCode, stderr } = await workspace.aigw('apply', '--auto-approve')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('1 gateway cannot serve this manifest; nothing was changed')
    expect(stderr).toContain(`(${gateway.url}): ai_routes[0].hedge_after_ms: hedging`)
    const store = await storeOf(workspace)
    expect((await store.head())?.revision).toBe(1)
    expect(await store.candidate()).toBeNull()
  })

  test('told to stop, it leaves the store and ends with 0', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('apply', '--auto-approve')
    const gateway = await workspace.serve()
    expect((await workspace.aigw('status')).stdout).toContain(gateway.url)
    expect(await gateway.stop()).toMatchObject({ exitCode: 0, stdout: '' })
    expect((await workspace.aigw('status')).stdout).toContain('0 gateways report to this store')
  })

  test('serve --manifest serves the file, and a bad one is shown with its place and is 3', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    const gateway = await workspace.serve('--manifest', 'routes.yaml', '--no-spool')
    const { stdout } = await workspace.aigw('status', '--url', gateway.adminUrl, '--format', 'json')
    expect((JSON.parse(stdout) as InstanceReport).revision).toMatch(/^file-[0-9a-f]{12}$/)
    workspace.write('bad.yaml', servable(60).replace('weight: 40', 'wieght: 40'))
    const bad = await workspace.aigw('serve', '--manifest', 'bad.yaml', '--port', '0', '--admin-port', '0')
    expect(bad.exitCode).toBe(3)
    expect(bad.stderr).toMatch(/bad\.yaml:8:49 error `wieght` is not a known key/)
    const missing = await workspace.aigw('serve', '--manifest', 'none.yaml', '--port', '0', '--admin-port', '0')
    expect(missing.exitCode).toBe(1)
    expect(missing.stderr).toContain('none.yaml')
    const both = await workspace.aigw('serve', '--manifest', 'routes.yaml', '--store', 'file:.aigw')
    expect(both.stderr).toContain('choose one')
  })

  test('a port in use is a sentence', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    const gateway = await workspace.serve('--manifest', 'routes.yaml', '--no-spool')
    const port = new URL(gateway.url).port
    const args = ['serve', '--manifest', 'routes.yaml', '--no-spool', '--port', port, '--admin-port', '0']
    const { exitCode, stderr } = await workspace.aigw(...args)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/port \d+ on 127\.0\.0\.1 is in use/)
  })
})

describe('apply and requests that are under way', () => {
  const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }], stream: true })

  async function streaming() {
    const provider = await startSimulator({ name: 'slow', seed: 1 })
    onTestFinished(async () => await provider.close())
    await provider.behave({ tokensPerSecond: 20, chunks: 400 })
    const manifest = (weight: number) =>
      servable(weight)
        .replaceAll('provider: openai', 'provider: local')
        .replace('http://127.0.0.1:9/v1', provider.baseUrl)
    const workspace = new Workspace({ 'routes.yaml': manifest(60) })
    await workspace.aigw('apply', '--auto-approve')
    const gateway = await workspace.serve()
    const caller = new AbortController()
    onTestFinished(() => caller.abort())
    const reply = await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', body, signal: caller.signal })
    expect(reply.status).toBe(200)
    workspace.write('routes.yaml', manifest(50))
    return { workspace, provider, reply, caller }
  }

  test('they finish on the old revision, and are counted; nothing was cut', async () => {
    const { workspace, reply, caller } = await streaming()
    const { exitCode, stdout } = await workspace.aigw('apply', '--auto-approve')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('1 gateway serves revision 2.\n1 request finishes on an older revision; 0 were cut.')
    caller.abort()
    await expect(reply.text()).rejects.toThrow('aborted')
  })

  test('--wait-drained waits for them', async () => {
    const { workspace, reply, caller } = await streaming()
    const apply = workspace.start('apply', '--auto-approve', '--wait-drained', '--format', 'json', '--timeout', '60s')
    await waitFor(() => (apply.stderr().includes('Waiting for the requests on the old revision') ? true : null))
    expect(apply.hasEnded()).toBe(false)
    caller.abort()
    await reply.text().catch(() => {})
    await waitFor(() => (apply.hasEnded() ? true : null))
    const { exitCode, stdout } = await apply.stop()
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      revision: 2,
      draining_requests: 0,
      not_drained: [],
      finished_requests: 1,
      cut_requests: 0,
    })
  })

  test('--wait-drained that waits in vain is 1, and says where', async () => {
    const { workspace, reply, caller } = await streaming()
    const { exitCode, stdout, stderr } = await workspace.aigw(
      'apply',
      '--auto-approve',
      '--wait-drained',
      '--timeout',
      '1s',
    )
    // Read only now: an answer that nobody holds on to is given up.
    caller.abort()
    await expect(reply.text()).rejects.toThrow('aborted')
    expect(exitCode).toBe(1)
    expect(stdout).toContain('1 gateway serves revision 2.')
    expect(stderr).toContain('every gateway serves revision 2, but requests of before it are still running')
    expect(stderr).toMatch(/\w+ \(http:\S+\): 1 request\n/)
  })
})

describe('apply and gateways that are gone', () => {
  test('one that was killed is waited for until its lease is over, and then counted no more', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    const gateway = await workspace.serve()
    await waitFor(() => readdirSync(workspace.path('.aigw/instances'))[0] ?? null)
    await gateway.stop('SIGKILL')
    const dead = await workspace.aigw('apply', '--auto-approve', '--timeout', '300ms')
    expect(dead.exitCode).toBe(1)
    expect(dead.stderr).toMatch(/\) did not answer within [\d.]+ s; nothing was changed/)
    for (const name of readdirSync(workspace.path('.aigw/instances'))) {
      const then = new Date(Date.now() - 11_000)
      utimesSync(workspace.path(`.aigw/instances/${name}`), then, then)
    }
    const { exitCode, stdout } = await workspace.aigw('apply', '--auto-approve')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('0 gateways report to this store; one that starts will serve it.')
  })

  test('one that ends while it is waited for is named, and not waited for', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    const store = await storeOf(workspace)
    await store.report(reportOf('leaving'))
    const stop = answerCandidates(store, 'leaving', { accepted: true, revision: null })
    const apply = workspace.start('apply', '--auto-approve', '--format', 'json')
    await waitFor(() => (apply.stderr().includes('to serve revision 1') ? true : null))
    stop()
    await store.withdraw('leaving')
    await waitFor(() => (apply.hasEnded() ? true : null))
    const { exitCode, stdout } = await apply.stop()
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ revision: 1, gateways: [], lagging: [], left: ['leaving'] })
  })

  test('a store that was begun anew is not mistaken for the old one, though its numbers are the same', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('apply', '--auto-approve')
    const gateway = await workspace.serve()
    const hashes = async () => {
      const { stdout } = await workspace.aigw('status', '--url', gateway.adminUrl, '--format', 'json')
      return (JSON.parse(stdout) as InstanceReport).hash
    }
    const before = await hashes()
    rmSync(workspace.path('.aigw/releases'), { recursive: true })
    workspace.write('routes.yaml', servable(50))
    const { exitCode, stdout } = await workspace.aigw('apply', '--auto-approve', '--format', 'json')
    expect(exitCode).toBe(0)
    const published = JSON.parse(stdout) as { readonly revision: number; readonly hash: string }
    expect(published.revision).toBe(1)
    expect(published.hash).not.toBe(before)
    expect(await hashes()).toBe(published.hash)
  })
})

describe('apply and another apply', () => {
  test('of several started at once one publishes, and the others exit with 5 and say why', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('apply', '--auto-approve')
    const gateway = await workspace.serve()
    const weights = [10, 20, 30]
    for (const weight of weights) workspace.write(`${weight}.yaml`, servable(weight))
    const runs = await Promise.all(
      weights.map(async (weight) => await workspace.aigw('apply', '--auto-approve', '--manifest', `${weight}.yaml`)),
    )
    // Whoever looked at the store only after the first had published makes a plan of its own, in good order.
    const store = await storeOf(workspace)
    const published = runs.filter(({ exitCode }) => exitCode === 0).length
    expect(published).toBeGreaterThan(0)
    expect((await store.list()).length).toBe(1 + published)
    for (const { exitCode, stderr } of runs.filter((run) => run.exitCode !== 0)) {
      expect(exitCode).toBe(5)
      expect(stderr).toMatch(/another apply is under way, by .+ on |the plan is stale: it was made against revision \d/)
    }
    const { stdout } = await workspace.aigw('status', '--url', gateway.adminUrl, '--format', 'json')
    expect((JSON.parse(stdout) as InstanceReport).hash).toBe((await store.head())?.hash)
  })
})

describe('apply and gateways that do not go along', () => {
  test('one that is too old for the candidate says so by name', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('apply', '--auto-approve')
    const gateway = await workspace.serve()
    const store = await storeOf(workspace)
    const { revision: _revision, parent: _parent, ...draft } = await store.read(1)
    const newer = { ...draft, schema: 'aigw.release/2' } as unknown as ReleaseDraft
    await store.proposeCandidate({ id: 'newer', draft: newer, by: 'a newer aigw' })
    const answer = await waitFor(async () => {
      const [report] = await store.instances()
      return report?.candidate?.id === 'newer' ? report.candidate : null
    })
    expect(answer).toMatchObject({ accepted: false, problems: [expect.stringContaining('aigw.release/2')] })
    await store.clearCandidate('newer')
    // Published all the same, it is not served, and what serves goes on.
    const release = { ...newer, revision: 2, parent: 1 }
    workspace.write('.aigw/releases/2.json', JSON.stringify(release))
    const report = await waitFor(async () => {
      const { stdout } = await workspace.aigw('status', '--url', gateway.adminUrl, '--format', 'json')
      const told = JSON.parse(stdout) as InstanceReport
      return told.problem === null ? null : told
    })
    expect(report).toMatchObject({ revision: 1, ready: true, problem: expect.stringContaining('aigw.release/2') })
    const refused = await workspace.aigw('apply', '--auto-approve')
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toContain('2.json is written in aigw.release/2, but this aigw reads aigw.release/1')
  })

  test('a straggler is named, with the command to go back, and the exit code is 1', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('apply', '--auto-approve')
    const store = await storeOf(workspace)
    await store.report(reportOf('slow', { revision: 1 }))
    const stop = answerCandidates(store, 'slow', { accepted: true, revision: 1 })
    workspace.write('routes.yaml', servable(50))
    const { exitCode, stdout, stderr } = await workspace.aigw('apply', '--auto-approve', '--timeout', '2s')
    stop()
    expect(exitCode).toBe(1)
    expect(stdout).toContain('Published revision 2')
    expect(stdout).toContain('0 of 1 gateways serve revision 2.')
    expect(stderr).toContain('revision 2 is published, but not every gateway serves it')
    expect(stderr).toContain('slow (http://slow) serves revision 1')
    expect(stderr).toMatch(/^ {2}To go back: aigw rollback 1$/m)
    expect((await store.head())?.revision).toBe(2)
  })

  test('the command to go back names the environment, and works as it stands', async () => {
    const config = 'environments: {prod: {store: "file:.aigw"}, dev: {store: "file:dev"}}\n'
    const workspace = new Workspace({ 'routes.yaml': servable(60), 'aigw.yaml': config })
    await workspace.aigw('apply', '--auto-approve', '--env', 'prod')
    const store = await storeOf(workspace)
    await store.report(reportOf('slow', { revision: 1 }))
    const stop = answerCandidates(store, 'slow', { accepted: true, revision: 1 })
    workspace.write('routes.yaml', servable(50))
    const args = ['apply', '--auto-approve', '--env', 'prod', '--timeout', '1s', '--format', 'json']
    const { exitCode, stdout, stderr } = await workspace.aigw(...args)
    stop()
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ revision: 2, lagging: ['slow'] })
    const command = /To go back: aigw (.+)$/m.exec(stderr)?.[1] ?? ''
    expect(command).toBe('rollback 1 --env prod')
    await store.withdraw('slow')
    expect((await workspace.aigw(...command.split(' '), '--auto-approve')).stdout).toContain(
      'Published revision 3 to prod',
    )
  })

  test('interrupted while it waits for them, it says who does not serve it yet', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    const store = await storeOf(workspace)
    await store.report(reportOf('slow'))
    const stop = answerCandidates(store, 'slow', { accepted: true, revision: null })
    const apply = workspace.start('apply', '--auto-approve')
    await waitFor(() => (apply.stderr().includes('to serve revision 1') ? true : null))
    const { exitCode, stdout, stderr } = await apply.stop('SIGINT')
    stop()
    expect(exitCode).toBe(1)
    expect(stdout).toContain('Published revision 1')
    expect(stderr).toContain('slow (http://slow) serves nothing')
    expect(stderr).toContain('There is no earlier revision to go back to.')
  })

  test('one that refuses stops it for all, with its reasons', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    const store = await storeOf(workspace)
    await store.report(reportOf('strict'))
    const stop = answerCandidates(store, 'strict', { accepted: false, revision: null })
    const { exitCode, stdout, stderr } = await workspace.aigw('apply', '--auto-approve', '--format', 'json')
    stop()
    expect(exitCode).toBe(1)
    expect(stderr).toContain('strict (http://strict): the key of openai is missing')
    expect(JSON.parse(stdout)).toMatchObject({
      refused: 'preflight',
      gateways: [{ process: 'strict', url: 'http://strict', problems: ['the key of openai is missing'] }],
    })
    expect(await store.head()).toBeNull()
  })

  test('one that does not answer stops it too', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    const store = await storeOf(workspace)
    await store.report(reportOf('deaf'))
    const { exitCode, stderr } = await workspace.aigw('apply', '--auto-approve', '--timeout', '300ms')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/deaf \(http:\/\/deaf\) did not answer within [\d.]+ s; nothing was changed/)
    expect(await store.head()).toBeNull()
    expect(await store.candidate()).toBeNull()
  })

  test('interrupted while it waits, it takes its candidate back', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    const store = await storeOf(workspace)
    await store.report(reportOf('deaf'))
    const apply = workspace.start('apply', '--auto-approve')
    await waitFor(async () => await store.candidate())
    const { exitCode, stderr } = await apply.stop('SIGINT')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('aigw: stopped; nothing was changed')
    expect(await store.candidate()).toBeNull()
    expect(await store.head()).toBeNull()
  })

  test('while another apply is under way it is refused with 5, naming who', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('apply', '--auto-approve')
    const store = await storeOf(workspace)
    const { revision: _revision, parent: _parent, ...draft } = await store.read(1)
    await store.proposeCandidate({ id: 'theirs', draft, by: 'bob on ci' })
    workspace.write('routes.yaml', servable(50))
    const { exitCode, stderr } = await workspace.aigw('apply', '--auto-approve')
    expect(exitCode).toBe(5)
    expect(stderr).toContain('another apply is under way, by bob on ci')
    expect((await store.candidate())?.id).toBe('theirs')
  })

  test('a read-only store is told from one that can be published to', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    await workspace.aigw('apply', '--auto-approve')
    workspace.write('.aigw/..data', '')
    workspace.write('routes.yaml', servable(50))
    const { exitCode, stderr } = await workspace.aigw('apply', '--auto-approve')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('is read-only here')
    expect(stderr).toContain('aigw export')
  })
})

describe('aigw status', () => {
  test('shows who lags behind, and what is drained where', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    expect((await workspace.aigw('status')).stdout).toContain('nothing published yet')
    await workspace.aigw('apply', '--auto-approve')
    const store = await storeOf(workspace)
    const hash = (await store.head())?.hash ?? ''
    await store.report(
      reportOf('a', { revision: 1, hash, inFlight: 5, draining: [{ revision: 'file-1', requests: 2 }] }),
    )
    await store.report(reportOf('b', { revision: null, ready: false, problem: 'the store was away' }))
    const { exitCode, stdout } = await workspace.aigw('status')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('manifest  routes.yaml is revision 1')
    expect(stdout).toContain('a  http://a  serves revision 1          5 requests under way, 2 on revision file-1')
    expect(stdout).toContain('b  http://b  serves nothing, not ready')
    expect(stdout).toContain('the store was away')
    expect(stdout).toContain('1 gateway of 2 not on revision 1')
    workspace.write('routes.yaml', servable(50))
    expect((await workspace.aigw('status')).stdout).toContain('has 1 change that is not published')
    workspace.write('routes.yaml', 'ai_routes: 7')
    expect((await workspace.aigw('status')).stdout).toContain('has errors: aigw validate')
  })

  test('nobody at --url is a sentence', async () => {
    const { exitCode, stderr } = await new Workspace().aigw('status', '--url', 'http://127.0.0.1:9')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('no gateway answers at http://127.0.0.1:9: ')
  })
})

describe('aigw simulate', () => {
  test('lists what it simulates and where; stops when told', async () => {
    const workspace = new Workspace({
      'drill.yaml': 'name: down\nfaults: [{target: openai, status: 503, from: "0"}]\n',
    })
    const bad = await workspace.aigw('simulate', '--port', '0', '--scenario', 'none.yaml')
    expect(bad).toMatchObject({ exitCode: 1, stderr: 'aigw: cannot read none.yaml: there is no such file\n' })
    const child = workspace.start('simulate', '--port', '0', '--scenario', 'drill.yaml')
    await waitFor(() => (child.stdout().includes('openai') ? true : null))
    const url = /openai +(http\S+)/.exec(child.stdout())?.[1] ?? ''
    const answer = await fetch(`${url}/chat/completions`, { method: 'POST', body: '{}' })
    expect(answer.status).toBe(503)
    expect(await child.stop()).toMatchObject({ exitCode: 0 })
  })
})
