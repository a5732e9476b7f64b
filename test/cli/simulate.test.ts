/** `aigw simulate` and `aigw serve` together: the product note's manifest, led to simulated providers. */
import { readFileSync } from 'node:fs'
import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import { CohereClientV2 } from 'cohere-ai'
import { Ollama } from 'ollama'
import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { dialectIds } from '../../gateway/core/providers/provider.ts'
import { bedrockClient, converse } from '../support/bedrock-client.ts'
import { Workspace } from './support.ts'

interface Listed {
  readonly name: string
  readonly base_url: string
  readonly wire: string
  readonly key_variable: string | null
}

test('each wire is served, and the vendor’s own client reads it', async () => {
  const child = new Workspace().start('simulate', '--port', '0', '--format', 'json')
  await expect.poll(() => child.stdout(), { timeout: 15_000 }).toMatch(/\]\n$/)
  const listed: readonly Listed[] = JSON.parse(child.stdout())
  const find = (name: string) => listed.find((one) => one.name === name)
  expect(new Set(listed.map(({ wire }) => wire))).toEqual(new Set(dialectIds))
  expect(find('anthropic')).toMatchObject({ wire: 'anthropic-messages', key_variable: 'ANTHROPIC_API_KEY' })
  expect(find('ollama')).toMatchObject({ wire: 'ollama-chat', key_variable: null })
  const says = [{ role: 'user', content: 'Hello.' } as const]
  const openai = new OpenAI({ apiKey: 'any', baseURL: find('openai')?.base_url ?? '' })
  const completion = await openai.chat.completions.create({ model: 'm', messages: says, max_tokens: 2 })
  expect(completion.choices[0]?.finish_reason).toBe('length')
  const anthropic = new Anthropic({ apiKey: 'any', baseURL: find('anthropic')?.base_url ?? '' })
  const message = await anthropic.messages.create({ model: 'claude-haiku-4-5', messages: says, max_tokens: 2 })
  expect(message.stop_reason).toBe('max_tokens')
  const ollama = new Ollama({ host: find('ollama')?.base_url ?? '' })
  const answer = await ollama.chat({ model: 'llama-3.1', messages: [...says], options: { num_predict: 2 } })
  expect(answer.done_reason).toBe('length')
  const gemini = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: find('gemini')?.base_url ?? '' } })
  const config = { maxOutputTokens: 2 }
  const content = await gemini.models.generateContent({ model: 'gemini-2.0-flash', contents: 'Hello.', config })
  expect(content.candidates?.[0]?.finishReason).toBe('MAX_TOKENS')
  const cohere = new CohereClientV2({ token: 'any', environment: find('cohere')?.base_url ?? '' })
  const reply = await cohere.chat({ model: 'command-a-03-2025', messages: says.slice(), maxTokens: 2 })
  expect(reply.finishReason).toBe('MAX_TOKENS')
  const bedrock = bedrockClient({ endpoint: find('bedrock')?.base_url ?? '' })
  const converseInput = {
    messages: [{ role: 'user' as const, content: [{ text: 'Hello.' }] }],
    inferenceConfig: { maxTokens: 2 },
  }
  const converseAnswer = await converse(bedrock, { modelId: 'amazon.nova-pro-v1:0', ...converseInput })
  expect(converseAnswer.stopReason).toBe('max_tokens')
  expect(await child.stop()).toMatchObject({ exitCode: 0 })
})

test('what it prints leads the product note’s manifest to it, all three wires', async () => {
  const simulated = new Workspace().start('simulate', '--port', '0')
  await expect.poll(() => simulated.stdout(), { timeout: 15_000 }).toContain('export ')
  const said = simulated.stdout()
  expect(said).toMatch(/^ {2}export ANTHROPIC_API_KEY=any OPENAI_API_KEY=any$/m)
  const block = /^ {2}providers:\n(?: {4}\S.*\n)+/m.exec(said)?.[0] ?? ''
  const note = readFileSync(new URL('../fixtures/manifests/valid/product-note.yaml', import.meta.url), 'utf8')
  // Tests give a command one key only.
  const keyed = block.replaceAll('"}', '", api_key: {env: OPENAI_API_KEY}}').replaceAll(/^ {2}/gm, '')
  const workspace = new Workspace({ 'plain.yaml': block.replaceAll(/^ {2}/gm, '') + note, 'routes.yaml': keyed + note })
  expect(await workspace.aigw('validate', 'plain.yaml')).toMatchObject({ exitCode: 0 })
  const gateway = await workspace.serve('--manifest', 'routes.yaml')
  const client = new OpenAI({ apiKey: 'any', baseURL: `${gateway.url}/v1`, maxRetries: 0 })
  const ask = async (content: string) => {
    const messages = [{ role: 'user', content } as const]
    const { data, response } = await client.chat.completions
      .create({ model: 'gpt-4o-mini', messages, max_tokens: 2 })
      .withResponse()
    expect(data.choices[0]?.finish_reason).toBe('length')
    return response.headers.get('x-aigw-target')
  }
  const targets = new Set<string | null>()
  for (let asked = 0; asked < 40 && targets.size < 2; asked += 1) targets.add(await ask(`Question ${asked}.`))
  expect(targets).toEqual(new Set(['anthropic/claude-haiku-4-5', 'openai/gpt-4o-mini']))
  for (const name of ['anthropic', 'openai']) {
    const origin = new URL(new RegExp(`${name}, base_url: "([^"]+)"`).exec(block)?.[1] ?? '').origin
    const response = await fetch(`${origin}/_simulator/behaviour`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"faults":[{"kind":"status","status":503}]}',
    })
    expect(response.status).toBe(200)
  }
  expect(await ask('Who is left?')).toBe('ollama/llama-3.1')
  expect(await gateway.stop()).toMatchObject({ exitCode: 0 })
  expect(await simulated.stop()).toMatchObject({ exitCode: 0 })
})
