/** `aigw credential revoke`: disables a caller's key in the manifest file, and changes nothing else in it. */
import { didYouMean } from '../../gateway/core/manifest/diagnostics.ts'
import { CommandError, type Context, makeTalk } from '../context.ts'
import { standingAt } from '../credential/standing.ts'
import type { CommonOptions } from '../definitions/common.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { type CredentialSource, type DeclaredCredentials, readCredentials } from '../io/credentials.ts'
import { defaultManifest } from '../io/files.ts'
import { replaceText } from '../io/replace-text.ts'
import { renderRevoked } from '../views/credential.ts'

export interface RevokeOptions extends CommonOptions, CredentialSource {}

export async function revokeCredential(context: Context, name: string, options: RevokeOptions): Promise<ExitCode> {
  const file = options.manifest ?? defaultManifest
  if (file === '-') throw new CommandError('standard input cannot be changed: name the file with --manifest')
  const declared = await readCredentials(context, options)
  const { reading, credentials } = declared
  const index = findIndex(declared, name)
  const { disableCredential } = await import('../credential/disable.ts')
  const disabling = disableCredential(reading.text, index)
  if (disabling.kind === 'by_hand') {
    throw new CommandError(`${file}:${disabling.line} is written in a way that only a person can change`, {
      details: [`Write \`disabled: true\` into the entry of ${name}. Nothing was changed.`],
    })
  }
  const isChanged = disabling.kind === 'disabled'
  if (isChanged) await replaceText(context, file, { before: reading.text, after: disabling.text })
  context.stdout.write(renderRevoked({ name, file, line: disabling.line, isChanged }, options.format))
  const talk = makeTalk(context, options.quiet)
  for (const line of nextSteps(options)) talk(line)
  const others = credentials.filter((_, position) => position !== index)
  if (!others.some((credential) => standingAt(credential, context.now()) === 'valid')) {
    talk('No other key works: once this is in force, every caller is answered 401.')
  }
  return exitCodes.done
}

function findIndex({ reading, credentials }: DeclaredCredentials, name: string): number {
  const index = credentials.findIndex((credential) => credential.name === name)
  if (index !== -1) return index
  const names = credentials.map((credential) => credential.name)
  const hint = didYouMean(name, names)?.help
  throw new CommandError(`${reading.file} has no credential "${name}"`, {
    details: [
      ...(hint === undefined ? [] : [hint]),
      names.length === 0 ? 'It declares no credentials.' : `It has ${names.join(', ')}.`,
    ],
  })
}

/** That a file was written refuses nobody yet. */
function nextSteps({ env, manifest }: RevokeOptions): readonly string[] {
  const flags = [
    ...(env === undefined ? [] : ['--env', env]),
    ...(manifest === undefined ? [] : ['--manifest', manifest]),
  ]
  const command = ['aigw apply', ...flags].join(' ')
  return [
    `The key works until this is published: ${command}`,
    'A gateway that serves this very file takes it within a second.',
  ]
}
