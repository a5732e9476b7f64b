/** Commands about documents: nothing here needs a store or a gateway. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { DiffOptions } from '../commands/diff.ts'
import type { ReplayOptions } from '../commands/replay.ts'
import type { ValidateOptions } from '../commands/validate.ts'
import { machineFormats } from '../views/diagnostics-report.ts'
import {
  type CommonOptions,
  type Registrar,
  addCommonOptions,
  examples,
  parseCount,
  parseDuration,
  parsePositive,
} from './common.ts'
import { addLint } from './lint.ts'

export function addManifestCommands(program: Command, registrar: Registrar): void {
  addValidate(program, registrar)
  addLint(program, registrar)
  addDiff(program, registrar)
  addSchema(program, registrar)
  addReplay(program, registrar)
}

function addValidate(program: Command, { context, action }: Registrar): void {
  const command = program
    .command('validate')
    .summary('check manifests: every problem with line, column and what to write instead')
    .description(
      'Check manifests without a store or a network. Without FILE: routes.yaml, and aigw.yaml where there is one.\n' +
        'Exit code 3 when something is found at or above --fail-severity, 1 when a file cannot be read.',
    )
    .argument('[file...]', 'files, folders, or patterns such as "teams/**/routes.yaml"; - is standard input')
    .option('--env <name>', 'take ${…} from this environment of aigw.yaml (default: local, else this process)')
    .addOption(
      new Option('--fail-severity <severity>', 'the least that makes it fail')
        .choices(['error', 'warning', 'info'])
        .default('error'),
    )
    .option('--explain [code]', 'print what a code means and how to repair it; without CODE, list the codes')
    .addHelpText(
      'after',
      examples(
        'aigw validate',
        'aigw validate --fail-severity warning teams/',
        'aigw validate "teams/**/*.yaml" --format sarif > aigw.sarif',
        'cat routes.yaml | aigw validate --format json -',
      ),
    )
  addCommonOptions(command, ['human', ...machineFormats]).action(
    action(async (files: string[], options: ValidateOptions) => {
      const { validate } = await import('../commands/validate.ts')
      return await validate(context, files, options)
    }),
  )
}

function addDiff(program: Command, { context, action }: Registrar): void {
  const command = program
    .command('diff')
    .summary('show what is different between two manifests, by meaning')
    .description(
      'Show what is different between two manifests, by meaning: order, comments, anchors and defaults written out ' +
        'make no difference.\nA side is a file, - for standard input, REV:FILE of Git (:FILE is what is staged), ' +
        'an environment of aigw.yaml (what is published there), or ENV@REVISION.\n' +
        'Exit code 0; with --detailed-exitcode 2 when there are differences. 3 when a side is no manifest.',
    )
    .argument('<from>', 'the side before')
    .argument('<to>', 'the side after')
    .option('--env <name>', 'take ${…} of files from this environment (default: that of the other side, else local)')
    .option('--detailed-exitcode', 'exit with 2 when there are differences', false)
    .addHelpText(
      'after',
      examples(
        'aigw diff HEAD:routes.yaml routes.yaml',
        'aigw diff prod routes.yaml',
        'aigw diff prod@11 prod@12',
        'aigw diff origin/main:routes.yaml HEAD:routes.yaml --format markdown',
      ),
    )
  addCommonOptions(command, ['human', 'json', 'markdown']).action(
    action(async (from: string, to: string, options: DiffOptions) => {
      const { diff } = await import('../commands/diff.ts')
      return await diff(context, { from, to }, options)
    }),
  )
}

function addSchema(program: Command, { context, action }: Registrar): void {
  const command = program
    .command('schema')
    .summary('print the JSON Schema of a document')
    .description('Print the JSON Schema of a document, or, without NAME, which there are.')
    .argument('[name]', 'routes, config, plan, release …')
    .addHelpText('after', examples('aigw schema', 'aigw schema routes > routes.schema.json'))
  addCommonOptions(command).action(
    action(async (name: string | undefined, options: CommonOptions) => {
      const { schema } = await import('../commands/schema.ts')
      return await schema(context, name, options)
    }),
  )
}

function addReplay(program: Command, { context, action }: Registrar): void {
  const command = program
    .command('replay')
    .summary('play recorded traffic through the same engine, in virtual time')
    .description(
      'Play recorded traffic through the same engine, in virtual time.\n' +
        'Without --manifest every decision is made again as it was recorded, and must come out the same.\n' +
        'Exit code 4 when one does not, or when something a scenario expects does not hold.',
    )
    .argument('<capture>', "a gateway's spool, a capture, or a public trace")
    .option('--manifest <file>', 'what would this manifest have done?')
    .option('--against <file>', 'and this one, side by side?')
    .option('--scenario <file>', 'what breaks meanwhile, and what must hold')
    .addOption(
      new Option('--assume <target=first/total>', 'how a target nobody recorded answers, such as *=300ms/2s')
        .argParser(collectAssumed)
        .default([], 'none'),
    )
    .option('--seed <number>', 'seed of the draws for requests that carry none (default: 1)', parseCount)
    .option(
      '--instances <number>',
      'gateways that share the traffic of a capture that names none (default: 1)',
      parsePositive,
    )
    .option('--model <name>', 'the model a trace that names none asks for')
    .option('--stream', 'take the requests of a trace as streams', false)
    .addHelpText(
      'after',
      examples('aigw replay .aigw/spool', 'aigw replay .aigw/spool --manifest routes.yaml --against candidate.yaml'),
    )
  addCommonOptions(command).action(
    action(async (capture: string, options: ReplayOptions) => {
      const { replay } = await import('../commands/replay.ts')
      return await replay(context, capture, options)
    }),
  )
}

function collectAssumed(text: string, earlier: ReplayOptions['assume']): ReplayOptions['assume'] {
  const match = /^(.+)=([^=/]+)\/([^=/]+)$/.exec(text)
  if (match === null) throw new InvalidArgumentError('Expected TARGET=FIRST/TOTAL, such as openai/gpt-4o=300ms/2s.')
  const [, target = '', first = '', total = ''] = match
  const assumed = { target, firstContentMs: parseDuration(first), totalMs: parseDuration(total) }
  if (assumed.firstContentMs > assumed.totalMs) {
    throw new InvalidArgumentError('FIRST, until the first content, cannot be longer than TOTAL.')
  }
  return [...earlier, assumed]
}
