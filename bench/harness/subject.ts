/** What is measured: the floor and the gateway, each a child process on the measured core. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { StartedChild } from './process.ts'
import { freePort, startChild, until } from './process.ts'

export const measuredCore = 0
export const loadCore = 1

export interface Subject {
  readonly name: string
  readonly port: number
  /** Header lines a caller needs. */
  readonly headers: readonly string[]
  readonly process: StartedChild
}

const repository = new URL('../../', import.meta.url).pathname
export const benchKey = 'sk-aigw-bench-0123456789abcdef0123456789abcdef'
/** What stands for the caller's key at the provider; never the same as the caller's. */
const providerKey = 'sk-provider-bench'

export interface Builds {
  /** Command that serves, without arguments; null when there is no gateway yet. */
  readonly serve: readonly string[] | null
  /** The bin as a user runs it. */
  readonly bin: readonly string[] | null
}

function inRepository(path: string): string {
  return join(repository, path)
}

/** The built command line when it is there, else the sources; numbers that count come from the build. */
export function findBuilds(): Builds {
  const isBuilt = existsSync(inRepository('dist/cli/main.js')) && existsSync(inRepository('bin/aigw.cjs'))
  const entry = isBuilt ? 'bin/aigw.cjs' : 'cli/main.ts'
  // The launcher loads the program into its own process here, because this Node is new enough: one pid to watch.
  const bin = existsSync(inRepository(entry)) ? [process.execPath, inRepository(entry)] : null
  return { bin, serve: hasCommand('serve') ? bin : null }
}

/** Is there a command of this name yet? */
export function hasCommand(name: string): boolean {
  const places = [`dist/cli/commands/${name}.js`, `cli/commands/${name}.ts`]
  return places.some((path) => existsSync(inRepository(path)))
}

export async function startFloor(upstreamPort: number, name = 'floor'): Promise<Subject> {
  const port = await freePort()
  const upstream = `http://127.0.0.1:${upstreamPort}`
  const command = [process.execPath, inRepository('bench/floor.ts'), '--port', String(port), '--upstream', upstream]
  const child = startChild({ command, core: measuredCore })
  await until(`${name} to listen`, () => accepts(port))
  return { name, port, headers: [], process: child }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

export interface GatewayOptions {
  readonly serve: readonly string[]
  readonly upstreamPort: number
  readonly directory: string
  readonly routes?: number
  /** What the provider is declared as; default: one that speaks OpenAI's language. */
  readonly speaks?: ProviderKind
}

export type ProviderKind = 'openai-compatible' | 'anthropic'

/** The gateway as it runs in production: with credentials, and with the audit spool on disk. */
export async function startGateway(options: GatewayOptions): Promise<Subject> {
  const { serve, upstreamPort, directory, routes = 1, speaks = 'openai-compatible' } = options
  const port = await freePort()
  const adminPort = await freePort()
  const home = join(directory, `gateway-${port}`)
  mkdirSync(home, { recursive: true })
  const manifest = join(home, 'routes.yaml')
  writeFileSync(manifest, renderManifest(upstreamPort, routes, speaks))
  const ports = ['--port', String(port), '--admin-port', String(adminPort)]
  const command = [...serve, 'serve', '--manifest', manifest, ...ports, '--spool', join(home, 'spool')]
  const child = startChild({ command, core: measuredCore, env: { BENCH_KEY: providerKey }, cwd: home })
  await until('the gateway to be ready', () => fetch(`http://127.0.0.1:${port}/readyz`).then((reply) => reply.ok))
  return { name: 'gateway', port, headers: [`authorization: Bearer ${benchKey}`], process: child }
}

/** The model that the last of so many routes matches. */
export function modelOfRoute(route: number): string {
  return route === 0 ? 'gpt-4o-mini' : `model-${route}`
}

/** Routes as a platform team writes them, one model each; the first is the one most cases ask for. */
export function renderManifest(
  upstreamPort: number,
  routes: number,
  speaks: ProviderKind = 'openai-compatible',
): string {
  // A base URL is what the vendor's own client calls it: this one's has no version in it.
  const path = speaks === 'anthropic' ? '' : '/v1'
  const keyHash = createHash('sha256').update(benchKey).digest('hex')
  const head = [
    'version: "2026.04"',
    'providers:',
    `  sim: {type: ${speaks}, base_url: "http://127.0.0.1:${upstreamPort}${path}", api_key: {env: BENCH_KEY}}`,
    'credentials:',
    `  - {name: bench, key_hash: "sha256:${keyHash}"}`,
    'ai_routes:',
  ]
  const body = Array.from({ length: routes }, (_, route) => renderRoute(route))
  return `${[...head, ...body].join('\n')}\n`
}

function renderRoute(route: number): string {
  const model = modelOfRoute(route)
  if (route === 0) {
    return `  - {name: chat, match: {model: ${model}}, targets: [{provider: sim, model: gpt-4o-mini}]}`
  }
  return [
    `  - name: route-${route}`,
    '    match:',
    `      model: ${model}`,
    '    strategy: weighted',
    '    targets:',
    '      - {provider: sim, model: gpt-4o-mini, weight: 60}',
    '      - {provider: sim, model: gpt-4.1-mini, weight: 40}',
    '    fallback: sim/gpt-4.1-nano',
  ].join('\n')
}
