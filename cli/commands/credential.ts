/** `aigw credential new`: a key for a caller. It is shown once; the manifest gets its hash. */
import type { ManifestCredential } from '../../schemas/index.ts'
import { CommandError, type Context } from '../context.ts'
import { hashKey, makeKey } from '../credential/key.ts'
import type { CommonOptions } from '../definitions/common.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { renderNewCredential } from '../views/credential.ts'

export interface NewCredentialOptions extends CommonOptions {
  readonly organization: string | undefined
  readonly project: string | undefined
  readonly expires: string | undefined
}

export async function newCredential(context: Context, name: string, options: NewCredentialOptions): Promise<ExitCode> {
  const key = makeKey()
  const { organization, project, expires } = options
  const credential: ManifestCredential = {
    name,
    key_hash: hashKey(key),
    ...(organization === undefined ? {} : { organization }),
    ...(project === undefined ? {} : { project }),
    ...(expires === undefined ? {} : { expires }),
  }
  await refuseInvalid(credential)
  const { standingAt } = await import('../credential/standing.ts')
  if (standingAt(credential, context.now()) === 'expired') {
    throw new CommandError(`\`expires\` is in the past: a key that ends on ${expires ?? ''} would never work`)
  }
  context.stdout.write(renderNewCredential({ key, credential }, options.format))
  return exitCodes.done
}

/** A name or date that the manifest would refuse is refused here, before anybody has been given the key. */
async function refuseInvalid(credential: ManifestCredential): Promise<void> {
  const { readManifestValue } = await import('../../gateway/core/manifest/read.ts')
  // What is wrong with this route is nobody's business here.
  const route = { name: 'any', match: { model: '*' }, targets: [{ provider: 'any', model: 'any' }] }
  const { diagnostics } = readManifestValue({ credentials: [credential], ai_routes: [route] })
  const problem = diagnostics.find(({ severity, path }) => severity === 'error' && path.startsWith('credentials'))
  if (problem !== undefined) {
    throw new CommandError(problem.message, { details: problem.help === null ? [] : [problem.help] })
  }
}
