/** `aigw lint`. */
import { type Command, Option } from 'commander'
import type { LintOptions } from '../commands/lint.ts'
import { machineFormats } from '../views/diagnostics-report.ts'
import { type Registrar, addCommonOptions, examples } from './common.ts'

export function addLint(program: Command, { context, action }: Registrar): void {
  const command = program
    .command('lint')
    .summary('find what works but is unwise: dead routes, missing failover, retired models')
    .description(
      'Find what works but is unwise. Without FILE: routes.yaml. Severities are set under `lint` in aigw.yaml;\n' +
        'a finding is suppressed by a comment with a reason, such as\n' +
        '  # aigw-lint-disable-next-line RULE -- why\n' +
        'Exit code 3 when something is found at or above --fail-severity, 1 when a file cannot be read.',
    )
    .argument('[file...]', 'manifests, or folders and patterns for those in them; - is standard input')
    .option('--env <name>', 'take ${…} from this environment of aigw.yaml (default: local, else this process)')
    .addOption(
      new Option('--fail-severity <severity>', 'the least that makes it fail')
        .choices(['error', 'warning', 'info'])
        .default('warning'),
    )
    .option('--fix', 'repair what can be repaired without changing what the gateway does', false)
    .option('--dry-run', 'with --fix: show the changes as a diff, and make none', false)
    .option('--capture <file>', 'recorded traffic (a spool or a capture), for rules that know what callers ask for')
    .option('--explain [rule]', 'print the page of a rule; without RULE, list the rules')
    .addHelpText(
      'after',
      examples(
        'aigw lint',
        'aigw lint --fix --dry-run team-*/routes.yaml',
        'aigw lint --capture .aigw/spool --format sarif > lint.sarif',
        'aigw lint --explain unreachable-route',
      ),
    )
  addCommonOptions(command, ['human', ...machineFormats]).action(
    action(async (files: string[], options: LintOptions) => {
      const { lint } = await import('../commands/lint.ts')
      return await lint(context, files, options)
    }),
  )
}
