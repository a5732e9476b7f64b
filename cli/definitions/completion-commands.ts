/** `aigw completion`, and the hidden command that the scripts of the shells call. */
import { Argument, type Command } from 'commander'
import { type Shell, shells } from '../completion/scripts.ts'
import type { CommandShape } from '../completion/tree.ts'
import { type Registrar, examples } from './common.ts'

export function addCompletionCommands(program: Command, { context, action }: Registrar): void {
  program
    .command('completion')
    .summary('print a script that completes commands, flags and values in a shell')
    .description(
      'Print a script that completes commands, flags and values: environments, manifests, provider types and so on.\n' +
        'It asks aigw itself, so it never grows old.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      examples(
        "echo 'source <(aigw completion bash)' >> ~/.bashrc",
        "echo 'source <(aigw completion zsh)' >> ~/.zshrc",
        'aigw completion fish > ~/.config/fish/completions/aigw.fish',
      ),
    )
    .action(
      action(async (shell: Shell) => {
        const { printCompletionScript } = await import('../commands/completion.ts')
        return await printCompletionScript(context, shell)
      }),
    )
  program
    .command('__complete', { hidden: true })
    .argument('<shell>')
    .argument('[words...]')
    .action(
      action(async (shell: string, words: string[]) => {
        const { answerShell } = await import('../commands/completion.ts')
        return await answerShell(context, describeCommand(program), { shell, words })
      }),
    )
}

/** A command as plain values, without what is hidden. */
function describeCommand(command: Command): CommandShape {
  const help = command.createHelp()
  return {
    name: command.name(),
    summary: command.summary() === '' ? command.description() : command.summary(),
    options: help.visibleOptions(command).map((option) => ({
      names: [option.long, option.short].filter((name) => name !== undefined && name !== null),
      description: option.description,
      value: option.required || option.optional ? (/[<[]([^\]>.]+)/.exec(option.flags)?.[1] ?? 'value') : null,
      isOptional: option.optional,
      choices: option.argChoices ?? [],
    })),
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.name(),
      isVariadic: argument.variadic,
      choices: argument.argChoices ?? [],
    })),
    commands: help.visibleCommands(command).map(describeCommand),
  }
}
