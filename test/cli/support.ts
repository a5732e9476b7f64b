/** The built command line, run as a user would: a folder with files in it, arguments, and what came out. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { onTestFinished } from 'vitest'

export const repository = join(import.meta.dirname, '..', '..')
export const bin = join(repository, 'bin', 'aigw.cjs')

export interface Run {
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
}

export interface Started {
  readonly stdout: () => string
  readonly stderr: () => string
  readonly hasEnded: () => boolean
  /** Sends the signal and waits for the end. */
  readonly stop: (signal?: 'SIGTERM' | 'SIGINT' | 'SIGKILL') => Promise<Run>
}

export interface Serving extends Started {
  readonly url: string
  readonly adminUrl: string
}

/** A folder of its own for one test, with the command line in it. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'aigw-cli-'))

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [name, text] of Object.entries(files)) this.write(name, text)
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }))
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  write(name: string, text: string, mode?: number): void {
    mkdirSync(dirname(this.path(name)), { recursive: true })
    writeFileSync(this.path(name), text)
    if (mode !== undefined) chmodSync(this.path(name), mode)
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8')
  }

  /** Nothing of the machine reaches the command but the way to Node and Git. */
  environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    const { PATH = '' } = process.env
    return {
      PATH,
      HOME: this.folder,
      USER: 'ada',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CEILING_DIRECTORIES: tmpdir(),
      ...more,
    }
  }

  async aigw(...args: readonly string[]): Promise<Run> {
    return await this.run({ args })
  }

  async run(call: {
    readonly args: readonly string[]
    readonly stdin?: string
    readonly env?: Readonly<Record<string, string>>
  }): Promise<Run> {
    const { exitCode, stdout, stderr } = await execa(process.execPath, [bin, ...call.args], {
      cwd: this.folder,
      env: this.environment(call.env),
      extendEnv: false,
      input: call.stdin ?? '',
      reject: false,
      stripFinalNewline: false,
    })
    return { exitCode, stdout, stderr }
  }

  async git(...args: readonly string[]): Promise<void> {
    await execa('git', args, { cwd: this.folder, env: this.environment(), extendEnv: false })
  }

  /** Starts a command that runs until it is stopped, or the test is over. */
  start(...args: readonly string[]): Started {
    const child = execa(process.execPath, [bin, ...args], {
      cwd: this.folder,
      env: this.environment({ OPENAI_API_KEY: 'sk-test' }),
      extendEnv: false,
      reject: false,
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    let hasEnded = false
    const end = (async () => {
      const { exitCode } = await child
      hasEnded = true
      return exitCode
    })()
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await end
    })
    return {
      stdout: () => stdout,
      stderr: () => stderr,
      hasEnded: () => hasEnded,
      stop: async (signal = 'SIGTERM') => {
        child.kill(signal)
        return { exitCode: await end, stdout, stderr }
      },
    }
  }

  /** Starts `aigw serve` and waits until it listens. */
  async serve(...args: readonly string[]): Promise<Serving> {
    const child = this.start('serve', '--port', '0', '--admin-port', '0', '--format', 'json', ...args)
    const listening = await waitFor(() => findListening(child.stderr()) ?? (child.hasEnded() ? 'ended' : null))
    if (listening === 'ended') throw new Error(`aigw serve ended: ${child.stderr()}`)
    return { ...child, ...listening }
  }
}

function findListening(log: string): { readonly url: string; readonly adminUrl: string } | null {
  for (const line of log.split('\n')) {
    if (!line.includes('"listening"')) continue
    const { url, admin_url: adminUrl } = JSON.parse(line) as { readonly url: string; readonly admin_url: string }
    return { url, adminUrl }
  }
  return null
}

const patienceMs = 15_000

/** Asks again until there is an answer other than null. */
export async function waitFor<Answer>(ask: () => Answer | null | Promise<Answer | null>): Promise<Answer> {
  const end = Date.now() + patienceMs
  for (;;) {
    const answer = await ask()
    if (answer !== null) return answer
    if (Date.now() > end) throw new Error(`nothing came within ${patienceMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** The manifest of the product note, as it stands there with its indentation restored. */
export const productNote = `# routes.yaml — APIops manifest
ai_routes:
  - name: chat-mid-tier
    match:
      model: "gpt-4o-mini"
    targets:
      - provider: anthropic
        model: claude-haiku-4-5
        weight: 60
        max_latency_ms: 800
      - provider: openai
        model: gpt-4o-mini
        weight: 40
        max_latency_ms: 800
    fallback: ollama/llama-3.1
`

/** One that this version can serve, with a weight to change. */
export function servable(weight: number): string {
  return `providers:
  local: {type: vllm, base_url: "http://127.0.0.1:9/v1"}
ai_routes:
  - name: chat
    match: {model: gpt-4o-mini}
    targets:
      - {provider: openai, model: gpt-4o-mini, weight: ${weight}}
      - {provider: openai, model: gpt-4.1-mini, weight: 40}
    fallback: local/llama-3.1
`
}
