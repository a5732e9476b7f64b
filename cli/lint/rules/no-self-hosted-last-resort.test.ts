import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const own =
  'providers:\n  local: {type: vllm, base_url: "http://v.internal/v1"}\n  mine: {type: openai-compatible, base_url: "https://m.internal/v1", deployment: self_hosted}\n'
const find = async (...candidates: readonly string[]) =>
  await findings(
    'no-self-hosted-last-resort',
    manifest(
      candidates
        .map(
          (rest, index) =>
            `- {name: r${index}, match: {model: m${index}}, targets: [{provider: ${rest}, model: m}], fallback: groq/m}`,
        )
        .join('\n'),
      own,
    ),
  )

describe('no-self-hosted-last-resort', () => {
  it('names the clouds it stands on, and a model of ours from elsewhere in the file', async () => {
    expect(await find('openai', 'local')).toEqual([
      '5 «r0» route `r0` has no self-hosted last resort: when `openai` and `groq` are down, its requests fail; add ' +
        '`fallback: local/m`, as elsewhere here',
    ])
  })

  it('says it once when no route has one', async () => {
    expect(await find('openai', 'mistral', 'cohere')).toEqual([
      '4 «ai_routes» none of the 3 routes has a self-hosted candidate: when the cloud providers are down, every request fails; ' +
        'run a small model of your own, and name it as `fallback: connection/model`',
    ])
    expect(await find('openai')).toHaveLength(1)
  })

  it.each(['local', 'mine', 'ollama'])('not: with %s', async (name) => {
    expect(await find(name)).toEqual([])
  })
})
