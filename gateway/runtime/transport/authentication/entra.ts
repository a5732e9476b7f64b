/** Access tokens of Microsoft Entra ID, by Microsoft's own library. */
import type { DefaultAzureCredentialOptions, TokenCredential } from '@azure/identity'
import type { Connection } from '../../../core/routing/table.ts'
import { CredentialsError } from './authenticator.ts'
import { azureClientOver } from './azure-client.ts'
import { TokenAuthenticator } from './bearer-token.ts'
import type { Surroundings } from './surroundings.ts'
import { openTokenHttp } from './token-http.ts'
import { safeReason } from './trouble.ts'

/** What Azure's AI services want a token for: https://learn.microsoft.com/azure/ai-services/authentication, 2026-11-24. */
const scope = 'https://cognitiveservices.azure.com/.default'

export function entraAuthenticator(connection: Connection, surroundings: Surroundings): TokenAuthenticator {
  return new TokenAuthenticator({
    obtain: async (abortSignal) => {
      const http = openTokenHttp(connection, surroundings.secrets, abortSignal)
      try {
        const credential = await credentialFor(surroundings.environment, { httpClient: azureClientOver(http) })
        const token = await credential.getToken(scope, { abortSignal })
        if (token === null) throw new CredentialsError('the answer holds no token')
        return { value: token.token, expiresAtMs: token.expiresOnTimestamp }
      } finally {
        http.close()
      }
    },
    describe: (error) =>
      new CredentialsError(
        `no access token from Entra (${safeReason(error)}): see AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, ` +
          'or the managed or workload identity of this machine; a token of your own goes under `api_key`',
      ),
  })
}

/**
 * What the library's default credential would do, with the gateway's own environment where that tells it: an application
 * with a secret, else workload identity, managed identity and the tools that a developer is logged in to.
 */
async function credentialFor(
  environment: Surroundings['environment'],
  client: Pick<DefaultAzureCredentialOptions, 'httpClient'>,
): Promise<TokenCredential> {
  const { ClientSecretCredential, DefaultAzureCredential } = await import('@azure/identity')
  const {
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
    AZURE_AUTHORITY_HOST: authorityHost,
  } = environment
  // The authority is the operator's choice: asking Microsoft's public one whether it exists would fail where that is out of
  // reach.
  const options = { ...client, ...(authorityHost !== undefined && { authorityHost, disableInstanceDiscovery: true }) }
  if (tenantId !== undefined && clientId !== undefined && clientSecret !== undefined) {
    return new ClientSecretCredential(tenantId, clientId, clientSecret, options)
  }
  return new DefaultAzureCredential({
    ...options,
    ...(tenantId !== undefined && { tenantId }),
    ...(clientId !== undefined && { managedIdentityClientId: clientId, workloadIdentityClientId: clientId }),
  })
}
