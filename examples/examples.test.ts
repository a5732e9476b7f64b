/** Every folder here, run as its page says. A page that names a command no test knows is found out, too. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { validateCaptureLine } from '../schemas/validate-capture.ts'
import { Workspace, bin, productNote } from '../test/cli/support.ts'

const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

const read = (folder: string, file: string): string => readFileSync(join(import.meta.dirname, folder, file), 'utf8')

async function aigw(folder: string, ...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [bin, ...args], {
    cwd: join(import.meta.dirname, folder),
    env: { PATH: process.env['PATH'] ?? '' },
    extendEnv: false,
    reject: false,
  })
  return { exitCode, stdout, stderr }
}

interface Replayed {
  readonly sides: readonly {
    readonly requests: number
    readonly fates: Readonly<Record<string, number>>
    readonly cost_micro_usd: number
    readonly targets: Readonly<Record<string, { readonly served: number }>>
    readonly evidence: Readonly<Record<string, number>>
  }[]
  readonly moved: readonly { readonly from: string; readonly to: string; readonly requests: number }[]
  readonly failed_expectations: readonly string[]
}

/** Runs a command as its page writes it, with its result as JSON. */
async function replay(folder: string, command: string): Promise<Replayed & { readonly exitCode: number | undefined }> {
  expect(read(folder, 'README.md')).toContain(`\n    ${command}\n`)
  const { exitCode, stdout } = await aigw(folder, ...command.split(' ').slice(1), '--format', 'json')
  return { exitCode, ...(JSON.parse(stdout) as Replayed) }
}

describe.each(folders)('%s', (folder) => {
  const files = readdirSync(join(import.meta.dirname, folder))

  test('has valid manifests, and a page that says what to run', async () => {
    const manifests = files.filter((file) => file.endsWith('.yaml') && read(folder, file).includes('ai_routes:'))
    expect(manifests).toContain('routes.yaml')
    const { exitCode, stdout, stderr } = await aigw(folder, 'validate', ...manifests)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    for (const file of manifests) expect(stdout).toContain(`✓ ${file} is valid`)
    expect(read(folder, 'README.md')).toMatch(/\n {4}aigw /)
  })

  test.runIf(files.includes('capture.ndjson'))('has a capture of the form the schema says, without content', () => {
    const lines = read(folder, 'capture.ndjson').trimEnd().split('\n')
    for (const line of lines) expect(validateCaptureLine(JSON.parse(line))).toMatchObject({ valid: true })
    expect(read(folder, 'capture.ndjson')).not.toMatch(/"(messages|answer|credential)":/)
  })
})

describe('product-note', () => {
  const folder = 'product-note'

  test('is what the product note shows', () => {
    expect(read(folder, 'routes.yaml')).toBe(productNote)
  })

  test('serves as it stands, and takes a tool loop from one provider to the next', async () => {
    const command = 'serve --manifest routes.yaml --simulate --scenario outage.yaml'
    for (const line of [`aigw ${command}`, 'node tool-loop.mjs'])
      expect(read(folder, 'README.md')).toContain(`\n    ${line}\n`)
    const cwd = join(import.meta.dirname, folder)
    const more = ['--no-spool', '--port', '0', '--admin-port', '0', '--format', 'json']
    const gateway = execa(process.execPath, [bin, ...command.split(' '), ...more], { cwd, reject: false })
    try {
      const url = await new Promise<string>((resolve, reject) => {
        let told = ''
        gateway.stderr.on('data', (part: Buffer) => {
          told += part.toString()
          const found = /"event":"listening".*?"url":"(.*?)"/.exec(told)
          if (found?.[1] !== undefined) resolve(found[1])
        })
        void gateway.then(() => reject(new Error(`the gateway ended: ${told}`)))
      })
      const env = { OPENAI_BASE_URL: `${url}/v1` }
      const { stdout } = await execa(process.execPath, ['tool-loop.mjs', '20', '750'], { cwd, env })
      const turns = stdout.split('\n')
      expect(turns).toHaveLength(20)
      const targets = turns.map((line) => /(\w+)\/[\w.-]+/.exec(line)?.[1])
      expect(turns.filter((line) => line.includes('tool call'))).toHaveLength(10)
      // The order in which they are away; who is asked first when both are well is drawn.
      expect(targets[0]).toBe('anthropic')
      const first = (name: string) => targets.indexOf(name)
      expect(first('openai')).toBeGreaterThan(first('anthropic'))
      expect(first('ollama')).toBeGreaterThan(first('openai'))
      expect(targets.slice(first('ollama'))).toContain('anthropic')
    } finally {
      gateway.kill('SIGTERM')
      await gateway
    }
  }, 60_000)
})

describe('two-clouds-and-a-last-resort', () => {
  const folder = 'two-clouds-and-a-last-resort'
  const drill = 'aigw replay capture.ndjson --manifest routes.yaml --scenario outage.yaml'

  test('loses nothing when both clouds are down', async () => {
    const { exitCode, sides, failed_expectations: failed } = await replay(folder, drill)
    expect({ exitCode, failed }).toEqual({ exitCode: 0, failed: [] })
    expect(sides[0]).toMatchObject({
      requests: 60,
      fates: { served: 60, lost: 0, broken: 0 },
      targets: {
        'openai/gpt-4o-mini': { served: 25 },
        'mistral/mistral-small-latest': { served: 12 },
        'local/llama-3.1': { served: 23 },
      },
      evidence: { assumed: 23 },
    })
  })

  test('and without the last resort it does, and says so with exit code 4', async () => {
    const workspace = new Workspace({
      'capture.ndjson': read(folder, 'capture.ndjson'),
      'outage.yaml': read(folder, 'outage.yaml'),
      'routes.yaml': read(folder, 'routes.yaml').replace(/ +fallback: .+\n/, ''),
    })
    const { exitCode, stdout } = await workspace.aigw(...drill.split(' ').slice(1))
    expect(exitCode).toBe(4)
    expect(stdout).toContain('✗ lost is 21, allowed is 0')
  })

  test('its simulated manifest is the same but for addresses', () => {
    const routes = (file: string) => read(folder, file).slice(read(folder, file).indexOf('ai_routes:'))
    expect(routes('simulated.yaml')).toBe(routes('routes.yaml'))
  })
})

describe('change-a-weight', () => {
  const folder = 'change-a-weight'

  test('moves only what it must, and keeps what the gate asks for', async () => {
    const command = 'aigw replay capture.ndjson --manifest before.yaml --against routes.yaml --scenario gate.yaml'
    const { exitCode, sides, moved, failed_expectations: failed } = await replay(folder, command)
    expect({ exitCode, failed }).toEqual({ exitCode: 0, failed: [] })
    expect(sides.map(({ fates }) => [fates['served'], fates['lost']])).toEqual([
      [80, 0],
      [80, 0],
    ])
    expect(moved).toEqual([{ from: 'openai/gpt-4o-mini', to: 'mistral/mistral-small-latest', requests: 13 }])
    expect(sides.map(({ evidence }) => [evidence['record'], evidence['distribution']])).toEqual([
      [80, 0],
      [67, 13],
    ])
    expect(sides[1]?.cost_micro_usd).toBeLessThan(sides[0]?.cost_micro_usd ?? 0)
  })
})
