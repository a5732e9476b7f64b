import { describe, expect, it } from 'vitest'
import type { RoutesManifest } from '../../../schemas/index.ts'
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
