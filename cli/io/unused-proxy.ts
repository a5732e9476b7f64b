/** The proxy of the environment, which a gateway does not go through: only a connection's own counts. */
import type { Context } from '../context.ts'
import { list } from '../wording.ts'

const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy']

/** Most programs go through it; whoever counts on that should hear that this one does not. null: none is set. */
export function tellUnusedProxy(
  env: Context['env'],
): { readonly message: string; readonly variables: string[] } | null {
  const variables = names.filter((name) => (env[name] ?? '') !== '')
  if (variables.length === 0) return null
  const message = `${list(variables)} is not used: providers are reached through a proxy where their connection names one`
  return { message, variables }
}
