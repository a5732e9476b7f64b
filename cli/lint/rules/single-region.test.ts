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
    'single-region',
    manifest(
      `- {name: r, match: {model: m}, targets: [{provider: ${candidates[0]}, model: m}], fallback: [${candidates
        .slice(1)
        .map((name, index) => `${name}/m${index}`)
        .join()}]}`,
      top,
    ),
  )

describe('single-region', () => {
  it('names the region', async () => {
    expect(await find('east', 'one', 'two')).toEqual([
      "12 «targets» every candidate of route `r` is in `east`: when that region is cut off, the route's requests fail; add a " +
        'candidate in another region, or say that one is wanted: `boundary: [REGION]`',
    ])
  })

  it.each([
    ['two regions', 'east', 'west'],
    ['a region that is not known', 'east', 'openai'],
    ['one vendor, which is another rule', 'east', 'east'],
    ['no region at all', 'openai', 'groq'],
  ])('not: %s', async (_what, ...candidates) => {
    expect(await find(...candidates)).toEqual([])
  })

  it('not: where a boundary asks for one region', async () => {
    const route = 'targets: [{provider: east, model: m}], fallback: one/m'
    const text = (boundary: string) => manifest(`- {name: r, match: {model: m}, ${route}, boundary: ${boundary}}`, top)
    expect(await findings('single-region', text('[east]'))).toEqual([])
    expect(await findings('single-region', text('[east, west]'))).toHaveLength(1)
  })
})
