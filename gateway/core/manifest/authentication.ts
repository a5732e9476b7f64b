/**
 * How a connection tells its provider who we are: what the manifest's `auth` may say, what it means together with the
 * provider's own way, and where the secret for it is. Shared by `check`, `compile` and whoever plays providers.
 */
import type { ManifestConnection, ManifestSecret } from '../../../schemas/index.ts'
import type { Provider } from '../providers/provider.ts'
import type { ConnectionAuth } from '../routing/table.ts'
import type { NamedConnection } from './references.ts'

export type AuthChoice = NonNullable<ManifestConnection['auth']>

/** The values of `auth` a provider can be told, its default first; empty when there is no choice. */
export function authChoices({ auth }: Provider): readonly AuthChoice[] {
  if (auth.scheme === 'sigv4') return ['sigv4', 'bearer']
  if (auth.scheme === 'gcp-oauth') return ['adc', 'service_account', 'access_token']
  return auth.scheme === 'header' && auth.orEntra === true ? ['key', 'entra'] : []
}

/** What `auth` must say for a key or a token to be sent as it is; null: it need say nothing. */
export function readyAuthOf(provider: Provider): AuthChoice | null {
  const choices = authChoices(provider)
  const ready = choices.find((choice) => choice === 'key' || choice === 'bearer' || choice === 'access_token')
  return ready === undefined || ready === choices[0] ? null : ready
}

/** The choice that is made, be it by saying nothing; null where there is none. */
export function authChoiceOf({ entry, provider }: NamedConnection): AuthChoice | null {
  return entry.auth ?? authChoices(provider)[0] ?? null
}

/** Whether `api_key` has a use under a choice, and whether that choice can do without it. */
export function keyNeed(choice: AuthChoice | null): 'needed' | 'optional' | 'useless' {
  if (choice === 'service_account' || choice === 'access_token') return 'needed'
  return choice === 'adc' ? 'useless' : 'optional'
}

/** `baseUrl`: where the connection goes; it may name the region that a signature is for. */
export function authOf(connection: NamedConnection, baseUrl: string): ConnectionAuth {
  const { entry, provider } = connection
  switch (authChoiceOf(connection)) {
    case 'sigv4':
      return signedFor(provider, signingRegion(baseUrl, entry.region))
    case 'bearer':
    case 'access_token':
      return { scheme: 'bearer' }
    case 'adc':
    case 'service_account':
      return { scheme: 'google' }
    case 'entra':
      // A token that somebody else keeps fresh is sent like a key.
      return { scheme: entry.api_key === undefined ? 'entra' : 'bearer' }
    case 'key':
    case null:
      return plain(provider)
  }
}

function signedFor({ id, auth }: Provider, region: string | null): ConnectionAuth {
  if (auth.scheme !== 'sigv4' || region === null) throw new Error(`a signature was not checked: ${id}`)
  return { scheme: 'sigv4', service: auth.service, region }
}

function plain({ id, auth }: Provider): ConnectionAuth {
  if (auth.scheme === 'sigv4' || auth.scheme === 'gcp-oauth') throw new Error(`authentication was not checked: ${id}`)
  return auth
}

/** AWS writes the region into its hosts: `SERVICE.REGION.amazonaws.com`, also for VPC end points and in China. */
const regionInHost = /(?:^|\.)([a-z]{2,}(?:-[a-z]+)+-\d+)\.(?:vpce\.)?(?:amazonaws\.com(?:\.cn)?|api\.aws)$/

/**
 * What a host of AWS's says counts more than `region`, which may be the operator's own word for a place (`eu`). null: the
 * region is not known.
 */
export function signingRegion(baseUrl: string, region: string | undefined): string | null {
  const host = URL.canParse(baseUrl) ? new URL(baseUrl).hostname : ''
  return regionInHost.exec(host)?.[1] ?? region ?? null
}

/** Where the secret is that goes with the choice, and whether nothing can be done without it. */
export function secretPlaceOf(connection: NamedConnection): {
  readonly at: ManifestSecret | null
  readonly required: boolean
} {
  const { entry, provider } = connection
  if (entry.api_key !== undefined) return { at: entry.api_key, required: true }
  const choice = authChoiceOf(connection)
  const usual = provider.keyVariable === null ? null : { env: provider.keyVariable }
  if (choice === null || choice === 'key') return { at: usual, required: provider.keyRequired }
  // For the others the vendor's own library looks around by itself.
  return choice === 'bearer' ? { at: usual, required: true } : { at: null, required: false }
}
