/** Commands that run servers. */
import { type Command, Option } from 'commander'
import type { ServeOptions } from '../commands/serve.ts'
import type { SimulateOptions } from '../commands/simulate.ts'
import {
  type Registrar,
  addAdminTokenOptions,
  addCommonOptions,
  examples,
  parseCount,
  durationOption,
  parsePort,
  parsePositive,
} from './common.ts'

export function addGatewayCommands(program: Command, registrar: Registrar): void {
  addServe(program, registrar)
  addSimulate(program, registrar)
  addDemo(program, registrar)
}

function addServe(program: Command, { context, action }: Registrar): void {
  const command = program
    .command('serve')
    .summary('run the gateway')
    .description(
      "Run the gateway. It serves what is published to the environment's store, and takes new releases as they come; " +
        'with --manifest it serves that one file, and follows it.',
    )
    .option('--manifest <file>', 'serve this file, without a store')
    .option('--env <name>', 'environment of aigw.yaml (default: local)')
    .option('--store <url>', 'serve what this store publishes, such as file:.aigw')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <port>', 'where to listen; 0: any free port', parsePort, 8080)
    .option('--admin-host <address>', 'where status and metrics are; beyond loopback they need a token', '127.0.0.1')
    .option('--admin-port <port>', 'status, metrics and health; 0: any free port', parsePort, 8081)
    .option('--tls-cert <file>', 'callers find TLS: our certificate and what vouches for it, PEM; read again on change')
    .option('--tls-key <file>', 'its private key, PEM')
    .option('--admin-tls-cert <file>', 'the same for the admin listener')
    .option('--admin-tls-key <file>', 'its private key, PEM')
    .option('--max-connections <number>', 'of callers at a time; more are answered 503', parsePositive, 10_000)
    .option('--spool <folder>', 'where the audit trail goes', '.aigw/spool')
    .option('--no-spool', 'keep no audit trail')
    .addOption(
      new Option('--on-spool-failure <what>', 'while it cannot be written: refuse requests, or drop their records')
        .choices(['refuse', 'drop'])
        .default('refuse'),
    )
    .option('--allow-open', 'serve without credentials even beyond loopback', false)
    .option('--require-secrets', 'refuse a manifest whose keys are not all there', false)
    .option('--simulate', 'call simulated providers instead of those of the manifest; no account and no key', false)
    .option('--scenario <file>', 'with --simulate: what breaks, and when')
    .addOption(durationOption('--drain-timeout <duration>', 'how long streams may finish when told to stop', 30))
    .addOption(
      new Option('--format <format>', 'how log lines are written (default: human on a terminal, else json)').choices([
        'human',
        'json',
      ]),
    )
    .option('-q, --quiet', 'log only warnings and errors', false)
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .addHelpText(
      'after',
      examples(
        'aigw serve --manifest routes.yaml',
        'aigw serve --manifest routes.yaml --simulate',
        'aigw serve --env prod --host 0.0.0.0 --port 8080',
      ),
    )
  addAdminTokenOptions(command).action(
    action(async (options: ServeOptions) => {
      const { serve } = await import('../commands/serve.ts')
      return await serve(context, options)
    }),
  )
}

function addSimulate(program: Command, { context, action }: Registrar): void {
  const command = program
    .command('simulate')
    .summary('run simulated providers')
    .description('Run simulated providers, to try a manifest or a failure drill without an account.')
    .option('--port <port>', 'of the first one, the others follow; 0: free ports', parsePort, 9100)
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--scenario <file>', 'what breaks, and when')
    .option('--seed <number>', 'same seed, same answers', parseCount, 1)
    .addHelpText('after', examples('aigw simulate', 'aigw simulate --scenario openai-down.yaml'))
  addCommonOptions(command).action(
    action(async (options: SimulateOptions) => {
      const { simulate } = await import('../commands/simulate.ts')
      return await simulate(context, options)
    }),
  )
}

function addDemo(program: Command, { context, action }: Registrar): void {
  program
    .command('demo')
    .summary('see all of it work in a minute, without an account')
    .description('See all of it work in a minute: gateway, plan, apply, failover and replay, on simulated providers.')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .addHelpText('after', examples('aigw demo'))
    .action(
      action(async () => {
        const { demo } = await import('../commands/demo.ts')
        return await demo(context)
      }),
    )
}
