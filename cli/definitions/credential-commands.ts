/** `aigw credential`: who may call. Works on the manifest in the working folder, without a store or a gateway. */
import type { Command } from 'commander'
import type { CheckOptions } from '../commands/credential-check.ts'
import type { ListCredentialsOptions } from '../commands/credential-list.ts'
import type { RevokeOptions } from '../commands/credential-revoke.ts'
import type { NewCredentialOptions } from '../commands/credential.ts'
import { type Registrar, addCommonOptions, examples } from './common.ts'

export function addCredentialCommands(program: Command, registrar: Registrar): void {
  const group = program
    .command('credential')
    .summary('keys for callers: make, list, revoke, check')
    .description('Keys for callers. A key is never kept anywhere, only its hash, which stands in the manifest.')
    .addHelpText(
      'after',
      examples('aigw credential new mobile-app', 'aigw credential list', 'aigw credential revoke mobile-app'),
    )
  addNew(group, registrar)
  addList(group, registrar)
  addRevoke(group, registrar)
  addCheck(group, registrar)
}

function addSourceOptions(command: Command): Command {
  return command
    .option('--manifest <file>', 'the manifest (default: routes.yaml)')
    .option('--env <name>', 'take ${…} from this environment of aigw.yaml (default: local, else this process)')
}

function addNew(group: Command, { context, action }: Registrar): void {
  const command = group
    .command('new')
    .summary('make a key and the entry for routes.yaml')
    .description('Make a key for a caller. It is printed once; the manifest gets only its hash.')
    .argument('<name>', 'name of the caller, as quotas and records know it')
    .option('--organization <name>', 'what the caller belongs to')
    .option('--project <name>', 'what the caller belongs to')
    .option('--expires <date>', 'when the key stops working, such as 2027-01-31')
    .addHelpText('after', examples('aigw credential new mobile-app --organization retail'))
  addCommonOptions(command).action(
    action(async (name: string, options: NewCredentialOptions) => {
      const { newCredential } = await import('../commands/credential.ts')
      return await newCredential(context, name, options)
    }),
  )
}

function addList(group: Command, { context, action }: Registrar): void {
  const command = group
    .command('list')
    .summary('show who may call')
    .description('Show who may call: the credentials of the manifest, and which of them work now.')
    .addHelpText('after', examples('aigw credential list', 'aigw credential list --format json'))
  addCommonOptions(addSourceOptions(command)).action(
    action(async (options: ListCredentialsOptions) => {
      const { listCredentials } = await import('../commands/credential-list.ts')
      return await listCredentials(context, options)
    }),
  )
}

function addRevoke(group: Command, { context, action }: Registrar): void {
  const command = group
    .command('revoke')
    .summary('disable a key in the manifest file')
    .description(
      'Disable a key: writes `disabled: true` into its entry and changes nothing else in the file. ' +
        'It takes effect when the manifest is published, or at once where a gateway serves the file.',
    )
    .argument('<name>', 'name of the credential')
    .addHelpText('after', examples('aigw credential revoke mobile-app && aigw plan'))
  addCommonOptions(addSourceOptions(command)).action(
    action(async (name: string, options: RevokeOptions) => {
      const { revokeCredential } = await import('../commands/credential-revoke.ts')
      return await revokeCredential(context, name, options)
    }),
  )
}

function addCheck(group: Command, { context, action }: Registrar): void {
  const command = group
    .command('check')
    .summary('whose key is this, and would it be let in?')
    .description(
      'Say whose key it is, and whether a gateway with this manifest would let it in. The key is read from standard ' +
        'input or a file, never from the command line, which others can read.\n' +
        'Exit code 3 when it would be refused.',
    )
    .argument('[file]', 'file with the key; - is standard input', '-')
    .option('--at <time>', 'at this moment instead of now, such as 2027-01-31T18:00:00Z')
    .addHelpText('after', examples('aigw credential check < key.txt', 'aigw credential check key.txt --at 2027-02-01'))
  addCommonOptions(addSourceOptions(command)).action(
    action(async (file: string, options: CheckOptions) => {
      const { checkCredential } = await import('../commands/credential-check.ts')
      return await checkCredential(context, file, options)
    }),
  )
}
