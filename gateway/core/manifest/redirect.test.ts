import { describe, expect, it } from 'vitest'
import type { RoutesManifest } from '../../../schemas/index.ts'
import { compileManifest } from './compile.ts'
import { connectionsUsed, redirectConnections } from './redirect.ts'

const manifest: RoutesManifest = {
  providers: {
    eu: {
      type: 'azure-openai',
      base_url: 'https://eu.example.test',
      api_key: { env: 'EU_KEY' },
      api_version: 'v1',
      region: 'eu',
      tls: { ca: { file: 'ca.pem' } },
      requests_per_minute: 60,
    },
    idle: { type: 'openai' },
  },
  ai_routes: [
    {
      name: 'chat',
      match: { model: 'm' },
      targets: [
        { provider: 'eu', model: 'a' },
        { provider: 'anthropic', model: 'b' },
      ],
      fallback: ['ollama/c', 'eu/d'],
    },
  ],
}

describe('connections that sign, or fetch tokens', () => {
  it('are told to send a key as it is, to the address alone', () => {
    const signing: RoutesManifest = {
      providers: {
        aws: { type: 'bedrock', region: 'eu-central-1' },
        google: {
          type: 'vertex',
          project: 'p',
          region: 'europe-west4',
          auth: 'service_account',
          api_key: { file: 'k' },
        },
        azure: { type: 'azure-openai', base_url: 'https://h/openai/v1', auth: 'entra' },
      },
      ai_routes: [
        {
          name: 'r',
          match: { model: 'm' },
          targets: ['aws', 'google', 'azure'].map((provider) => ({ provider, model: 'm' })),
        },
      ],
    }
    const played = redirectConnections(signing, (name) => `http://127.0.0.1:1/${name}`)
    const own = { api_key: { env: 'AIGW_SIMULATED_KEY' }, deployment: 'cloud' }
    expect(played.providers).toEqual({
      aws: { type: 'bedrock', base_url: 'http://127.0.0.1:1/aws', region: 'eu-central-1', auth: 'bearer', ...own },
      google: {
        type: 'vertex',
        base_url: 'http://127.0.0.1:1/google/v1/projects/p/locations/europe-west4',
        region: 'europe-west4',
        auth: 'access_token',
        ...own,
      },
      azure: { type: 'azure-openai', base_url: 'http://127.0.0.1:1/azure', ...own },
    })
    const { connections } = compileManifest(played)
    expect([...connections.values()].map(({ auth, secret }) => [auth.scheme, secret])).toEqual([
      ['bearer', own.api_key],
      ['bearer', own.api_key],
      ['header', own.api_key],
    ])
  })
})

describe('a manifest that is played', () => {
  it('names the connections its routes use, each once', () => {
    expect(connectionsUsed(manifest)).toEqual(['eu', 'anthropic', 'ollama'])
  })

  it('goes elsewhere without its keys, and stays what it was in everything else', () => {
    const before = JSON.stringify(manifest)
    const played = redirectConnections(manifest, (name, type) =>
      type === 'ollama' ? null : `http://127.0.0.1:1/${name}`,
    )
    expect(JSON.stringify(manifest)).toBe(before)
    expect(played.ai_routes).toBe(manifest.ai_routes)
    expect(played.providers).toEqual({
      eu: {
        type: 'azure-openai',
        base_url: 'http://127.0.0.1:1/eu',
        api_key: { env: 'AIGW_SIMULATED_KEY' },
        api_version: 'v1',
        region: 'eu',
        requests_per_minute: 60,
        deployment: 'cloud',
      },
      anthropic: {
        type: 'anthropic',
        base_url: 'http://127.0.0.1:1/anthropic',
        api_key: { env: 'AIGW_SIMULATED_KEY' },
        deployment: 'cloud',
      },
      idle: { type: 'openai' },
    })
  })
})
