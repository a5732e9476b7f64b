/** Access tokens for Google Cloud, by Google's own library: for a service account's key, else by what it finds around it. */
import { readFileSync } from 'node:fs'
import type { AuthClient, OAuth2ClientOptions } from 'google-auth-library'
import type { Connection } from '../../../core/routing/table.ts'
import { secretKey } from '../headers.ts'
import { CredentialsError } from './authenticator.ts'
import { TokenAuthenticator } from './bearer-token.ts'
import { type ServiceAccountKey, readServiceAccountKey, serviceAccountKeyWanted } from './google-key.ts'
import type { Lent } from './renewing.ts'
import type { Surroundings } from './surroundings.ts'
import { fetchOver, openTokenHttp, type TokenFetch } from './token-http.ts'
import { safeReason } from './trouble.ts'

/** "View and manage your data across Google Cloud Platform services": what the vendor's own client asks for. */
const scopes = ['https://www.googleapis.com/auth/cloud-platform']

/** Where the library asks, whatever `token_uri` of a key file says (10.9.1, read 2026-11-24). */
const usualTokenUrl = 'https://oauth2.googleapis.com/token'

/** A token whose end is not told is asked for again soon. */
const unknownLifeMs = 300_000

export function googleAuthenticator(connection: Connection, surroundings: Surroundings): TokenAuthenticator {
  return new TokenAuthenticator({
    obtain: async (signal) => {
      const http = openTokenHttp(connection, surroundings.secrets, signal)
      try {
        return await tokenOf(await clientFor(connection, surroundings, fetchOver(http, signal)))
      } finally {
        http.close()
      }
    },
    describe: (error) => describe(error, connection),
  })
}

async function clientFor(
  { secret }: Connection,
  { secrets, environment }: Surroundings,
  fetchImplementation: TokenFetch,
): Promise<AuthClient> {
  if (secret !== null) {
    const key = readServiceAccountKey(secrets.get(secretKey(secret)) ?? '')
    if (key === null) throw new CredentialsError(serviceAccountKeyWanted)
    return await serviceAccount(key, fetchImplementation)
  }
  const keyFilename = environment['GOOGLE_APPLICATION_CREDENTIALS'] ?? ''
  const key = keyFilename === '' ? null : readServiceAccountKey(readFileSync(keyFilename, 'utf8'))
  if (key !== null) return await serviceAccount(key, fetchImplementation)
  const { GoogleAuth } = await import('google-auth-library')
  const clientOptions: OAuth2ClientOptions = { transporterOptions: { fetchImplementation } }
  return await new GoogleAuth({ scopes, clientOptions, ...(keyFilename !== '' && { keyFilename }) }).getClient()
}

async function serviceAccount(key: ServiceAccountKey, fetchImplementation: TokenFetch): Promise<AuthClient> {
  const { JWT } = await import('google-auth-library')
  const { email, privateKey, keyId, tokenUrl } = key
  return new JWT({
    email,
    key: privateKey,
    scopes,
    ...(keyId !== null && { keyId }),
    transporterOptions: {
      fetchImplementation:
        tokenUrl === null
          ? fetchImplementation
          : async (input, init) => {
              const asked = String(input instanceof Request ? input.url : input)
              return await fetchImplementation(asked === usualTokenUrl ? tokenUrl : input, init)
            },
    },
  })
}

async function tokenOf(client: AuthClient): Promise<Lent<string>> {
  const { token } = await client.getAccessToken()
  if (typeof token !== 'string' || token === '') throw new CredentialsError('the answer holds no token')
  return { value: token, expiresAtMs: client.credentials.expiry_date ?? Date.now() + unknownLifeMs }
}

function describe(error: unknown, { secret }: Connection): CredentialsError {
  const help =
    secret === null
      ? 'see GOOGLE_APPLICATION_CREDENTIALS, `gcloud auth application-default login`, or the service account of this machine'
      : 'see the key file under `api_key`, and whether its key still exists'
  return new CredentialsError(`no access token from Google (${safeReason(error)}): ${help}`)
}
