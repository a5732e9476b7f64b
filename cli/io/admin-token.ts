/** The token that a gateway's admin listener asks for: named on the command line, never written there. */
import { CommandError, type Context } from '../context.ts'
import { readText } from './files.ts'

export interface AdminTokenOptions {
  readonly adminTokenEnv: string | undefined
  readonly adminTokenFile: string | undefined
}

/** Read when nothing else is named. */
export const usualTokenVariable = 'AIGW_ADMIN_TOKEN'

/** Where the token is; null: nowhere, and the usual variable is not set. Throws `CommandError`. */
export function findAdminToken(
  { env }: Pick<Context, 'env'>,
  { adminTokenEnv, adminTokenFile }: AdminTokenOptions,
): { readonly env: string } | { readonly file: string } | null {
  if (adminTokenEnv !== undefined && adminTokenFile !== undefined) {
    throw new CommandError('--admin-token-env and --admin-token-file each name the token: choose one')
  }
  if (adminTokenFile !== undefined) return { file: adminTokenFile }
  const name = adminTokenEnv ?? usualTokenVariable
  if ((env[name] ?? '') !== '') return { env: name }
  if (adminTokenEnv === undefined) return null
  throw new CommandError(`the variable ${name}, which should hold the admin token, is not set`)
}

/** The token itself, to be sent; null where none is named. Throws `CommandError`. */
export async function readAdminToken(context: Context, options: AdminTokenOptions): Promise<string | null> {
  const found = findAdminToken(context, options)
  if (found === null) return null
  const text = 'env' in found ? (context.env[found.env] ?? '') : await readText(context, found.file)
  if (text.trim() === '') throw new CommandError(`the admin token is empty: ${'env' in found ? found.env : found.file}`)
  return text.trim()
}
