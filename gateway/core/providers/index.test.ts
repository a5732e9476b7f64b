import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { providers } from './index.ts'
import { dialectIds } from './provider.ts'

interface RoutesSchema {
  readonly $defs: { readonly ProviderId: { readonly enum: readonly string[] } }
}
const schemaUrl = new URL('../../../schemas/routes.schema.json', import.meta.url)
const { $defs } = JSON.parse(readFileSync(schemaUrl, 'utf8')) as RoutesSchema

const all = Object.entries(providers)

describe('the registry', () => {
  it('holds exactly the ids of the schema, each under its own name', () => {
    expect(all.map(([id]) => id).sort()).toEqual([...$defs.ProviderId.enum].sort())
    expect(all.filter(([id, provider]) => provider.id !== id)).toEqual([])
  })

  it.each(all)('%s is well-formed', (_id, provider) => {
    expect(provider.dialect === null || dialectIds.includes(provider.dialect)).toBe(true)
    if (provider.baseUrl !== null) {
      const { protocol, hostname } = new URL(provider.baseUrl)
      const local = hostname === 'localhost'
      expect(protocol).toBe(local ? 'http:' : 'https:')
      expect(provider.deployment).toBe(local ? 'self_hosted' : 'cloud')
      expect(provider.baseUrl.endsWith('/')).toBe(false)
    }
    if (provider.dialect !== null) expect(provider.chatPath).toMatch(/^\//)
    for (const path of [provider.chatPath, provider.streamPath ?? '']) {
      for (const [, name] of path.matchAll(/\{(\w+)\}/g)) expect(['model', 'deployment', 'api_version']).toContain(name)
    }
    if (provider.keyVariable !== null) expect(provider.keyVariable).toMatch(/^[A-Z][A-Z0-9_]+$/)
    if (provider.keyRequired) expect(provider.keyVariable).not.toBeNull()
    expect(provider.source.url).toMatch(/^https:\/\//)
    expect(provider.source.checked).toMatch(/^2026-\d\d-\d\d$/)
    expect(provider.title).not.toBe('')
  })

  // What the vendor's own client calls its base URL: with the version for these, without it for those.
  it.each([
    ['openai', 'https://api.openai.com/v1/chat/completions'],
    ['mistral', 'https://api.mistral.ai/v1/chat/completions'],
    ['groq', 'https://api.groq.com/openai/v1/chat/completions'],
    ['vllm', 'http://localhost:8000/v1/chat/completions'],
    ['deepseek', 'https://api.deepseek.com/chat/completions'],
    ['perplexity', 'https://api.perplexity.ai/chat/completions'],
    ['anthropic', 'https://api.anthropic.com/v1/messages'],
    ['cohere', 'https://api.cohere.com/v2/chat'],
    ['ollama', 'http://localhost:11434/api/chat'],
  ] as const)('%s is called at %s', (id, url) => {
    expect(`${providers[id].baseUrl}${providers[id].chatPath}`).toBe(url)
  })

  it('takes a model out of the body exactly where the path stands for it', () => {
    const speakers = all.filter(([, { dialect }]) => dialect === 'openai-chat')
    const pathNames = speakers.filter(([, { chatPath }]) => /\{(model|deployment)\}/.test(chatPath)).map(([id]) => id)
    expect(speakers.filter(([, { quirks }]) => quirks.modelInPath === true).map(([id]) => id)).toEqual(pathNames)
    expect(pathNames).toEqual(['azure-openai'])
  })

  it('never asks for a field to be dropped and renamed', () => {
    for (const [id, { quirks }] of all) {
      const both = Object.keys(quirks.losses ?? {}).filter((field) => field in (quirks.renames ?? {}))
      expect([id, both]).toEqual([id, []])
    }
  })
})
