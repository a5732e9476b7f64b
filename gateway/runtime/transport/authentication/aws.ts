/** AWS credentials, as AWS's own tools find them, and the signature of every call with them. */
import type { DefaultProviderInit } from '@aws-sdk/credential-provider-node'
import type { Connection } from '../../../core/routing/table.ts'
import { secretKey } from '../headers.ts'
import { type Authenticator, CredentialsError, type IdentifiedCall, type OutgoingCall } from './authenticator.ts'
import { awsHandlerOver } from './aws-handler.ts'
import { type AwsKeys, awsKeysWanted, readAwsKeys } from './aws-keys.ts'
import type { Surroundings } from './surroundings.ts'
import { type Lent, Renewing } from './renewing.ts'
import { type Signer, openSigner } from './sigv4.ts'
import { openTokenHttp } from './token-http.ts'
import { safeReason } from './trouble.ts'

/** Credentials that do not say how long they hold may be written anew in their file; so they are looked at again. */
const lookAgainAfterMs = 600_000

interface Signature {
  readonly service: string
  readonly region: string
}

export class AwsAuthenticator implements Authenticator {
  private readonly signer: () => Promise<Signer>
  private readonly keys: () => Promise<AwsKeys>
  private readonly renewing: Renewing<AwsKeys> | null

  constructor(connection: Connection, signature: Signature, surroundings: Surroundings) {
    const { service, region } = signature
    let signer: Promise<Signer> | null = null
    this.signer = () => (signer ??= openSigner({ service, region, host: new URL(connection.baseUrl).host }))
    if (connection.secret === null) {
      const renewing = new Renewing({
        obtain: async (signal) => await obtainKeys({ connection, region, signal }, surroundings),
        describe: (error) => describe(error, surroundings),
      })
      this.renewing = renewing
      this.keys = async () => await renewing.get()
    } else {
      const keys = readAwsKeys(surroundings.secrets.get(secretKey(connection.secret)) ?? '')
      this.renewing = null
      this.keys = async () => {
        if (keys === null) throw new CredentialsError(awsKeysWanted)
        return await Promise.resolve(keys)
      }
    }
  }

  async identify(call: OutgoingCall): Promise<IdentifiedCall> {
    const keys = await this.keys()
    const sign = await this.signer()
    return await sign(call, keys)
  }

  refused(): void {
    this.renewing?.drop()
  }

  close(): void {
    this.renewing?.close()
  }
}

interface Wanted {
  readonly connection: Connection
  readonly region: string
  readonly signal: AbortSignal
}

/** The chain of AWS's tools: environment, profile, web identity, container, machine. */
async function obtainKeys(
  { connection, region, signal }: Wanted,
  { environment, secrets }: Surroundings,
): Promise<Lent<AwsKeys>> {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token, AWS_PROFILE } = environment
  if (isGiven(id) && isGiven(secret) && !isGiven(AWS_PROFILE)) {
    const keys = { accessKeyId: id, secretAccessKey: secret, ...(isGiven(token) && { sessionToken: token }) }
    return { value: keys, expiresAtMs: Number.POSITIVE_INFINITY }
  }
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node')
  const http = openTokenHttp(connection, secrets, signal)
  try {
    const clientConfig = { region, requestHandler: awsHandlerOver(http) }
    const found = await defaultProvider({ ...chainSettings(environment), clientConfig })()
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = found
    const expiresAtMs = expiration?.getTime() ?? Date.now() + lookAgainAfterMs
    return { value: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }, expiresAtMs }
  } finally {
    http.close()
  }
}

/** What the chain would read from the process's own environment, from the gateway's. */
function chainSettings(environment: Surroundings['environment']): DefaultProviderInit {
  const settings: Record<string, string | boolean | undefined> = {
    // What was read once would be given again for as long as the process lives.
    ignoreCache: true,
    profile: environment['AWS_PROFILE'],
    filepath: environment['AWS_SHARED_CREDENTIALS_FILE'],
    configFilepath: environment['AWS_CONFIG_FILE'],
    webIdentityTokenFile: environment['AWS_WEB_IDENTITY_TOKEN_FILE'],
    roleArn: environment['AWS_ROLE_ARN'],
    roleSessionName: environment['AWS_ROLE_SESSION_NAME'],
  }
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined && value !== ''))
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value !== ''
}

function describe(error: unknown, { environment }: Surroundings): CredentialsError {
  const bearer = isGiven(environment['AWS_BEARER_TOKEN_BEDROCK'])
    ? '; AWS_BEARER_TOKEN_BEDROCK is set: to use it, say `auth: bearer`'
    : ''
  const help =
    'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE or a role, or name a secret under `api_key`'
  return new CredentialsError(`no AWS credentials (${safeReason(error)}): ${help}${bearer}`)
}
