/**
 * Who may import whom. Each rule carries the reason it exists; `test/repository/import-rules.test.ts` plants a
 * violation of every one of them, so a rule that stopped reporting is noticed. Type-only imports count like any other:
 * a type is knowledge, and these rules are about who may know what.
 */

/** Code that only tests run: it may reach anywhere, and nothing that ships may reach it. */
const tests = String.raw`\.test\.ts$|(^|/)(testing|__fixtures__)/|^(test|bench|examples)/`
/** Commands that start a process of the other side, and the two files they may start it by. */
const startingCommands = '^cli/commands/(serve|simulate|demo|providers)[.]ts$'
const processEntries = '^gateway/(main|simulators/main)[.]ts$'
const ourCode = '^(schemas|gateway|cli|bench|test|examples|tools)/'

const nodeBuiltin = ['core']
const libraryKinds = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown']

/** Files under `from` may import, of our own code, only what `to` names. */
const mayOnlyImport = ({ name, comment, from, to }) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: tests },
  to: { path: ourCode, pathNot: to },
})

/** A library that one part of the program has to itself. */
const onlyIn = ({ library: packageName, where, comment }) => ({
  name: `${packageName}-only-where-it-belongs`,
  comment,
  severity: 'error',
  from: { path: ourCode, pathNot: [tests, where] },
  to: { path: [`(^|/)node_modules/${packageName}/`, `^${packageName}$`] },
})

const layers = [
  mayOnlyImport({
    name: 'schemas-know-nothing-of-us',
    comment:
      'Every part reads schemas/, so the schemas may know none of them: a document format that depends on its reader cannot outlive it.',
    from: '^schemas/',
    to: '^schemas/',
  }),
  {
    name: 'schemas-stay-pure',
    comment:
      'The generated validators run inside gateway/core and at the start of every command; a library or a Node module here would be loaded by both.',
    severity: 'error',
    from: { path: '^schemas/', pathNot: [tests, '^schemas/generate([.]ts$|/)'] },
    to: { dependencyTypes: [...nodeBuiltin, ...libraryKinds] },
  },
  mayOnlyImport({
    name: 'core-knows-only-schemas',
    comment:
      'gateway/core decides and does nothing else. What it cannot import it cannot do, and that is why replay and explain can run the same code.',
    from: '^gateway/core/',
    to: '^(gateway/core|schemas)/',
  }),
  {
    name: 'core-without-node',
    comment:
      'A decision that reads a file, a socket or the clock gives another answer in replay than it gave in the gateway.',
    severity: 'error',
    from: { path: '^gateway/core/', pathNot: tests },
    to: { dependencyTypes: nodeBuiltin },
  },
  {
    name: 'core-without-libraries',
    comment:
      'A library brings clocks, caches and versions into a decision. `yaml` in manifest/parse.ts and the nodes beside it is the one exception: it turns text into a value and positions.',
    severity: 'error',
    from: { path: '^gateway/core/', pathNot: [tests, '^gateway/core/manifest/(parse|yaml-nodes)[.]ts$'] },
    to: { dependencyTypes: libraryKinds },
  },
  {
    name: 'parse-only-with-yaml',
    comment: 'The exception for reading manifests is for `yaml` and no other library.',
    severity: 'error',
    from: { path: '^gateway/core/manifest/(parse|yaml-nodes)[.]ts$' },
    to: { dependencyTypes: libraryKinds, pathNot: '(^|/)node_modules/yaml/' },
  },
  mayOnlyImport({
    name: 'release-imports-core',
    comment:
      'The command line publishes through the stores and a gateway reads through them; a store that knew either could not serve both.',
    from: '^gateway/release/',
    to: '^(gateway/(core|release)|schemas)/',
  }),
  mayOnlyImport({
    name: 'spool-imports-core',
    comment:
      'The spool is written by a gateway and read by `aigw audit` and replay; it may know what a record is and nothing of who writes it.',
    from: '^gateway/spool/',
    to: '^(gateway/(core|spool)|schemas)/',
  }),
  mayOnlyImport({
    name: 'runtime-carries-out',
    comment:
      'The runtime carries out what core decides. It never reaches into the simulators or the command line, so it is the same program in a demo and in production.',
    from: '^gateway/runtime/',
    to: '^(gateway/(core|release|spool|runtime)|schemas)/',
  }),
  mayOnlyImport({
    name: 'simulators-stand-alone',
    comment:
      'A simulated provider that shared a dialect with the gateway would repeat its mistakes and prove nothing: it knows the wire only from the vendor.',
    from: '^gateway/simulators/',
    to: '^(gateway/simulators|schemas)/',
  }),
  mayOnlyImport({
    name: 'gateway-main-composes-the-gateway',
    comment:
      'The composition root puts the gateway together and nothing else; the simulators have a root of their own.',
    from: '^gateway/main[.]ts$',
    to: '^(gateway/(core|release|spool|runtime)|schemas)/',
  }),
  mayOnlyImport({
    name: 'cli-decides-with-core',
    comment:
      'A command that reached into the runtime would measure a live gateway instead of predicting one, and would load a server at every start.',
    from: '^cli/',
    to: ['^(cli|schemas|gateway/(core|release|spool))/', processEntries],
  }),
  {
    name: 'cli-starts-processes-in-four-commands',
    comment: 'Only serve, simulate, demo and providers start a gateway or simulators, each through its main.ts.',
    severity: 'error',
    from: { path: '^cli/', pathNot: [tests, startingCommands] },
    to: { path: processEntries },
  },
  {
    name: 'cli-pure-parts-take-values',
    comment:
      'lint, diff, plan and replay take values and return values. Reading belongs to io, wording to views, and both are joined in commands.',
    severity: 'error',
    from: { path: '^cli/(lint|diff|plan|replay)/', pathNot: tests },
    to: { path: '^cli/(commands|io|views|program[.]ts|main[.]ts)' },
  },
  {
    name: 'views-only-render',
    comment:
      'A view turns a value into text. One that could read a file or call a command could not be tested by a table.',
    severity: 'error',
    from: { path: '^cli/views/', pathNot: tests },
    to: { path: '^cli/(commands|io|program[.]ts|main[.]ts)' },
  },
]

const siblings = [
  {
    name: 'dialects-do-not-know-each-other',
    comment:
      'One wire language a file or folder, each written against the hub alone. Two that share code can no longer follow two vendors.',
    severity: 'error',
    from: {
      path: '^gateway/core/dialects/(?!(?:dialect|quirks|losses|strip|parameters|encode-request|index)[.]ts$|testing/)([^/.]+)(?:/|[.]ts$)',
      pathNot: tests,
    },
    to: {
      path: '^gateway/core/dialects/',
      pathNot: ['^gateway/core/dialects/$1(/|[.]ts$)', '^gateway/core/dialects/(dialect|quirks|losses)[.]ts$'],
    },
  },
  {
    name: 'providers-do-not-know-each-other',
    comment:
      'A provider is data about one vendor. Derived from another it would change when that vendor does, and nobody reviewing the change would see it.',
    severity: 'error',
    from: { path: '^gateway/core/providers/(?!(?:provider|index)[.]ts$)([^/.]+)(?:/|[.]ts$)', pathNot: tests },
    to: {
      path: '^gateway/core/providers/',
      pathNot: ['^gateway/core/providers/$1(/|[.]ts$)', '^gateway/core/providers/provider[.]ts$'],
    },
  },
  {
    name: 'no-cycles',
    comment:
      'Parts that import each other are one part in several files: neither can be read, tested or replaced alone.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
]

const libraries = [
  onlyIn({
    library: 'chalk',
    where: '^cli/views/',
    comment: 'Colour is decided in one place, or --no-color, NO_COLOR and pipes are each forgotten somewhere.',
  }),
  onlyIn({
    library: 'commander',
    where: '^cli/(program[.]ts$|definitions/|commands/)',
    comment: 'Arguments are read at the edge; below it a command line is a value like any other.',
  }),
  onlyIn({
    library: 'fastify',
    where: '^gateway/runtime/',
    comment: 'The web server is a detail of the runtime, slow to load, and must stay replaceable there.',
  }),
  onlyIn({
    library: 'prom-client',
    where: '^gateway/runtime/metrics/',
    comment:
      'It is loaded at the first scrape, and counts nothing: what is counted once a request is plain numbers of ours.',
  }),
  ...['@smithy/signature-v4', '@aws-sdk/credential-provider-node', 'google-auth-library', '@azure/identity'].map(
    (library) =>
      onlyIn({
        library,
        where: '^gateway/runtime/transport/authentication/',
        comment:
          'Credentials are looked for in one place, where what is found is renewed, shared and never repeated; and the library is loaded there by the first call that needs it.',
      }),
  ),
  onlyIn({
    library: 'undici',
    where: '^(gateway/runtime|cli/io)/',
    comment:
      'Calls leave the program in two places, where timeouts, pools and certificates are set; anywhere else they would be unset.',
  }),
]

const borders = [
  {
    name: 'nothing-ships-test-code',
    comment:
      'Files under testing/ and __fixtures__/, suites and benchmarks are not in the package: importing one breaks it.',
    severity: 'error',
    from: { path: ourCode, pathNot: tests },
    to: { path: tests },
  },
  {
    name: 'nobody-imports-a-test-file',
    comment: 'Importing a *.test.ts runs its tests twice; what two suites share belongs under testing/.',
    severity: 'error',
    from: {},
    to: { path: String.raw`\.test\.ts$` },
  },
  {
    name: 'no-development-library-in-shipped-code',
    comment:
      'The published package brings `dependencies` only; a development library is missing on the machine that installs it.',
    severity: 'error',
    from: { path: '^(schemas|gateway|cli)/', pathNot: [tests, '^schemas/generate([.]ts$|/)'] },
    to: {
      dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
      dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional'],
    },
  },
  {
    name: 'environment-only-at-the-roots',
    comment:
      'process.env and process.exit belong to the two main.ts (oxlint sees the global); importing node:process would be a way round.',
    severity: 'error',
    from: {
      path: '^(schemas|gateway|cli)/',
      pathNot: [tests, '^(cli|gateway)/main[.]ts$', '^schemas/generate([.]ts$|/)'],
    },
    to: { path: '^(node:)?process$' },
  },
  {
    name: 'everything-resolves',
    comment: 'An import that no rule can place is an import that no rule can judge.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
]

export default {
  forbidden: [...layers, ...siblings, ...libraries, ...borders],
  options: {
    // TypeScript 7 has no compiler API to read sources with, so swc parses them (see decision 0002).
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
