/** `aigw credential list`: who may call, by the manifest here. */
import type { Context } from '../context.ts'
import { shortKeyHash } from '../credential/key.ts'
import { standingAt } from '../credential/standing.ts'
import type { CommonOptions } from '../definitions/common.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { type CredentialSource, readCredentials } from '../io/credentials.ts'
import { renderCredentialList, renderCredentialListJson } from '../views/credential.ts'

export interface ListCredentialsOptions extends CommonOptions, CredentialSource {}

export async function listCredentials(context: Context, options: ListCredentialsOptions): Promise<ExitCode> {
  const { reading, credentials } = await readCredentials(context, options)
  const listed = credentials.map((credential) => ({
    name: credential.name,
    organization: credential.organization ?? null,
    project: credential.project ?? null,
    expires: credential.expires ?? null,
    disabled: credential.disabled ?? false,
    state: standingAt(credential, context.now()),
    key_hash: shortKeyHash(credential.key_hash),
  }))
  const isJson = options.format === 'json'
  context.stdout.write(
    isJson
      ? renderCredentialListJson(reading.file, listed)
      : renderCredentialList(reading.file, listed, context.stdout),
  )
  return exitCodes.done
}
