/** `aigw credential new`: a key for a caller. It is shown once; the manifest gets its hash. */
import { createHash, randomBytes } from 'node:crypto'
import type { ManifestCredential } from '../../schemas/index.ts'
import { CommandError, type Context } from '../context.ts'
import type { CommonOptions } from '../definitions/common.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { renderCredential } from '../views/credential.ts'

export interface CredentialOptions extends CommonOptions {
  readonly organization: string | undefined
  readonly project: string | undefined
  readonly expires: string | undefined
}

/** 256 random bits, so that a plain hash of it is enough. The prefix tells secret scanners whose it is. */
const keyBytes = 32
const keyPrefix = 'aigw_'

export async function newCredential(context: Context, name: string, options: CredentialOptions): Promise<ExitCode> {
  const key = `${keyPrefix}${randomBytes(keyBytes).toString('base64url')}`
  const { organization, project, expires } = options
  const credential: ManifestCredential = {
    name,
    key_hash: `sha256:${createHash('sha256').update(key).digest('hex')}`,
    ...(organization === undefined ? {} : { organization }),
    ...(project === undefined ? {} : { project }),
    ...(expires === undefined ? {} : { expires }),
  }
  await refuseInvalid(credential)
  if (expires !== undefined && Date.parse(expires) <= context.now()) {
    throw new CommandError(`\`expires\` is in the past: a key that ends on ${expires} would never work`)
  }
  context.stdout.write(renderCredential({ key, credential }, options.format))
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
