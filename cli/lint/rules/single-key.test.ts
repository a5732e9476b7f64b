import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const top = `providers:
  east: {type: azure-openai, base_url: "https://east.example", api_version: "1", region: east}
  west: {type: azure-openai, base_url: "https://west.example", api_version: "1", region: west}
  nowhere: {type: azure-openai, base_url: "https://n.example", api_version: "1"}
  one: {type: openai-compatible, base_url: "https://one.example/v1", region: east, api_key: {env: SHARED}}
  two: {type: openai-compatible, base_url: "https://two.example/v1", region: east, api_key: {env: SHARED}}
  other: {type: openai-compatible, base_url: "https://one.example/v2", api_key: {file: /run/key}}
  proxied: {type: openai, base_url: "https://proxy.example/v1"}
  vllm-a: {type: vllm, base_url: "http://a.internal:8000/v1"}
  vllm-b: {type: vllm, base_url: "http://b.internal:8000/v1"}
`
const find = async (...candidates: readonly string[]) =>
  await findings(
    'single-key',
    manifest(
      `- {name: r, match: {model: m}, targets: [{provider: ${candidates[0]}, model: m}], fallback: [${candidates
        .slice(1)
        .map((name, index) => `${name}/m${index}`)
        .join()}]}`,
      top,
    ),
  )

describe('single-key', () => {
  it('names the key and the connections', async () => {
    expect(await find('one', 'two')).toEqual([
      '12 «targets» all connections of route `r` (`one`, `two`) use one key, `SHARED`: revoked or out of credit, it takes all ' +
        'of them down; give each connection an `api_key` of its own',
    ])
  })

  it('knows the variable that two connections have by default', async () => {
    expect((await find('east', 'west'))[0]).toContain('use one key, `AZURE_OPENAI_API_KEY`')
  })

  it.each([
    ['another key', 'one', 'other'],
    ['another vendor', 'openai', 'groq'],
    ['one connection, which is another rule', 'one', 'one'],
    ['servers that ask for none', 'vllm-a', 'vllm-b'],
  ])('not: %s', async (_what, ...candidates) => {
    expect(await find(...candidates)).toEqual([])
  })
})
