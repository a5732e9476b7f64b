/** A real gateway in front of simulated providers, for tests: started, used through real clients, taken down. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OpenAI from 'openai'
import type { GatewayOptions, RunningGateway } from '../../gateway/main.ts'
import { startGateway } from '../../gateway/main.ts'
import type { LogLine } from '../../gateway/runtime/log.ts'
import { listSegments, readLines } from '../../gateway/spool/reader.ts'
import type { RequestRecord, SpoolLine } from '../../schemas/index.ts'

export interface TestGateway {
  readonly folder: string
  readonly spool: string
  readonly gateway: RunningGateway
  readonly logs: LogLine[]
  readonly client: OpenAI
  /** Writes the manifest anew, by rename as editors do. */
  writeManifest(text: string): void
  /** Closes the gateway, so that everything is in the spool, and reads its records. */
  records(): Promise<RequestRecord[]>
  close(): Promise<void>
}

export interface TestGatewayOptions extends Partial<GatewayOptions> {
  readonly manifest: string
  readonly apiKey?: string
}

export async function startTestGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const { manifest, apiKey, ...more } = options
  const folder = mkdtempSync(join(tmpdir(), 'aigw-test-'))
  const spool = join(folder, 'spool')
  const file = join(folder, 'routes.yaml')
  writeFileSync(file, manifest)
  const logs: LogLine[] = []
  const gateway = await startGateway({
    manifestFile: file,
    folder,
    variables: {},
    host: '127.0.0.1',
    port: 0,
    adminPort: 0,
    spoolDirectory: spool,
    allowOpen: false,
    requireSecrets: false,
    drainTimeoutMs: 5000,
    version: '0.0.0-test',
    env: { TEST_KEY: 'sk-provider-key-0123456789' },
    log: (line) => logs.push(line),
    ...more,
  })
  let closed = false
  const close = async () => {
    if (closed) return
    closed = true
    await gateway.close()
  }
  return {
    folder,
    spool,
    gateway,
    logs,
    client: new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: apiKey ?? 'sk-caller', maxRetries: 0 }),
    writeManifest(text) {
      // Written in place it could be met half written, which is another test.
      writeFileSync(`${file}.new`, text)
      renameSync(`${file}.new`, file)
    },
    async records() {
      await close()
      return (await spoolLines(spool)).flatMap((line) => (line.kind === 'record' ? [line.record] : []))
    },
    async close() {
      await close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function spoolLines(spool: string): Promise<SpoolLine[]> {
  const lines: SpoolLine[] = []
  for (const file of await listSegments(spool)) {
    for await (const { text } of readLines(file)) lines.push(JSON.parse(text) as SpoolLine)
  }
  return lines
}

/** Waits until something holds, looking often; fails loudly when it never does. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const end = Date.now() + withinMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${withinMs} ms in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
