/** `aigw providers`: needs no manifest, no store and no gateway. */
import type { Command } from 'commander'
import type { ShowProviderOptions } from '../commands/providers.ts'
import { type CommonOptions, type Registrar, addCommonOptions, examples } from './common.ts'

const formats = ['human', 'json', 'markdown']

export function addProviderCommands(program: Command, registrar: Registrar): void {
  const group = program
    .command('providers')
    .summary('who can be called, where, and what becomes of a request there')
    .description('Who can be called, where, and what becomes of a request there.')
    .addHelpText('after', examples('aigw providers list', 'aigw providers show mistral'))
  addList(group, registrar)
  addShow(group, registrar)
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
