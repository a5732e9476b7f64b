/** Keeps a gateway running: starts it, watches what it takes of the machine, kills it now and then and starts it again. */
import type { ServingProcess } from '../support/process.ts'
import { serveProcess, usageOf } from '../support/process.ts'

export interface KeptOptions {
  readonly folder: string
  readonly port: number
  readonly adminPort: number
  readonly env: Readonly<Record<string, string>>
}

export interface Sample {
  /** Since this run of it began to listen. */
  readonly ms: number
  readonly rssBytes: number
  readonly descriptors: number
}

/** From one start to its end. */
export interface Run {
  readonly gateway: ServingProcess
  readonly upMs: number
  /** By the wall clock; null while it runs. */
  downMs: number | null
  readonly samples: Sample[]
  /** Requests that it says it broke off; as told last. */
  cut: number
}

export class Keeper {
  readonly runs: Run[] = []
  private readonly options: KeptOptions
  private timer: NodeJS.Timeout | null = null

  constructor(options: KeptOptions) {
    this.options = options
  }

  async start(): Promise<void> {
    const { folder, port, adminPort, env } = this.options
    const ports = ['--port', String(port), '--admin-port', String(adminPort)]
    const args = ['--store', 'file:store', '--spool', 'spool', ...ports]
    // V8 doubles the space for young objects once or twice in the first minutes, and never gives it back: that is no
    // leak, and one that is would be hard to see behind it.
    const gateway = await serveProcess({ folder, env, args, node: ['--max-semi-space-size=16'] })
    this.runs.push({ gateway, upMs: Date.now(), downMs: null, samples: [], cut: 0 })
    this.timer ??= setInterval(() => void this.sample(), 1000)
  }

  async kill(): Promise<void> {
    const run = this.running()
    run.downMs = Date.now()
    await run.gateway.stop('SIGKILL')
  }

  /** Ends the last one as it should end. */
  async stop(): Promise<{ readonly code: number | null }> {
    if (this.timer !== null) clearInterval(this.timer)
    await this.sample()
    const run = this.running()
    const ended = await run.gateway.stop()
    run.downMs = Date.now()
    return ended
  }

  async status(): Promise<Readonly<Record<string, unknown>>> {
    const reply = await fetch(`http://127.0.0.1:${this.options.adminPort}/status`)
    return (await reply.json()) as Record<string, unknown>
  }

  async abandon(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer)
    await this.runs.at(-1)?.gateway.stop('SIGKILL')
  }

  private running(): Run {
    const run = this.runs.at(-1)
    if (run === undefined || run.gateway.hasEnded()) throw new Error(`the gateway ended: ${run?.gateway.said()}`)
    return run
  }

  private async sample(): Promise<void> {
    const run = this.runs.at(-1)
    if (run === undefined || run.downMs !== null || run.gateway.hasEnded()) return
    run.samples.push({ ms: Date.now() - run.upMs, ...usageOf(run.gateway.pid) })
    const status = await this.status().catch(() => null)
    const requests = status?.['requests'] as { readonly cut: number } | undefined
    if (requests !== undefined) run.cut = requests.cut
  }
}
