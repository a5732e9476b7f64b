/** `aigw providers`: needs no store and no gateway, and only `check` a manifest. */
import { type Command, Option } from 'commander'
import type { CheckProvidersOptions, ShowProviderOptions } from '../commands/providers.ts'
import {
  type CommonOptions,
  type Registrar,
  addCommonOptions,
  durationOption,
  examples,
  parsePositiveDuration,
} from './common.ts'

const formats = ['human', 'json', 'markdown']

export function addProviderCommands(program: Command, registrar: Registrar): void {
  const group = program
    .command('providers')
    .summary('who can be called, where, and what becomes of a request there')
    .description('Who can be called, where, and what becomes of a request there.')
    .addHelpText('after', examples('aigw providers list', 'aigw providers show mistral', 'aigw providers check'))
  addList(group, registrar)
  addShow(group, registrar)
  addCheck(group, registrar)
}

function addList(group: Command, { context, action }: Registrar): void {
  const command = group
    .command('list')
    .summary('every provider type: language, base URL, key variable')
    .description('Every provider type with its language, base URL and key variable; which of them this version serves.')
    .addHelpText('after', examples('aigw providers list', 'aigw providers list --format json'))
  addCommonOptions(command, formats).action(
    action(async (options: CommonOptions) => {
      const { listProviders } = await import('../commands/providers.ts')
      return listProviders(context, options)
    }),
  )
}

function addShow(group: Command, { context, action }: Registrar): void {
  const command = group
    .command('show')
    .summary('all of one, with its loss table')
    .description(
      'All of one provider type: what is called, which key is sent, what it does otherwise than its language, and ' +
        "for every part of OpenAI's request whether it is carried exactly, approximated, dropped or refused.",
    )
    .argument('<type>', 'as in `type:` of a connection')
    .option('--model <name>', 'the table for this model, where models differ')
    .option('--lost', 'only the parts that are not carried exactly', false)
    .addHelpText('after', examples('aigw providers show mistral', 'aigw providers show mistral --lost'))
  addCommonOptions(command, formats).action(
    action(async (type: string, options: ShowProviderOptions) => {
      const { showProvider } = await import('../commands/providers.ts')
      return showProvider(context, type, options)
    }),
  )
}

function addCheck(group: Command, { context, action }: Registrar): void {
  const command = group
    .command('check')
    .summary('call every connection once, and say what is wrong')
    .description(
      'Call every connection of the manifest once, as the gateway would: through its proxy, with its certificates and ' +
        'its key. Where the provider has a list of models, those that targets name are looked up in it. Most calls cost ' +
        'nothing, others a token; `aigw providers show TYPE` says which.\n' +
        'Exit code 3 when something is wrong, 1 when the manifest cannot be read.',
    )
    .argument('[name...]', 'only these connections; a built-in provider needs no manifest')
    .option('--manifest <file>', 'default: routes.yaml')
    .option('--env <name>', 'take ${…} from this environment of aigw.yaml (default: local, else this process)')
    .addOption(
      durationOption('--timeout <duration>', 'how long each connection may take', 10).argParser(parsePositiveDuration),
    )
    .addOption(
      new Option('--fail-severity <severity>', 'the least that makes it fail; a warning is what may pass by itself')
        .choices(['error', 'warning'])
        .default('error'),
    )
    .addHelpText('after', examples('aigw providers check', 'aigw providers check openai mistral --timeout 5s'))
  addCommonOptions(command).action(
    action(async (names: string[], options: CheckProvidersOptions) => {
      const { checkProviders } = await import('../commands/providers.ts')
      return await checkProviders(context, names, options)
    }),
  )
}
