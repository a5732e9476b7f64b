import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (connection: string) =>
  await findings(
    'key-over-plain-http',
    manifest(
      '- {name: r, match: {model: m}, targets: [{provider: mine, model: a}]}',
      `providers:\n  mine: {${connection}}\n`,
    ),
  )

describe('key-over-plain-http', () => {
  it('stands at the address', async () => {
    expect(await find('type: vllm, base_url: "http://vllm.internal:8000/v1", api_key: {env: K}')).toEqual([
      '2 «"http://vllm.internal:8000/v1"» the key of `mine` and every prompt travel to `vllm.internal:8000` in the clear; write `https://`; if the ' +
        'network itself encrypts (a service mesh), say so in a suppression',
    ])
  })

  it.each([
    'type: openai, base_url: "http://proxy.internal/v1"',
    'type: ollama, base_url: "http://o.internal", headers: {x-signature: {env: S}}',
  ])('%s', async (connection) => {
    expect(await find(connection)).toHaveLength(1)
  })

  it.each([
    'type: vllm, base_url: "https://vllm.internal/v1", api_key: {env: K}',
    'type: vllm, base_url: "http://vllm.internal/v1"',
    'type: vllm, base_url: "http://localhost:8000/v1", api_key: {env: K}',
    'type: vllm, base_url: "http://127.0.0.1:8000/v1", api_key: {env: K}',
    'type: vllm, base_url: "http://[::1]:8000/v1", api_key: {env: K}',
    'type: ollama, base_url: "http://o.internal", headers: {x-team: retail}',
  ])('not: %s', async (connection) => {
    expect(await find(connection)).toEqual([])
  })
})
