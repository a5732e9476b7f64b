/** `aigw serve` with certificates, and with a standard error that nobody reads. */
import { type ChildProcess, spawn } from 'node:child_process'
import { request } from 'node:https'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeAuthority, makeCertificate } from '../support/certificates.ts'
import { bin, servable, waitFor, Workspace } from './support.ts'

function healthOf(url: string, ca: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request(`${url}/healthz`, { ca, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asking.on('error', reject).end()
  })
}

describe('aigw serve --tls-cert', () => {
  it('listens with TLS, for callers and for operators', async () => {
    const authority = await makeAuthority()
    const { cert, key } = await makeCertificate({ by: authority })
    const workspace = new Workspace({ 'routes.yaml': servable(60), 'tls.crt': cert, 'tls.key': key })
    const pair = ['--tls-cert', 'tls.crt', '--tls-key', 'tls.key']
    const adminPair = ['--admin-tls-cert', 'tls.crt', '--admin-tls-key', 'tls.key']
    const gateway = await workspace.serve('--manifest', 'routes.yaml', ...pair, ...adminPair)
    expect(gateway.url).toMatch(/^https:/)
    expect(await healthOf(gateway.url, authority.cert)).toBe(200)
    expect(await healthOf(gateway.adminUrl, authority.cert)).toBe(200)
    expect((await gateway.stop()).exitCode).toBe(0)
  })

  it('wants both files, and both to be right', async () => {
    const workspace = new Workspace({ 'routes.yaml': servable(60), 'tls.crt': 'hello' })
    const half = await workspace.aigw('serve', '--manifest', 'routes.yaml', '--tls-cert', 'tls.crt')
    expect(half).toMatchObject({ exitCode: 1, stderr: 'aigw: --tls-cert is of no use without --tls-key\n' })
    const other = await workspace.aigw('serve', '--manifest', 'routes.yaml', '--admin-tls-key', 'tls.crt')
    expect(other).toMatchObject({
      exitCode: 1,
      stderr: 'aigw: --admin-tls-key is of no use without --admin-tls-cert\n',
    })
    const both = ['--port', '0', '--admin-port', '0', '--tls-cert', 'tls.crt', '--tls-key', 'nowhere.key']
    const missing = await workspace.aigw('serve', '--manifest', 'routes.yaml', ...both)
    expect(missing.exitCode).toBe(1)
    expect(missing.stderr).toMatch(/^aigw: the key \S+nowhere.key cannot be read\n/)
  })
})

it('aigw serve says that the proxy of the environment is not used', async () => {
  const workspace = new Workspace({ 'routes.yaml': servable(60) })
  const { child, stderr } = start(workspace, ['--format', 'json'], { HTTPS_PROXY: 'http://proxy.example:3128' })
  await waitFor(() => (stderr().includes('"listening"') ? true : null))
  expect(stderr()).toMatch(/"event":"proxy_unused".*HTTPS_PROXY is not used/)
  expect(stderr()).not.toContain('proxy.example')
  child.kill('SIGTERM')
  expect(await endOf(child)).toBe(0)
})

describe('aigw serve whose standard error nobody reads', () => {
  it.each(['json', 'human'])('ends when it is told to, and serves until then (%s)', async (format) => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    const { child, stderr } = start(workspace, ['--format', format])
    const url = await waitFor(() => listeningIn(stderr()))
    child.stderr.destroy()
    // Each of these is a line that nobody takes.
    for (let round = 0; round < 20; round += 1) await fetch(`${url}/nowhere`)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    child.kill('SIGTERM')
    expect(await endOf(child)).toBe(0)
  })

  it.each(['json', 'human'])('though it is open ends as well, full as it is (%s)', async (format) => {
    const workspace = new Workspace({ 'routes.yaml': servable(60) })
    const { child, stderr } = start(workspace, ['--format', format])
    const url = await waitFor(() => listeningIn(stderr()))
    child.stderr.pause()
    // More than a pipe holds.
    for (let round = 0; round < 1500; round += 1) await (await fetch(`${url}/nowhere`)).text()
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    child.kill('SIGTERM')
    expect(await endOf(child)).toBe(0)
  })
})

/** A process of our own, since its standard error is what this is about. */
function start(workspace: Workspace, flags: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const ports = ['--port', '0', '--admin-port', '0', '--no-spool']
  const child = spawn(process.execPath, [bin, 'serve', '--manifest', 'routes.yaml', ...ports, ...flags], {
    cwd: workspace.folder,
    env: workspace.environment({ OPENAI_API_KEY: 'sk-test', ...env }),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let text = ''
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text += part))
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, stderr: () => text }
}

function listeningIn(log: string): string | null {
  return /listening on (http:[^,]+), /.exec(log)?.[1] ?? null
}

async function endOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode
  return await new Promise((resolve) => child.once('exit', (code) => resolve(code)))
}
