/** The callers that a manifest in the working folder declares. */
import type { ManifestCredential } from '../../schemas/index.ts'
import type { Context } from '../context.ts'
import { resolveEnvironment, variablesOfLocal } from './config.ts'
import { type ValidManifest, requireManifest } from './documents.ts'
import { defaultManifest } from './files.ts'

export interface CredentialSource {
  readonly env: string | undefined
  readonly manifest: string | undefined
}

export interface DeclaredCredentials {
  readonly reading: ValidManifest
  /** In the order of the text, with variables filled in. */
  readonly credentials: readonly ManifestCredential[]
}

/** Throws `CommandError`, and `InvalidDocumentsError` when the manifest has errors. */
export async function readCredentials(context: Context, source: CredentialSource): Promise<DeclaredCredentials> {
  const variables =
    source.env === undefined
      ? await variablesOfLocal(context)
      : (await resolveEnvironment(context, source.env)).variables
  const reading = await requireManifest(context, source.manifest ?? defaultManifest, variables)
  return { reading, credentials: reading.manifest.credentials ?? [] }
}
