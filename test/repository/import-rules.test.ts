/**
 * Plants a violation of every import rule in a small copy of the tree and asks the tool of `npm run check` about it,
 * so a rule that no longer reports is noticed. Beside them stand imports that must stay allowed.
 */
import { mkdir, mkdtemp, rm, writeFile, copyFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repositoryRoot } from './sources.ts'

interface Planted {
  /** The file that imports. */
  readonly from: string
  /** A file of ours, or a package or Node module. */
  readonly to: string
  readonly how?: 'type' | 'lazy'
}

/** What each rule must report. Every file is planted once, so that a report can be told from another. */
const violations: Readonly<Record<string, readonly Planted[]>> = {
  'schemas-know-nothing-of-us': [{ from: 'schemas/index.ts', to: 'gateway/core/chat/errors.ts', how: 'type' }],
  'schemas-stay-pure': [
    { from: 'schemas/runtime.ts', to: 'yaml' },
    { from: 'schemas/files.ts', to: 'node:fs' },
  ],
  'core-knows-only-schemas': [
    { from: 'gateway/core/routing/a.ts', to: 'gateway/runtime/execute.ts' },
    { from: 'gateway/core/routing/b.ts', to: 'cli/diff/diff.ts', how: 'type' },
    { from: 'gateway/core/routing/c.ts', to: 'gateway/spool/append.ts', how: 'lazy' },
    { from: 'gateway/core/routing/d.ts', to: 'gateway/main.ts' },
  ],
  'core-without-node': [
    { from: 'gateway/core/engine/files.ts', to: 'node:fs' },
    { from: 'gateway/core/engine/hash.ts', to: 'crypto' },
    { from: 'gateway/core/engine/types.ts', to: 'node:net', how: 'type' },
  ],
  'core-without-libraries': [
    { from: 'gateway/core/engine/call.ts', to: 'pino' },
    { from: 'gateway/core/manifest/check.ts', to: 'yaml' },
  ],
  'parse-only-with-yaml': [{ from: 'gateway/core/manifest/parse.ts', to: 'pino' }],
  'release-imports-core': [
    { from: 'gateway/release/file.ts', to: 'gateway/runtime/execute.ts', how: 'type' },
    { from: 'gateway/release/redis.ts', to: 'gateway/spool/append.ts' },
  ],
  'spool-imports-core': [
    { from: 'gateway/spool/verify.ts', to: 'gateway/release/store.ts' },
    { from: 'gateway/spool/read.ts', to: 'cli/io/files.ts' },
  ],
  'runtime-carries-out': [
    { from: 'gateway/runtime/server.ts', to: 'gateway/simulators/main.ts' },
    { from: 'gateway/runtime/log.ts', to: 'cli/views/table.ts' },
    { from: 'gateway/runtime/again.ts', to: 'gateway/main.ts' },
  ],
  'simulators-stand-alone': [
    { from: 'gateway/simulators/anthropic.ts', to: 'gateway/core/dialects/anthropic-messages.ts' },
    { from: 'gateway/simulators/openai.ts', to: 'gateway/core/chat/errors.ts', how: 'type' },
  ],
  'gateway-main-composes-the-gateway': [{ from: 'gateway/main.ts', to: 'gateway/simulators/main.ts', how: 'lazy' }],
  'cli-decides-with-core': [
    { from: 'cli/replay/run.ts', to: 'gateway/runtime/execute.ts' },
    { from: 'cli/commands/serve.ts', to: 'gateway/runtime/execute.ts', how: 'lazy' },
    { from: 'cli/commands/demo.ts', to: 'gateway/simulators/anthropic.ts', how: 'lazy' },
    { from: 'cli/commands/plan.ts', to: 'gateway/simulators/openai.ts', how: 'type' },
  ],
  'cli-starts-processes-in-four-commands': [
    { from: 'cli/commands/validate.ts', to: 'gateway/main.ts', how: 'lazy' },
    { from: 'cli/commands/apply.ts', to: 'gateway/simulators/main.ts' },
  ],
  'cli-pure-parts-take-values': [
    { from: 'cli/diff/diff.ts', to: 'cli/io/files.ts' },
    { from: 'cli/lint/rules/route-shadowed.ts', to: 'cli/views/table.ts' },
    { from: 'cli/plan/plan.ts', to: 'cli/commands/lint.ts' },
  ],
  'views-only-render': [{ from: 'cli/views/tree.ts', to: 'cli/io/files.ts' }],
  'dialects-do-not-know-each-other': [
    { from: 'gateway/core/dialects/cohere-chat.ts', to: 'gateway/core/dialects/anthropic-messages.ts' },
    { from: 'gateway/core/dialects/ollama-chat/stream.ts', to: 'gateway/core/dialects/bedrock-converse/stream.ts' },
    { from: 'gateway/core/dialects/gemini.ts', to: 'gateway/core/dialects/gemini-stream.ts' },
  ],
  'providers-do-not-know-each-other': [
    { from: 'gateway/core/providers/groq.ts', to: 'gateway/core/providers/openai.ts' },
    { from: 'gateway/core/providers/xai.ts', to: 'gateway/core/providers/index.ts', how: 'type' },
  ],
  'no-cycles': [{ from: 'gateway/core/policy/first.ts', to: 'gateway/core/policy/second.ts' }],
  'chalk-only-where-it-belongs': [{ from: 'cli/commands/status.ts', to: 'chalk' }],
  'commander-only-where-it-belongs': [{ from: 'cli/io/arguments.ts', to: 'commander' }],
  'fastify-only-where-it-belongs': [
    { from: 'gateway/simulators/server.ts', to: 'fastify' },
    { from: 'cli/commands/init.ts', to: 'fastify', how: 'lazy' },
  ],
  'prom-client-only-where-it-belongs': [{ from: 'gateway/runtime/server/metrics.ts', to: 'prom-client' }],
  '@smithy/signature-v4-only-where-it-belongs': [
    { from: 'gateway/runtime/transport/sign.ts', to: '@smithy/signature-v4' },
  ],
  '@aws-sdk/credential-provider-node-only-where-it-belongs': [
    { from: 'gateway/runtime/check/keys.ts', to: '@aws-sdk/credential-provider-node', how: 'lazy' },
  ],
  'google-auth-library-only-where-it-belongs': [{ from: 'gateway/main.ts', to: 'google-auth-library' }],
  '@azure/identity-only-where-it-belongs': [{ from: 'cli/io/token.ts', to: '@azure/identity' }],
  'undici-only-where-it-belongs': [
    { from: 'gateway/release/http.ts', to: 'undici' },
    { from: 'cli/commands/doctor.ts', to: 'undici' },
  ],
  'nothing-ships-test-code': [
    { from: 'gateway/core/audit/record.ts', to: 'gateway/core/testing/conformance.ts' },
    { from: 'cli/io/capture.ts', to: 'test/repository/sources.ts' },
    { from: 'cli/io/bench.ts', to: 'bench/run.ts' },
  ],
  'nobody-imports-a-test-file': [{ from: 'test/gateway/other.test.ts', to: 'gateway/core/routing/order.test.ts' }],
  'no-development-library-in-shipped-code': [
    { from: 'cli/io/git.ts', to: 'ajv' },
    { from: 'gateway/runtime/validate.ts', to: 'not-in-package-json' },
  ],
  'environment-only-at-the-roots': [
    { from: 'cli/io/environment.ts', to: 'node:process' },
    { from: 'gateway/runtime/exit.ts', to: 'process' },
  ],
  'everything-resolves': [{ from: 'gateway/runtime/gone.ts', to: './no-such-file.ts' }],
}

/** A cycle is reported once, at one of its files; this is the way back of the one above. */
const wayBack: Planted = { from: 'gateway/core/policy/second.ts', to: 'gateway/core/policy/first.ts', how: 'type' }

/** Imports that no rule may report. */
const allowed: readonly Planted[] = [
  { from: 'gateway/core/manifest/parse.ts', to: 'yaml' },
  { from: 'gateway/core/manifest/compile.ts', to: 'schemas/validation.ts' },
  { from: 'gateway/core/dialects/index.ts', to: 'gateway/core/dialects/anthropic-messages.ts' },
  { from: 'gateway/core/dialects/anthropic-messages.ts', to: 'gateway/core/dialects/dialect.ts', how: 'type' },
  { from: 'gateway/core/dialects/bedrock-converse/index.ts', to: 'gateway/core/dialects/bedrock-converse/stream.ts' },
  { from: 'gateway/core/providers/index.ts', to: 'gateway/core/providers/openai.ts' },
  { from: 'gateway/core/providers/openai.ts', to: 'gateway/core/providers/provider.ts', how: 'type' },
  { from: 'gateway/core/routing/order.test.ts', to: 'node:fs' },
  { from: 'gateway/core/routing/order.property.test.ts', to: 'fast-check' },
  { from: 'gateway/release/store.ts', to: 'gateway/core/chat/errors.ts' },
  { from: 'gateway/spool/append.ts', to: 'node:fs' },
  { from: 'gateway/runtime/execute.ts', to: 'undici' },
  { from: 'gateway/runtime/app.ts', to: 'fastify' },
  { from: 'gateway/runtime/store.ts', to: 'gateway/release/store.ts' },
  { from: 'gateway/main.ts', to: 'gateway/runtime/app.ts' },
  { from: 'gateway/main.ts', to: 'node:process' },
  { from: 'gateway/simulators/main.ts', to: 'schemas/validation.ts' },
  { from: 'cli/main.ts', to: 'node:process' },
  { from: 'cli/program.ts', to: 'commander' },
  { from: 'cli/definitions/manifest-commands.ts', to: 'commander' },
  { from: 'cli/views/table.ts', to: 'chalk' },
  { from: 'cli/io/files.ts', to: 'undici' },
  { from: 'cli/commands/serve.ts', to: 'gateway/main.ts', how: 'lazy' },
  { from: 'cli/commands/simulate.ts', to: 'gateway/simulators/main.ts', how: 'lazy' },
  { from: 'cli/replay/engine.ts', to: 'gateway/core/chat/errors.ts' },
  { from: 'cli/commands/audit.ts', to: 'gateway/spool/append.ts' },
  { from: 'schemas/generate.ts', to: 'ajv' },
  { from: 'test/gateway/serve.test.ts', to: 'gateway/runtime/execute.ts' },
  { from: 'test/gateway/shared.test.ts', to: 'gateway/core/testing/conformance.ts' },
  { from: 'bench/run.ts', to: 'gateway/main.ts' },
]

const packages = ['ajv', 'chalk', 'commander', 'fast-check', 'fastify', 'not-in-package-json', 'pino', 'undici', 'yaml']

interface Violation {
  readonly from: string
  readonly to: string
  readonly rule: { readonly name: string }
}

interface Rule {
  readonly name: string
  readonly comment: string
  readonly severity: string
}

interface Summary {
  readonly violations: readonly Violation[]
  readonly ruleSetUsed: { readonly forbidden: readonly Rule[] }
}

describe('import rules', () => {
  let folder: string
  let reported: readonly Violation[]
  let rules: readonly Rule[]

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'aigw-import-rules-'))
    await plant(folder)
    const summary = await cruise(folder)
    reported = summary.violations
    rules = summary.ruleSetUsed.forbidden
  }, 60_000)

  afterAll(() => rm(folder, { recursive: true, force: true }))

  const rows = Object.entries(violations).flatMap(([rule, all]) => all.map((one) => ({ rule, ...one })))

  it.each(rows)('$rule: $from must not import $to', ({ rule, from }) => {
    const found = reported.filter((violation) => violation.from === from).map((violation) => violation.rule.name)
    expect(found).toContain(rule)
  })

  it('reports nothing but what was planted', () => {
    const expected = new Set(rows.map(({ from }) => from))
    // A folder that may be imported is judged at the importer, so only `from` is compared.
    expect(reported.filter(({ from }) => !expected.has(from))).toEqual([])
  })

  it.each(allowed)('$from may import $to', ({ from, to }) => {
    const target = isOurs(to) ? to : `node_modules/${to}/index.js`
    expect(reported.filter((one) => one.from === from && (one.to === target || one.to === to))).toEqual([])
  })

  it('has a planted violation for every rule', () => {
    expect(rules.map(({ name }) => name).toSorted()).toEqual(Object.keys(violations).toSorted())
  })

  it('states a reason with every rule, and fails on every rule', () => {
    expect(rules.filter(({ severity, comment }) => severity !== 'error' || !/^.{40,}\.$/.test(comment))).toEqual([])
  })
})

async function plant(folder: string): Promise<void> {
  const lines = new Map<string, string[]>()
  const add = (file: string, line: string): void => void lines.set(file, [...(lines.get(file) ?? []), line])
  let count = 0
  for (const { from, to, how } of [...Object.values(violations).flat(), wayBack, ...allowed]) {
    const name = `planted${(count += 1)}`
    const specifier = isOurs(to) ? relativeSpecifier(from, to) : to
    if (how === 'lazy') add(from, `export const ${name} = { load: async () => (await import('${specifier}')).default }`)
    else if (how === 'type')
      add(from, `import type ${name} from '${specifier}'\nexport type Type${name} = typeof ${name}`)
    else add(from, `import ${name} from '${specifier}'\nexport { ${name} }`)
    if (isOurs(to)) add(to, '')
  }
  for (const [file, text] of lines) await write(path.join(folder, file), `${text.join('\n')}\nexport default 1\n`)
  for (const name of packages) {
    const manifest = JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js' })
    await write(path.join(folder, 'node_modules', name, 'package.json'), manifest)
    await write(path.join(folder, 'node_modules', name, 'index.js'), 'export default 1\n')
  }
  for (const file of ['package.json', '.dependency-cruiser.js']) {
    await copyFile(path.join(repositoryRoot, file), path.join(folder, file))
  }
}

async function cruise(folder: string): Promise<Summary> {
  const tool = path.join(repositoryRoot, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const options = ['--config', '.dependency-cruiser.js', '--output-type', 'json', '.']
  const { stdout } = await execa(process.execPath, [tool, ...options], { cwd: folder, reject: false })
  return (JSON.parse(stdout) as { summary: Summary }).summary
}

function isOurs(to: string): boolean {
  return /^(bench|cli|gateway|schemas|test)\//.test(to)
}

function relativeSpecifier(from: string, to: string): string {
  const specifier = path.posix.relative(path.posix.dirname(from), to)
  return specifier.startsWith('.') ? specifier : `./${specifier}`
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, text)
}
