/** `aigw providers check` as a user meets it: the built command line against real servers. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { type SimulatorOptions, startSimulator } from '../../gateway/simulators/simulator.ts'
import { plainReply, startRawProvider } from '../support/raw.ts'
import { Workspace } from './support.ts'

const key = 'sk-a-key-that-nobody-may-see-0123456789'
const env = { OPENAI_API_KEY: key, SOME_KEY: key }

async function simulate(options: Omit<SimulatorOptions, 'name'> = {}) {
  const simulator = await startSimulator({ name: 'it', ...options })
  onTestFinished(() => simulator.close())
  return simulator
}

/** A provider that refuses the key, and repeats it. */
async function startRefusing() {
  const body = JSON.stringify({ error: { message: `Incorrect API key provided: ${key}`, code: 'invalid_api_key' } })
  const provider = await startRawProvider(({ socket }) => socket.write(plainReply(body, { status: '401 No' })))
  onTestFinished(() => provider.close())
  return provider
}

const route = (targets: string) => `ai_routes:\n  - {name: chat, match: {model: chat}, targets: [${targets}]}\n`

async function check(workspace: Workspace, ...args: readonly string[]) {
  const run = await workspace.run({ args: ['providers', 'check', ...args], env })
  expect(run.stdout + run.stderr).not.toContain(key)
  return run
}

describe('aigw providers check', () => {
  test('no time at all is no time-out', async () => {
    const { exitCode, stderr } = await check(new Workspace({}), 'openai', '--timeout', '0')
    expect({ exitCode, said: stderr.split('\n')[0] }).toEqual({
      exitCode: 1,
      said: "aigw: option '--timeout <duration>' argument '0' is invalid. Expected 1ms or more.",
    })
  })

  test('a manifest whose every connection is well: exit code 0', async () => {
    const openai = await simulate({ behaviour: { models: ['gpt-5'] } })
    const ollama = await simulate({ wire: 'ollama-chat', behaviour: { models: ['llama3:latest'] } })
    const workspace = new Workspace({
      'routes.yaml': `providers:
  ours: {type: openai, base_url: "${openai.baseUrl}", api_key: {env: SOME_KEY}}
  local: {type: ollama, base_url: "${ollama.baseUrl}"}
${route('{provider: ours, model: gpt-5}, {provider: local, model: llama3}')}`,
    })
    const { exitCode, stdout, stderr } = await check(workspace)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: 'calling 2 connections …\n' })
    expect(stdout.replaceAll(/\d+ ms/g, 'N ms')).toBe(`ok  ours   N ms
    GET ${openai.url}/v1/models
    1 model there: gpt-5
ok  local  N ms
    GET ${ollama.url}/api/tags
    1 model there: llama3

2 connections: 2 ok
`)
  })

  test('what is wrong with each, for people and as JSON: exit code 3', async () => {
    const openai = await simulate({ behaviour: { models: ['gpt-5'] } })
    const refusing = await startRefusing()
    const gone = await simulate({ behaviour: { refuseConnections: true } })
    const workspace = new Workspace({
      'team.yaml': `providers:
  typo: {type: openai, base_url: "${openai.baseUrl}", api_key: {env: SOME_KEY}}
  refused: {type: openai, base_url: "${refusing.baseUrl}", api_key: {env: SOME_KEY}}
  keyless: {type: openai, base_url: "${openai.baseUrl}", api_key: {env: NOT_SET}}
  gone: {type: vllm, base_url: "${gone.baseUrl}"}
  nowhere: {type: openai, base_url: "${openai.baseUrl}/v2", api_key: {env: SOME_KEY}}
${route('{provider: typo, model: gtp-5}')}`,
    })
    const { exitCode, stdout } = await check(workspace, '--manifest', 'team.yaml', '--format', 'json', '--quiet')
    expect(exitCode).toBe(3)
    const { connections } = JSON.parse(stdout) as { connections: { connection: string; outcome: string }[] }
    expect(Object.fromEntries(connections.map(({ connection, outcome }) => [connection, outcome]))).toEqual({
      typo: 'model_unknown',
      refused: 'key_refused',
      keyless: 'key_missing',
      gone: 'tcp',
      nowhere: 'not_found',
    })
    expect(connections[0]).toMatchObject({
      type: 'openai',
      severity: 'error',
      status: 200,
      models: [{ model: 'gtp-5', found: false }],
      costs: 'nothing',
    })
    const human = await check(workspace, '--manifest', 'team.yaml', 'keyless', 'refused')
    expect(human.exitCode).toBe(3)
    expect(human.stdout).toMatch(/^key missing {2}keyless\n {4}NOT_SET is not set\n/m)
    expect(human.stdout).toMatch(/^key refused {2}refused +\d+ ms\n {4}GET \S+, answered 401\n {4}Incorrect API key/m)
    expect(human.stdout).toContain('2 connections: 1 key refused, 1 key missing')
  })

  test('a warning fails only when it is asked to', async () => {
    const server = await simulate({ behaviour: { models: ['a'] } })
    const workspace = new Workspace({
      'routes.yaml': `providers: {own: {type: openai-compatible, base_url: "${server.baseUrl}"}}
${route('{provider: own, model: b}')}`,
    })
    const { exitCode, stdout } = await check(workspace)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^model not listed {2}own/m)
    expect((await check(workspace, '--fail-severity', 'warning')).exitCode).toBe(3)
  })

  test('a built-in provider needs no manifest; the time it may take can be set', async () => {
    const silent = await startRawProvider(() => {})
    onTestFinished(() => silent.close())
    const workspace = new Workspace()
    const keyless = await check(workspace, 'mistral')
    expect(keyless.exitCode).toBe(3)
    expect(keyless.stdout).toContain('MISTRAL_API_KEY is not set')
    workspace.write(
      'routes.yaml',
      `providers: {openai: {type: openai, base_url: "${silent.baseUrl}"}}\n${route('{provider: openai, model: m}')}`,
    )
    const slow = await check(workspace, 'openai', '--timeout', '100ms')
    expect(slow.exitCode).toBe(3)
    expect(slow.stdout).toMatch(/^too slow {2}openai/m)
  })

  test('the proxy of the environment is not used, and that is said where it matters', async () => {
    const workspace = new Workspace({
      'routes.yaml': `providers: {own: {type: vllm, base_url: "http://127.0.0.1:1/v1"}}\n${route('{provider: own, model: m}')}`,
    })
    const args = ['providers', 'check']
    const { stderr } = await workspace.run({ args, env: { HTTPS_PROXY: 'http://127.0.0.1:2' } })
    expect(stderr).toContain('HTTPS_PROXY is not used')
  })

  test.each([
    [['mistrall'], 'there is no connection `mistrall`, in the manifest or built in\n  did you mean `mistral`?'],
    [['vertex'], '`vertex` has no address of its own'],
    [[], 'cannot read routes.yaml'],
    [['--timeout', 'soon'], 'Expected a duration'],
  ])('%j is told what is wrong with it: exit code 1', async (args, told) => {
    const { exitCode, stdout, stderr } = await check(new Workspace(), ...args)
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toContain(told)
  })

  test('a manifest with errors is not called at all: exit code 3', async () => {
    const { exitCode, stderr } = await check(new Workspace({ 'routes.yaml': 'ai_routes: 7\n' }))
    expect(exitCode).toBe(3)
    expect(stderr).toContain('ai_routes')
  })
})
