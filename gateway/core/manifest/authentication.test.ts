import { describe, expect, it } from 'vitest'
import type { ManifestConnection } from '../../../schemas/index.ts'
import { signingRegion } from './authentication.ts'
import { compileManifest } from './compile.ts'
import { readManifestValue } from './read.ts'

const key = { env: 'KEY' }

function read(entry: ManifestConnection, model = 'm') {
  const targets = [{ provider: 'a', model }]
  return readManifestValue({ providers: { a: entry }, ai_routes: [{ name: 'r', match: { model: 'm' }, targets }] })
}

function compiled(entry: ManifestConnection, model?: string) {
  const { manifest, diagnostics } = read(entry, model)
  if (manifest === null) throw new Error(JSON.stringify(diagnostics))
  const target = compileManifest(manifest).routes[0]?.candidates[0]
  if (target === undefined) throw new Error('there is no target')
  const { connection, path, streamPath, encode, dialect } = target
  return { ...connection, url: connection.baseUrl + path, streamUrl: connection.baseUrl + streamPath, encode, dialect }
}

describe('what a connection is told by', () => {
  const azure = { type: 'azure-openai', base_url: 'https://h', api_version: 'v' } as const
  const vertex = { type: 'vertex', project: 'p', region: 'europe-west4' } as const
  const bedrock = { type: 'bedrock', region: 'eu-central-1' } as const
  const sigv4 = { scheme: 'sigv4', service: 'bedrock', region: 'eu-central-1' }
  it.each<[ManifestConnection, object, object | null, boolean]>([
    [bedrock, sigv4, null, false],
    [{ ...bedrock, api_key: key }, sigv4, key, true],
    [{ ...bedrock, auth: 'bearer' }, { scheme: 'bearer' }, { env: 'AWS_BEARER_TOKEN_BEDROCK' }, true],
    [{ ...bedrock, auth: 'bearer', api_key: key }, { scheme: 'bearer' }, key, true],
    [vertex, { scheme: 'google' }, null, false],
    [{ ...vertex, auth: 'service_account', api_key: key }, { scheme: 'google' }, key, true],
    [{ ...vertex, auth: 'access_token', api_key: key }, { scheme: 'bearer' }, key, true],
    [azure, { scheme: 'header', name: 'api-key' }, { env: 'AZURE_OPENAI_API_KEY' }, true],
    [{ ...azure, auth: 'entra' }, { scheme: 'entra' }, null, false],
    [{ ...azure, auth: 'entra', api_key: key }, { scheme: 'bearer' }, key, true],
  ])('%j', (entry, auth, secret, required) => {
    expect(compiled(entry)).toMatchObject({ auth, secret, secretRequired: required })
  })

  it.each<[ManifestConnection, string]>([
    [{ ...vertex, auth: 'service_account' }, 'missing-key providers.a.api_key'],
    [{ ...vertex, auth: 'access_token' }, 'missing-key providers.a.api_key'],
    [{ ...vertex, api_key: key }, 'ignored-setting providers.a.api_key'],
    [{ ...vertex, auth: 'sigv4' }, 'ignored-setting providers.a.auth'],
    [{ type: 'vertex', project: 'p' }, 'missing-key providers.a.base_url'],
    [{ type: 'vertex', region: 'r' }, 'missing-key providers.a.base_url'],
    [{ type: 'bedrock' }, 'missing-key providers.a.base_url'],
    [{ type: 'bedrock', base_url: 'https://h' }, 'missing-key providers.a.region'],
    [{ type: 'openai', auth: 'key' }, 'ignored-setting providers.a.auth'],
    [{ type: 'azure-openai', base_url: 'https://h' }, 'missing-key providers.a.api_version'],
    [
      { type: 'azure-openai', base_url: 'https://h/openai/v1', api_version: 'v' },
      'ignored-setting providers.a.api_version',
    ],
  ])('%j is refused', (entry, told) => {
    expect(read(entry).diagnostics.map(({ code, path }) => `${code} ${path}`)).toEqual([told])
  })
})

describe('where a connection goes', () => {
  const gemini = '/publishers/google/models/m:generateContent'
  it.each<[ManifestConnection, string]>([
    [{ type: 'bedrock', region: 'us-east-1' }, 'https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse'],
    [
      { type: 'vertex', project: 'p', region: 'europe-west4' },
      `https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4${gemini}`,
    ],
    [
      { type: 'vertex', project: 'p', region: 'global' },
      `https://aiplatform.googleapis.com/v1/projects/p/locations/global${gemini}`,
    ],
    [
      { type: 'vertex', project: 'p', region: 'eu' },
      `https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu${gemini}`,
    ],
    [
      { type: 'vertex', project: 'p', region: 'r', base_url: 'https://h/' },
      `https://h/v1/projects/p/locations/r${gemini}`,
    ],
    [
      { type: 'vertex', base_url: 'https://h/v1/projects/p/locations/r' },
      `https://h/v1/projects/p/locations/r${gemini}`,
    ],
    [
      { type: 'azure-openai', base_url: 'https://h', api_version: 'v', deployment_name: { m: 'ours' } },
      'https://h/openai/deployments/ours/chat/completions?api-version=v',
    ],
    [{ type: 'azure-openai', base_url: 'https://h/openai/v1/' }, 'https://h/openai/v1/chat/completions'],
  ])('%j', (entry, url) => {
    expect(compiled(entry).url).toBe(url)
  })

  it('names the deployment in the body where the path does not', () => {
    const entry = { type: 'azure-openai', base_url: 'https://h/openai/v1', deployment_name: { m: 'ours' } } as const
    const { encode } = compiled(entry)
    expect([encode.model, encode.quirks.modelInPath]).toEqual(['ours', undefined])
  })

  it("asks Claude on Vertex AI in its maker's language", () => {
    const { url, streamUrl, dialect } = compiled({ type: 'vertex', project: 'p', region: 'global' }, 'claude-x@2026')
    expect(dialect).toBe('anthropic-messages')
    expect(url).toMatch(/\/publishers\/anthropic\/models\/claude-x@2026:rawPredict$/)
    expect(streamUrl).toMatch(/\/publishers\/anthropic\/models\/claude-x@2026:streamRawPredict$/)
  })
})

it.each([
  ['https://bedrock-runtime.eu-central-1.amazonaws.com', 'eu-central-1'],
  ['https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
  ['https://vpce-1a.bedrock-runtime.us-east-1.vpce.amazonaws.com', 'us-east-1'],
  ['https://bedrock-runtime.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  ['https://proxy.internal', 'elsewhere'],
])('%s is signed for %s', (address, region) => {
  expect(signingRegion(address, 'elsewhere')).toBe(region)
})
