/** Commands about releases: what is published, what would be, and who serves it. */
import type { Command } from 'commander'
import type { ApplyOptions, PublishOptions } from '../commands/apply.ts'
import type { HistoryOptions } from '../commands/history.ts'
import type { PlanOptions } from '../commands/plan.ts'
import type { StatusOptions } from '../commands/status.ts'
import {
  type CommonOptions,
  type Registrar,
  addAdminTokenOptions,
  addCommonOptions,
  examples,
  durationOption,
  parseDuration,
  parsePositive,
  parseRevision,
} from './common.ts'

export function addReleaseCommands(program: Command, registrar: Registrar): void {
  addPlan(program, registrar)
  addApply(program, registrar)
  addHistory(program, registrar)
  addRollback(program, registrar)
  addStatus(program, registrar)
}

function addPlan(program: Command, { context, action }: Registrar): void {
  const command = program
    .command('plan')
    .summary('show what an apply would change')
    .description(
      'Show what an apply would change, by meaning. Nothing is changed.\n' +
        'Exit code 0; with --detailed-exitcode 2 when there are changes, as Terraform has it.',
    )
    .option('--env <name>', 'environment of aigw.yaml (default: local)')
    .option('--manifest <file>', 'the manifest (default: routes.yaml)')
    .option('--out <file>', 'write the plan, for `aigw apply FILE`')
    .option('--detailed-exitcode', 'exit with 2 when there are changes', false)
    .addHelpText('after', examples('aigw plan', 'aigw plan --env prod --out prod.plan.json'))
  addCommonOptions(command).action(
    action(async (options: PlanOptions) => {
      const { plan } = await import('../commands/plan.ts')
      return await plan(context, options)
    }),
  )
  const show = command
    .command('show')
    .summary('show a plan that was written with --out')
    .description('Show a plan that was written with --out, stale or not.')
    .argument('<plan>', 'the plan')
    .addHelpText('after', examples('aigw plan show prod.plan.json'))
  addCommonOptions(show).action(
    action(async (file: string, options: CommonOptions) => {
      const { showPlan } = await import('../commands/plan.ts')
      return await showPlan(context, file, options)
    }),
  )
}

function addPublishOptions(command: Command): Command {
  return command
    .option('--env <name>', 'environment of aigw.yaml (default: local)')
    .option('--auto-approve', 'do not ask', false)
    .addOption(durationOption('--timeout <duration>', 'how long to wait for gateways, at each step', 30))
    .option('--wait-drained', 'wait, too, until no request is left on the old revision', false)
}

function addApply(program: Command, { context, action }: Registrar): void {
  const command = program
    .command('apply')
    .summary('publish the manifest and wait until every gateway serves it')
    .description(
      'Publish a manifest. Every gateway tries it first; if one cannot serve it, nothing is changed. ' +
        'Then waits until all serve it.\nWith PLAN, exactly that plan is carried out, and passing it is the approval.\n' +
        'Exit code 5 when the plan is stale or somebody else was first, 1 when a gateway refuses or lags behind.',
    )
    .argument('[plan]', 'a plan written with `aigw plan --out`')
    .option('--manifest <file>', 'the manifest (default: routes.yaml)')
    .addHelpText('after', examples('aigw apply', 'aigw apply prod.plan.json', 'aigw apply --env dev --auto-approve'))
  addCommonOptions(addPublishOptions(command)).action(
    action(async (file: string | undefined, options: ApplyOptions) => {
      const { apply } = await import('../commands/apply.ts')
      return await apply(context, file, options)
    }),
  )
}

function addHistory(program: Command, { context, action }: Registrar): void {
  const command = program
    .command('history')
    .summary('show what was published, by whom, and what it changed')
    .description('Show what was published, newest first: when, by whom, from which commit, and what it changed.')
    .option('--env <name>', 'environment of aigw.yaml (default: local)')
    .option('--limit <number>', 'how many to show', parsePositive, 20)
    .addHelpText('after', examples('aigw history', 'aigw history --env prod --limit 5 --format json'))
  addCommonOptions(command).action(
    action(async (options: HistoryOptions) => {
      const { history } = await import('../commands/history.ts')
      return await history(context, options)
    }),
  )
}

function addRollback(program: Command, { context, action }: Registrar): void {
  const command = program
    .command('rollback')
    .summary('publish an earlier release again')
    .description(
      'Publish an earlier release again, as a new revision. Without REVISION: the one before the head.\n' +
        'It is a plan like any other: shown, approved, tried by every gateway, held to the gates.',
    )
    .argument('[revision]', 'the revision to go back to', parseRevision)
    .addHelpText('after', examples('aigw rollback', 'aigw rollback 12 --env prod'))
  addCommonOptions(addPublishOptions(command)).action(
    action(async (revision: number | undefined, options: PublishOptions) => {
      const { rollback } = await import('../commands/rollback.ts')
      return await rollback(context, revision, options)
    }),
  )
}

function addStatus(program: Command, { context, action }: Registrar): void {
  const command = program
    .command('status')
    .summary('show what is published and what every gateway serves')
    .description('Show what is published, whether the manifest here is it, and what every gateway serves.')
    .option('--env <name>', 'environment of aigw.yaml (default: local)')
    .option('--manifest <file>', 'the manifest to compare (default: routes.yaml)')
    .option('--url <address>', 'ask one gateway instead, at its admin listener')
    .option('-w, --watch', 'show it again as it changes, until Ctrl-C', false)
    .option('--interval <duration>', 'with --watch: how often to look (default: 2s)', parseDuration)
    .addHelpText(
      'after',
      examples('aigw status --env prod', 'aigw status --watch', 'aigw status --url http://127.0.0.1:8081'),
    )
  addCommonOptions(addAdminTokenOptions(command)).action(
    action(async (options: StatusOptions) => {
      const { status } = await import('../commands/status.ts')
      return await status(context, options)
    }),
  )
}
