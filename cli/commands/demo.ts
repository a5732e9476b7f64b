/**
 * `aigw demo`: the whole product in a minute, with no account and no key. Everything in it is real (gateway, store,
 * plan, apply, replay, the official client); only the providers are simulated, on this machine.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type OpenAI from 'openai'
import { startGateway } from '../../gateway/main.ts'
import type { BehaviourPatch, Simulators } from '../../gateway/simulators/main.ts'
import { demoCast, startSimulators } from '../../gateway/simulators/main.ts'
import type { Context } from '../context.ts'
import { CommandError } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'
import { exitCodes } from '../exit-codes.ts'
import { readPackage } from '../io/package.ts'
import { makeStage } from '../views/demo.ts'
import type { Stage } from '../views/demo.ts'

const model = 'gpt-4o-mini'
/** Pieces: at the simulated pace several seconds, longer than a plan and an apply take. */
const longStream = 420

interface Set {
  readonly folder: string
  readonly stage: Stage
  readonly simulators: Simulators
  readonly client: OpenAI
  revision(): string | null
}

export async function demo(context: Context): Promise<ExitCode> {
  const stage = makeStage(context.stdout)
  const startedAtMs = context.now()
  const folder = await mkdtemp(join(tmpdir(), 'aigw-demo-'))
  const simulators = await startSimulators({ providers: Object.values(demoCast), log: () => {} })
  const key = 'sk-demo-caller'
  try {
    await writeFile(join(folder, 'routes.yaml'), manifest(simulators, { first: 60, second: 40 }))
    const gateway = await startGateway({
      storeUrl: 'file:.aigw',
      folder,
      variables: {},
      host: '127.0.0.1',
      port: 0,
      adminPort: 0,
      spoolDirectory: join(folder, 'spool'),
      allowOpen: false,
      requireSecrets: false,
      drainTimeoutMs: 10_000,
      version: readPackage().version,
      env: { DEMO_KEY: 'sk-demo-provider' },
      log: () => {},
    })
    try {
      const client = await openClient(`${gateway.url}/v1`, key)
      const set: Set = { folder, stage, simulators, client, revision: () => gateway.revision() }
      stage.opening(
        gateway.url,
        simulators.providers.map(({ name, url }) => ({ name, url })),
      )
      await publish(set)
      await converse(set)
      await failOver(set)
      await changeWeight(set)
    } finally {
      await gateway.close()
    }
    await replay({ folder, stage })
    stage.closing(context.now() - startedAtMs)
    return exitCodes.done
  } finally {
    await simulators.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function openClient(baseURL: string, apiKey: string): Promise<OpenAI> {
  try {
    const { default: Client } = await import('openai')
    return new Client({ baseURL, apiKey, maxRetries: 0 })
  } catch (cause) {
    throw new CommandError('the demo talks to the gateway through the official client, which is not installed', {
      details: ['Install it beside aigw: npm install openai'],
      cause,
    })
  }
}

function manifest(simulators: Simulators, weights: { readonly first: number; readonly second: number }): string {
  const address = (name: string) => simulators.providers.find((one) => one.name === name)?.baseUrl ?? ''
  const { first, second, lastResort } = demoCast
  return `version: "2026.04"
providers:
  ${first}: {type: ${first}, base_url: "${address(first)}", api_key: {env: DEMO_KEY}}
  ${second}: {type: ${second}, base_url: "${address(second)}", api_key: {env: DEMO_KEY}}
  local: {type: ${lastResort}, base_url: "${address(lastResort)}"}
models:
  "${first}/gpt-4o-mini": {usd_per_million: {input: 0.15, output: 0.6, cached: 0.075}}
  "${second}/mistral-small-latest": {usd_per_million: {input: 0.1, output: 0.3, cached: 0.1}}
  "local/llama-3.1": {usd_per_million: {input: 0, output: 0, cached: 0}}
ai_routes:
  - name: chat-mid-tier
    match: {model: "${model}"}
    targets:
      - {provider: ${first}, model: gpt-4o-mini, weight: ${weights.first}, max_latency_ms: 800}
      - {provider: ${second}, model: mistral-small-latest, weight: ${weights.second}, max_latency_ms: 800}
    fallback: local/llama-3.1
`
}

async function publish({ stage, folder }: Set): Promise<void> {
  stage.act('Publish the first manifest', 'Two providers share a model, a self-hosted one stands behind them.')
  await stage.file(join(folder, 'routes.yaml'))
  await aigw({ stage, folder }, ['validate', 'routes.yaml'])
  await aigw({ stage, folder }, ['apply', '--auto-approve'])
}

/** What the simulated providers are told to say; who says it is up to the gateway. */
const conversation = [
  {
    question: 'What is a route?',
    answer: 'A rule in routes.yaml: which requests it takes, and which targets may serve them.',
  },
  { question: 'And a target?', answer: 'A provider and one of its models, with a weight and the time it may take.' },
  { question: 'What if it is down?', answer: 'Then the next target runs. You get one answer and need not know.' },
  {
    question: 'Who decides that?',
    answer: 'One engine without network or clock, so a replay decides exactly the same.',
  },
]
const streamed =
  'Nothing is sent before the first word has come, so an early error still goes to the next target. After it, nothing else runs: a broken stream ends with an error, never in silence.'

async function all(simulators: Simulators, patch: BehaviourPatch): Promise<void> {
  await Promise.all(simulators.providers.map((simulator) => simulator.behave(patch)))
}

/** Who served, by the gateway's own header. */
const targetHeader = 'x-aigw-target'

async function converse({ stage, client, simulators }: Set): Promise<void> {
  stage.act('Talk through it', 'The official openai client, nothing changed but its base URL.')
  for (const { question, answer } of conversation) {
    await all(simulators, { reply: { text: answer } })
    const { data, response } = await client.chat.completions
      .create({ model, messages: [{ role: 'user', content: question }] })
      .withResponse()
    stage.exchange({
      question,
      answer: data.choices[0]?.message.content ?? '',
      target: response.headers.get(targetHeader),
    })
  }
  await all(simulators, { reply: { text: streamed } })
  const { data, response } = await client.chat.completions
    .create({ model, messages: [{ role: 'user', content: 'And now piece by piece.' }], stream: true })
    .withResponse()
  stage.streamOpens('And now piece by piece.', response.headers.get(targetHeader))
  for await (const chunk of data) stage.piece(chunk.choices[0]?.delta.content ?? '')
  stage.streamEnds()
}

async function failOver({ stage, client, simulators }: Set): Promise<void> {
  stage.act('Break a provider', `${demoCast.first} answers 503 from now on. The callers do not notice.`)
  await all(simulators, { reply: null })
  await behave(simulators, demoCast.first, [{ kind: 'status', status: 503 }])
  for (let call = 1; call <= 6; call += 1) {
    const { response } = await client.chat.completions
      .create({ model, messages: [{ role: 'user', content: `Question ${call}` }], max_tokens: 8 })
      .withResponse()
    const { headers } = response
    stage.served({
      call,
      status: response.status,
      target: headers.get(targetHeader),
      attempts: headers.get('x-aigw-attempts'),
    })
  }
  await behave(simulators, demoCast.first, [])
}

async function behave(simulators: Simulators, name: string, faults: readonly { kind: 'status'; status: number }[]) {
  await simulators.providers.find((one) => one.name === name)?.behave({ faults })
}

async function changeWeight(set: Set): Promise<void> {
  const { stage, client, folder, simulators } = set
  stage.act(
    'Change a weight while a stream is running',
    'An edit of routes.yaml, a plan, an apply. The stream goes on.',
  )
  await all(simulators, { chunks: longStream })
  const { data, response } = await client.chat.completions
    .create({ model, messages: [{ role: 'user', content: 'A long answer, please.' }], stream: true })
    .withResponse()
  const before = response.headers.get('x-aigw-revision')
  let pieces = 0
  const stream = (async () => {
    for await (const chunk of data) if ((chunk.choices[0]?.delta.content ?? '') !== '') pieces += 1
  })()
  await writeFile(join(folder, 'routes.yaml'), manifest(simulators, { first: 10, second: 90 }))
  await aigw({ stage, folder }, ['validate', 'routes.yaml'])
  await aigw({ stage, folder }, ['plan', '--out', 'weights.plan.json'])
  const during = pieces
  await aigw({ stage, folder }, ['apply', 'weights.plan.json'])
  const served = set.revision()
  const open = pieces
  await stream
  stage.reloaded({ before, now: served, piecesBefore: Math.max(during, open), piecesAfter: pieces })
  await writeFile(join(folder, 'before.yaml'), manifest(simulators, { first: 60, second: 40 }))
}

async function replay(part: { readonly folder: string; readonly stage: Stage }): Promise<void> {
  const { stage } = part
  stage.act('Replay what was recorded', 'First against the engine itself: every decision must come out the same.')
  await aigw(part, ['replay', 'spool'])
  stage.note('Then through both manifests side by side: what would the new weight have moved?')
  await aigw(part, [
    'replay',
    'spool',
    '--manifest',
    'before.yaml',
    '--against',
    'routes.yaml',
    '--assume',
    '*=250ms/1s',
  ])
}

/** Runs one command of this very tool, as a user would, and shows what it prints. */
async function aigw(part: { readonly folder: string; readonly stage: Stage }, args: readonly string[]): Promise<void> {
  const { stage, folder } = part
  stage.command(args)
  const main = new URL(import.meta.url.endsWith('.ts') ? '../main.ts' : '../main.js', import.meta.url)
  const child = spawn(process.execPath, [main.pathname, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: stage.environment(),
  })
  child.stdout.setEncoding('utf8').on('data', (text: string) => stage.output(text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => stage.output(text))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (code !== 0) throw new CommandError(`aigw ${args[0] ?? ''} ended with exit code ${code}`)
}
