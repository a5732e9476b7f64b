/** What the suites of this folder stand on: a folder, a provider that answers, a manifest, a store, gateways to start. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openFileStore } from '../../gateway/release/file-store.ts'
import { buildDraft } from '../../gateway/release/release.ts'
import type { ReleaseStore } from '../../gateway/release/store.ts'
import type { Simulator, SimulatorOptions } from '../../gateway/simulators/simulator.ts'
import { startSimulator } from '../../gateway/simulators/simulator.ts'
import type { GatewayProcess, ProcessOptions, ServingProcess } from '../support/process.ts'
import { serveProcess, startProcess } from '../support/process.ts'

type Starting = Omit<ProcessOptions, 'folder' | 'args'>

/** Of one test; everything in it is gone when the test is over. */
export class Ground {
  readonly folder = mkdtempSync(join(tmpdir(), 'aigw-lifecycle-'))
  readonly spool = join(this.folder, 'spool')
  private readonly env = { TEST_KEY: 'sk-provider-key-0123456789' }

  constructor() {
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }))
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  write(name: string, text: string): string {
    writeFileSync(this.path(name), text)
    return name
  }

  async provide(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
    const simulator = await startSimulator({ name: 'a', seed: 1, ...options })
    onTestFinished(() => simulator.close())
    return simulator
  }

  /** Starts `aigw serve` with these arguments and the spool of this folder, and waits until it listens. */
  async serve(args: readonly string[], starting: Starting = {}): Promise<ServingProcess> {
    const gateway = await serveProcess(this.withDefaults(args, starting))
    onTestFinished(async () => void (await gateway.stop('SIGKILL')))
    return gateway
  }

  /** Starts it without waiting. */
  start(args: readonly string[], starting: Starting = {}): GatewayProcess {
    const gateway = startProcess(this.withDefaults(['--port', '0', '--admin-port', '0', ...args], starting))
    onTestFinished(async () => void (await gateway.stop('SIGKILL')))
    return gateway
  }

  /** Starts one that is expected to give up; its exit code and the sentence for people. */
  async giveUp(args: readonly string[], starting: Starting = {}): Promise<{ code: number | null; sentence: string }> {
    const gateway = this.start(args, starting)
    const { code } = await gateway.ended
    const lines = `${gateway.printed()}\n${gateway.said()}`.split('\n').filter((line) => !line.startsWith('{'))
    return { code, sentence: lines.join('\n').trim() }
  }

  async openStore(name = 'store'): Promise<ReleaseStore> {
    return await openFileStore({ folder: this.path(name), pollMs: 20 })
  }

  private withDefaults(args: readonly string[], starting: Starting): ProcessOptions {
    return { folder: this.folder, env: this.env, ...starting, args: ['--spool', 'spool', ...args] }
  }
}

export function manifestOf({ baseUrl }: { readonly baseUrl: string }, more: object = {}) {
  return {
    providers: { a: { type: 'openai-compatible', base_url: baseUrl, api_key: { env: 'TEST_KEY' } } },
    ai_routes: [{ name: 'chat', match: { model: 'm' }, targets: [{ provider: 'a', model: 'x' }] }],
    ...more,
  }
}

export async function publish(store: ReleaseStore, document: object): Promise<number> {
  const manifest = { ...document }
  const source = { manifest, variables: {}, git: null, author: null }
  const head = await store.head()
  const draft = buildDraft({ source, resolved: manifest, created_at: new Date().toISOString() })
  const published = await store.publish(draft, head?.revision ?? null)
  if (!published.ok) throw new Error('somebody else published')
  return published.release.revision
}

export async function ask(url: string, stream = false, content = 'Hello'): Promise<Response> {
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content }], stream })
  return await fetch(`${url}/v1/chat/completions`, { method: 'POST', body })
}

/** What the admin listener says of the gateway. */
export async function statusOf(adminUrl: string): Promise<Record<string, unknown>> {
  return (await (await fetch(`${adminUrl}/status`)).json()) as Record<string, unknown>
}

export async function isReady(url: string): Promise<boolean> {
  return (await fetch(`${url}/readyz`)).ok
}
