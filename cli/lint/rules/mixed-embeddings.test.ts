import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (...candidates: readonly string[]) => {
  const [first = '', ...others] = candidates
  const [provider = ''] = first.split('/')
  const targets = `[{provider: ${provider}, model: "${first.slice(provider.length + 1)}"}]`
  const fallback = `[${others.map((name) => `"${name}"`).join()}]`
  const top = 'providers: {bedrock: {type: bedrock, region: eu-west-1}}\n'
  return await findings(
    'mixed-embeddings',
    manifest(`- {name: r, match: {model: m}, targets: ${targets}, fallback: ${fallback}}`, top),
  )
}

describe('mixed-embeddings', () => {
  it('names the first two that differ', async () => {
    expect(await find('openai/text-embedding-3-small', 'cohere/embed-v4.0', 'voyage/voyage-3.5')).toEqual([
      expect.stringMatching(
        /^\d+ .*route `r` embeds with `openai\/text-embedding-3-small` and with `cohere\/embed-v4.0`: vectors of two models/,
      ),
    ])
  })

  it.each([
    ['by a provider that has nothing else', 'voyage/voyage-3.5', 'voyage/voyage-3-lite'],
    ['by the names of their families', 'openrouter/BAAI/bge-m3', 'together/intfloat/e5-large-v2'],
    ['of one maker', 'openai/text-embedding-3-small', 'openai/text-embedding-3-large'],
  ])('%s', async (_what, ...candidates) => {
    expect(await find(...candidates)).toHaveLength(1)
  })

  it('one model, asked for vectors of two lengths', async () => {
    const asking = async (dimensions: string) =>
      await findings(
        'mixed-embeddings',
        manifest(
          '- {name: r, match: {model: m}, strategy: priority, targets: [' +
            '{provider: openai, model: text-embedding-3-small, parameters: {dimensions: 512}}, ' +
            `{provider: openrouter, model: openai/text-embedding-3-small${dimensions}}]}`,
        ),
      )
    expect(await asking(', parameters: {dimensions: 512}')).toEqual([])
    expect(await asking(', parameters: {dimensions: 256}')).toEqual([expect.stringContaining('for 256 dimensions')])
    expect(await asking('')).toEqual([expect.stringContaining("for the model's own dimensions")])
  })

  it.each([
    ['one model at two hosts', 'cohere/embed-v4.0', 'bedrock/eu.cohere.embed-v4:0'],
    ['one model with an owner and a tag', 'ollama/nomic-embed-text:latest', 'together/nomic-ai/nomic-embed-text'],
    ['models that chat', 'openai/gpt-5.5', 'mistral/mistral-large-latest'],
    ['an embedder beside a model that chats', 'openai/text-embedding-3-small', 'openai/gpt-5.5'],
    ['a name at a provider without embeddings', 'groq/embed-something', 'openai/text-embedding-3-small'],
  ])('not: %s', async (_what, ...candidates) => {
    expect(await find(...candidates)).toEqual([])
  })
})
