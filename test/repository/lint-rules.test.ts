/**
 * Plants, in a small copy of the tree, what `.oxlintrc.json` forbids beyond the linter's own defaults, and asks the
 * linter about it: a rule that a new version renamed, or an override that no longer matches its folder, is noticed.
 */
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repositoryRoot } from './sources.ts'

interface Planted {
  readonly rule: string
  readonly code: string
  /** Folder of the planted file; gateway/runtime unless named. */
  readonly in?: string
}

const longFunction = `export function long(n: number): number {\n${'  n > 0 && n + 1\n'.repeat(61)}  return n\n}`

/** The promise mistakes that lose an error or leave work running behind a request's back. */
const promises: readonly Planted[] = [
  { rule: 'typescript(no-floating-promises)', code: 'work()' },
  { rule: 'typescript(no-floating-promises)', code: 'work().then(() => 1)' },
  { rule: 'typescript(no-floating-promises)', code: '[1, 2].map(async (n) => work(n))' },
  { rule: 'typescript(no-misused-promises)', code: '[1, 2].forEach(async (n) => { await work(n) })' },
  { rule: 'typescript(no-misused-promises)', code: 'export const sure = work() ? 1 : 2' },
  { rule: 'typescript(no-misused-promises)', code: "emitter.on('data', async () => { await work() })" },
  { rule: 'typescript(await-thenable)', code: 'export const awaited = await 1' },
  {
    rule: 'typescript(return-await)',
    code: 'export async function f(): Promise<number> { try { return work() } catch { return 0 } }',
  },
  { rule: 'typescript(prefer-promise-reject-errors)', code: "export const rejected = Promise.reject('no')" },
  { rule: 'typescript(only-throw-error)', code: "export function f(): void { throw 'no' }" },
  {
    rule: 'eslint(no-async-promise-executor)',
    code: 'export const p = new Promise(async (done) => { done(await work()) })',
  },
  {
    rule: 'promise(no-return-in-finally)',
    code: 'export const p = work().finally(() => { return 1 })',
  },
]

const types: readonly Planted[] = [
  { rule: 'typescript(no-explicit-any)', code: 'export const loose: any = 1' },
  { rule: 'typescript(no-unsafe-assignment)', code: "export const parsed: string = JSON.parse('1')" },
  { rule: 'typescript(no-unsafe-type-assertion)', code: 'export const cast = (x: unknown): string => x as string' },
  { rule: 'typescript(no-non-null-assertion)', code: 'export const sure = (x: string | null): string => x!' },
  {
    rule: 'typescript(consistent-type-imports)',
    code: "import { Server } from 'node:http'\nexport const f = (x: Server): unknown => x",
  },
  { rule: 'typescript(consistent-type-imports)', code: "export type Hidden = import('node:http').Server" },
  {
    rule: 'typescript(switch-exhaustiveness-check)',
    code: "export function f(x: 'a' | 'b'): number { switch (x) { case 'a': return 1 }\nreturn 2 }",
  },
  { rule: 'import(no-default-export)', code: 'export default 1' },
  {
    rule: 'import(no-dynamic-require)',
    code: 'export const load = async (name: string): Promise<unknown> => import(name)',
  },
]

const size: readonly Planted[] = [
  {
    rule: 'eslint(max-params)',
    code: 'export const f = (a: number, b: number, c: number, d: number): number => a + b + c + d',
  },
  { rule: 'eslint(max-lines)', code: '\n'.repeat(301) },
  { rule: 'eslint(max-lines-per-function)', code: longFunction },
  {
    rule: 'eslint(complexity)',
    code: `export function f(x: number): number { ${'if (x > 1) return 1; '.repeat(20)} return 0 }`,
  },
]

const inCore = [
  'process.cwd()',
  'globalThis.setTimeout',
  "console.log('x')",
  'performance.now()',
  'setTimeout(() => 1, 1)',
  'setInterval(() => 1, 1)',
  'setImmediate(() => 1)',
  'queueMicrotask(() => 1)',
  "fetch('http://x')",
  'crypto.randomUUID()',
  'AbortSignal.timeout(1)',
  "Buffer.from('')",
  "new Intl.NumberFormat('en')",
].map((code) => ({
  rule: 'eslint(no-restricted-globals)',
  in: 'gateway/core/routing',
  code: `export const x = ${code}`,
}))

const inCoreProperties = [
  'Math.random()',
  'Date.now()',
  "'a'.localeCompare('b')",
  '(1).toLocaleString()',
  'new Date(0).getHours()',
].map((code) => ({
  rule: 'eslint(no-restricted-properties)',
  in: 'gateway/core/engine',
  code: `export const x = ${code}`,
}))

const environment = ['gateway/runtime', 'cli/commands', 'gateway/release', 'gateway/simulators', 'schemas'].flatMap(
  (folder) => [
    { rule: 'eslint(no-restricted-properties)', in: folder, code: 'export const key = process.env.KEY' },
    { rule: 'eslint(no-restricted-properties)', in: folder, code: 'export const { env } = process' },
    { rule: 'eslint(no-restricted-properties)', in: folder, code: 'export const stop = (): never => process.exit(1)' },
  ],
)

const vitest = "import { it } from 'vitest'\n"
const inTests: readonly Planted[] = [
  { rule: 'vitest(no-focused-tests)', in: 'test/x', code: `${vitest}it.only('x', () => {})` },
  { rule: 'vitest(no-disabled-tests)', in: 'test/x', code: `${vitest}it.skip('x', () => {})` },
  { rule: 'vitest(expect-expect)', in: 'test/x', code: `${vitest}it('x', () => { JSON.parse('1') })` },
]

const violations: readonly Planted[] = [
  ...promises,
  ...types,
  ...size,
  ...inCore,
  ...inCoreProperties,
  ...environment,
  ...inTests,
  { rule: 'eslint(no-console)', code: "console.log('x')" },
]

const allowed = {
  'cli/main.ts': 'export const stop = (): never => process.exit(process.env.CODE === undefined ? 0 : 1)',
  'gateway/main.ts': 'export const key = process.env.KEY',
  'bench/run.ts': 'process.exit(process.env.CODE === undefined ? 0 : 1)',
  'gateway/core/routing/parse.ts': "export const at = Date.parse('2026-08-01T00:00:00Z')",
  'gateway/core/routing/text.ts': 'export const iso = (ms: number): string => new Date(ms).toISOString()',
  'gateway/runtime/wait.ts': 'export const later = (): void => void setTimeout(() => 1, Date.now() % 2)',
  'gateway/runtime/void.ts': 'declare function work(): Promise<number>\nexport const f = (): void => void work()',
}

const prelude = [
  'declare function work(n?: number): Promise<number>',
  'declare const emitter: { on(name: string, listener: () => void): void }',
].join('\n')

interface Diagnostic {
  readonly code?: string
  readonly filename: string
}

describe('lint rules', () => {
  let folder: string
  let exitCode: number | undefined
  let reported: readonly Diagnostic[]
  const rows = violations.map((one, index) => ({
    ...one,
    // A test's rules apply to files named as tests; everything else is judged as what ships.
    file: `${one.in ?? 'gateway/runtime'}/planted-${index}${one.in === 'test/x' ? '.test' : ''}.ts`,
  }))

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'aigw-lint-rules-'))
    for (const { file, code } of rows)
      await write(file, promises.some((one) => one.code === code) ? `${prelude}\n${code}` : code)
    for (const [file, code] of Object.entries(allowed)) await write(file, code)
    for (const file of ['.oxlintrc.json', 'tsconfig.json', 'package.json']) {
      await copyFile(path.join(repositoryRoot, file), path.join(folder, file))
    }
    await symlink(path.join(repositoryRoot, 'node_modules'), path.join(folder, 'node_modules'), 'dir')
    const tool = path.join(repositoryRoot, 'node_modules/oxlint/bin/oxlint')
    const folders = ['bench', 'cli', 'gateway', 'schemas', 'test']
    const options = { cwd: folder, reject: false }
    const result = await execa(process.execPath, [tool, '--format', 'json', ...folders], options)
    exitCode = result.exitCode
    reported = (JSON.parse(result.stdout) as { diagnostics: readonly Diagnostic[] }).diagnostics
  }, 60_000)

  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('fails', () => {
    expect(exitCode).toBe(1)
  })

  it.each(rows)('$rule is reported in $file', ({ rule, file }) => {
    expect(reported.filter(({ filename }) => filename === file).map(({ code }) => code)).toContain(rule)
  })

  it.each(Object.keys(allowed))('%s is left alone', (file) => {
    expect(reported.filter(({ filename }) => filename === file)).toEqual([])
  })

  async function write(file: string, text: string): Promise<void> {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true })
    await writeFile(path.join(folder, file), `${text}\n`)
  }
})
