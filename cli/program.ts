/**
 * The command line as a whole: names, flags, help. What a command does is imported when it runs, so that `aigw
 * --version` or a shell completion never pays for it.
 */
import { Command, CommanderError, Help } from 'commander'
import { scrubKeys } from '../gateway/core/chat/errors.ts'
import { didYouMean } from '../gateway/core/manifest/diagnostics.ts'
import type { Context } from './context.ts'
import { CommandError } from './context.ts'
import { type Registrar, examples } from './definitions/common.ts'
import { addCompletionCommands } from './definitions/completion-commands.ts'
import { addCredentialCommands } from './definitions/credential-commands.ts'
import { addGatewayCommands } from './definitions/gateway-commands.ts'
import { addManifestCommands } from './definitions/manifest-commands.ts'
import { addProviderCommands } from './definitions/provider-commands.ts'
import { addReleaseCommands } from './definitions/release-commands.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { InvalidDocumentsError } from './io/documents.ts'
import { readPackage } from './io/package.ts'

/** Runs one call and gives its exit code. Never throws, and never prints a stack trace unless AIGW_DEBUG asks for it. */
export async function run(args: readonly string[], context: Context): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done
  const registrar: Registrar = {
    context,
    action:
      (command) =>
      async (...values) => {
        exitCode = await command(...values)
      },
  }
  try {
    const program = buildProgram(registrar)
    // Without a command there is nothing to do but to say what can be done.
    if (args.length === 0) program.outputHelp()
    else {
      refuseUnknownHelp(program, args)
      refuseUnknownSubcommand(program, args)
      await program.parseAsync(args, { from: 'user' })
    }
    return exitCode
  } catch (error) {
    if (error instanceof InvalidDocumentsError) return await reportInvalid(error, args, context)
    return reportFailure(error, context)
  }
}

/** Commander answers `help typo` and `typo --help` with the help of everything, as if that had been asked for. */
function refuseUnknownHelp(program: Command, args: readonly string[]): void {
  const [first, second] = args.filter((arg) => !arg.startsWith('-'))
  const asksForHelp = first === 'help' || args.includes('--help') || args.includes('-h')
  const wanted = first === 'help' ? second : first
  const names = [...program.commands.map((command) => command.name()), 'help']
  if (!asksForHelp || wanted === undefined || names.includes(wanted)) return
  const hint = didYouMean(wanted, names)?.help
  throw new CommandError(`unknown command '${wanted}'`, {
    details: [...(hint === undefined ? [] : [hint]), 'Run with --help alone to see what there is.'],
  })
}

/**
 * Of `aigw plan shwo` commander only says that there is an argument too many. Options that take a value and stand before
 * the word are left to commander: what is a value and what a command is its to say.
 */
function refuseUnknownSubcommand(program: Command, args: readonly string[]): void {
  const [first, second] = args
  const command = program.commands.find((each) => each.name() === first)
  const names = command?.commands.map((each) => each.name()) ?? []
  const takesNone = command?.registeredArguments.length === 0
  if (second === undefined || second.startsWith('-') || !takesNone || names.length === 0) return
  if (names.includes(second) || second === 'help') return
  const hint = didYouMean(second, names)?.help
  throw new CommandError(`unknown command '${first ?? ''} ${second}'`, {
    details: [...(hint === undefined ? [] : [hint]), `There are: ${names.join(', ')}.`],
  })
}

function buildProgram(registrar: Registrar): Command {
  const { context } = registrar
  const help = new Help()
  const program = new Command('aigw')
    .description('Change where LLM traffic goes the way you change code: validate, plan, apply, serve.')
    .usage('<command> [options]')
    .version(describeVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .configureHelp({
      helpWidth: Math.min(context.stdout.columns ?? 100, 120),
      minWidthToWrap: 20,
      // That a switch is off unless switched on goes without saying.
      optionDescription: (option) =>
        option.defaultValue === false ? option.description : help.optionDescription(option),
    })
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      // An argument that was not understood is repeated here, and it may be a key.
      outputError: (text, write) => write(scrubKeys(withSuggestion(text.replace(/^error: /, 'aigw: ')))),
      getOutHasColors: () => context.stdout.color,
      getErrHasColors: () => context.stderr.color,
    })
    .showSuggestionAfterError(true)
    .showHelpAfterError('Run with --help to see what there is.')
    .enablePositionalOptions()
    .exitOverride()
  addManifestCommands(program, registrar)
  addReleaseCommands(program, registrar)
  addCredentialCommands(program, registrar)
  addGatewayCommands(program, registrar)
  addProviderCommands(program, registrar)
  addCompletionCommands(program, registrar)
  program.addHelpText(
    'after',
    examples('aigw validate', 'aigw plan', 'aigw apply', 'aigw serve', 'aigw <command> --help'),
  )
  return program
}

/** Commander suggests commands and flags, but not the values of flags. */
function withSuggestion(text: string): string {
  const [, typed = '', choices = ''] =
    /(?:argument|value) '(.+?)' is invalid.*? Allowed choices are (.*)\./.exec(text) ?? []
  const hint = typed === '' ? undefined : didYouMean(typed, choices.split(', '))?.help
  return hint === undefined ? text : `${text.trimEnd()}\n(${hint.replaceAll('`', '').replace(/^d/, 'D')})\n`
}

function describeVersion(): string {
  const { name, version } = readPackage()
  return [
    `aigw ${version} (${name}, Node ${process.versions.node})`,
    "An LLM gateway and the command line for its routes. Not Envoy AI Gateway's aigw, which is another program.",
  ].join('\n')
}

/** As JSON the diagnostics are the result; for people they stand where every other problem with the call does. */
async function reportInvalid(
  { diagnostics, texts }: InvalidDocumentsError,
  args: readonly string[],
  context: Context,
): Promise<ExitCode> {
  const isJson = args.some(
    (arg, index) => arg === '--format=json' || (arg === 'json' && args[index - 1] === '--format'),
  )
  if (isJson) {
    const { renderDiagnosticsJson } = await import('./views/diagnostics-json.ts')
    context.stdout.write(renderDiagnosticsJson(diagnostics))
  } else {
    const { renderDiagnostics } = await import('./views/diagnostics.ts')
    context.stderr.write(`${renderDiagnostics({ diagnostics, texts }, context.stderr)}\n`)
  }
  return exitCodes.findings
}

function reportFailure(error: unknown, context: Context): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.failed
  if (error instanceof CommandError) {
    context.stderr.write([`aigw: ${error.message}`, ...error.details.map((line) => `  ${line}`), ''].join('\n'))
    return error.exitCode
  }
  const wantsStack = (context.env['AIGW_DEBUG'] ?? '') !== ''
  const text = error instanceof Error ? error.message : String(error)
  context.stderr.write(`aigw: this is a bug in aigw: ${text}\n`)
  if (!wantsStack) context.stderr.write('  Run again with AIGW_DEBUG=1 for the details to report.\n')
  else if (error instanceof Error) context.stderr.write(`${error.stack ?? ''}\n`)
  return exitCodes.failed
}
