/** Calls through pools as the gateway makes them: a connection as a manifest describes it, one call, waited for. */
import type { ManifestConnection } from '../../../../schemas/index.ts'
import type { ProviderFailure } from '../../../core/chat/failure.ts'
import { compileManifest } from '../../../core/manifest/compile.ts'
import { readManifestValue } from '../../../core/manifest/read.ts'
import type { Connection } from '../../../core/routing/table.ts'
import { resolveSecrets } from '../../reload/secrets.ts'
import { Call } from '../call.ts'
import { transportFailure } from '../failures.ts'
import type { ResolvedSecrets } from '../headers.ts'
import type { OriginPool } from '../pools.ts'

export interface Described {
  readonly connection: Connection
  readonly secrets: ResolvedSecrets
}

/** `variables`: what `{env: …}` refers to. */
export function describeConnection(
  baseUrl: string,
  entry: ManifestConnection = {},
  variables: Readonly<Record<string, string>> = {},
): Described {
  const providers = { a: { type: 'openai-compatible', base_url: baseUrl, ...entry } }
  const targets = [{ provider: 'a', model: 'm' }]
  const { manifest, diagnostics } = readManifestValue({
    providers,
    ai_routes: [{ name: 'r', match: { model: 'm' }, targets }],
  })
  if (manifest === null) throw new Error(`no manifest: ${JSON.stringify(diagnostics)}`)
  const table = compileManifest(manifest)
  const connection = table.connections.get('a')
  if (connection === undefined) throw new Error('the connection was not compiled')
  return { connection, secrets: resolveSecrets(table, variables) }
}

export interface Asked {
  /** 0 when none came. */
  readonly status: number
  readonly body: string
  readonly failure: ProviderFailure | null
}

export interface Asking {
  readonly call: Call
  readonly answer: Promise<Asked>
}

/** Begins a call, so that a test may end it. */
export function begin(pool: OriginPool, body = '{"a":1}'): Asking {
  const { promise, resolve } = Promise.withResolvers<Asked>()
  const parts: Buffer[] = []
  let status = 0
  const call = new Call(
    { pool, path: '/v1/chat/completions', headers: ['content-type', 'application/json'], body },
    {
      onHead: (seen) => (status = seen),
      onData: (bytes) => parts.push(bytes),
      onEnd: () => resolve({ status, body: Buffer.concat(parts).toString(), failure: null }),
      onError: (error) => resolve({ status, body: '', failure: transportFailure(error) }),
    },
  )
  call.start()
  return { call, answer: promise }
}

export async function ask(pool: OriginPool, body?: string): Promise<Asked> {
  return await begin(pool, body).answer
}
