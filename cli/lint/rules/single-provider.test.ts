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
    'single-provider',
    manifest(
      `- {name: r, match: {model: m}, targets: [{provider: ${candidates[0]}, model: m}], fallback: [${candidates
        .slice(1)
        .map((name, index) => `${name}/m${index}`)
        .join()}]}`,
      top,
    ),
  )

describe('single-provider', () => {
  it('names the connections and the vendor', async () => {
    expect(await find('openai', 'openai')).toEqual([
      "12 «targets» every candidate of route `r` is at one provider (`openai`, OpenAI): when it is down, the route's requests " +
        'fail; add a target or a `fallback` at another provider, or on your own machines',
    ])
  })

  it.each([
    ['two connections to one vendor', 'east', 'nowhere'],
    ['two paths of one host', 'one', 'other'],
  ])('%s', async (_what, ...candidates) => {
    expect(await find(...candidates)).toHaveLength(1)
  })

  it.each([
    ['two vendors', 'openai', 'groq'],
    ['two regions of one vendor', 'east', 'west'],
    ['two hosts of one kind', 'vllm-a', 'vllm-b'],
    ['two hosts nobody knows', 'one', 'two'],
    ['the vendor, and another address that speaks the same', 'openai', 'proxied'],
  ])('not: %s', async (_what, ...candidates) => {
    expect(await find(...candidates)).toEqual([])
  })

  it('not: a route with one target, which is another rule', async () => {
    const text = manifest('- {name: r, match: {model: m}, targets: [{provider: openai, model: m}]}')
    expect(await findings('single-provider', text)).toEqual([])
  })
})
