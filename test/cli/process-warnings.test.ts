/** What Node or a library warns of is neither a line between the lines of a log, nor one in the middle of a table. */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { Workspace, bin } from './support.ts'

const manifest = (port: number) => `providers: {local: {type: ollama, base_url: "http://127.0.0.1:${port}"}}
ai_routes: [{name: only, match: {model: m}, targets: [{provider: local, model: m}]}]
`
/** A module that warns, on and on, as libraries do whenever they like. */
const code = `import { isMainThread } from 'node:worker_threads'
if (isMainThread) setInterval(() => process.emitWarning('the sky is falling', 'SkyWarning'), 1000).unref()`
const warns = `data:text/javascript,${encodeURIComponent(code)}`

test('a gateway says it in its log; another command keeps it to itself', async () => {
  // Who takes a call and never answers: the check lasts as long as it may.
  const silent = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void silent.close())
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const workspace = new Workspace({ 'routes.yaml': manifest(port) })
  const env = { NODE_OPTIONS: `--import=${warns}` }
  const { stdout, stderr, exitCode } = await workspace.run({
    args: ['providers', 'check', '--manifest', 'routes.yaml', '--timeout', '3s'],
    env,
  })
  expect(exitCode).toBe(3)
  expect(stdout + stderr).not.toContain('sky')

  const options = { cwd: workspace.folder, env, reject: false, timeout: 20_000 } as const
  const args = ['serve', '--manifest', 'routes.yaml', '--port', '0', '--admin-port', '0', '--format', 'json']
  const gateway = execa(process.execPath, [bin, ...args], options)
  gateway.stderr.on('data', (text: Buffer) => {
    if (String(text).includes('SkyWarning')) gateway.kill('SIGTERM')
  })
  const ended = await gateway
  const lines = ended.stderr.split('\n').filter((line) => line !== '')
  const said = lines.map((line): unknown => JSON.parse(line))
  expect(said).toContainEqual(
    expect.objectContaining({ event: 'process_warning', msg: 'the sky is falling', name: 'SkyWarning' }),
  )
  expect(ended.exitCode).toBe(0)
})
