/** What Bedrock refuses is refused, and what the live API took in a recording is taken. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Json } from './answers/ask.ts'
import { bedrockConverse } from './bedrock-converse/wire.ts'

const wire = bedrockConverse()
const stamp = { key: 'k', seed: 1, atMs: 1, timing: { loadMs: 0, promptMs: 0, tokenMs: 0 } }
const headers = { authorization: 'Bearer k', 'content-type': 'application/json' }

/** The words of its refusal; null: it takes the request. */
function refusal(body: unknown, model = 'some-model', method = 'converse'): string | null {
  const path = `/model/${encodeURIComponent(model)}/${method}`
  const reading = wire.read({ method: 'POST', path, headers, body }, stamp)
  return 'reply' in reading ? reading.reply.body : null
}

const says = (...content: object[]) => ({ role: 'user', content })
const answers = (...content: object[]) => ({ role: 'assistant', content })
const hello = says({ text: 'Hello.' })
const call = (toolUseId: string) => ({ toolUse: { toolUseId, name: 'f', input: {} } })
const result = (toolUseId: string) => ({ toolResult: { toolUseId, content: [{ text: 'x' }] } })
const tool = { toolSpec: { name: 'f', inputSchema: { json: { type: 'object', properties: {} } } } }
const toolConfig = { tools: [tool] }
const paper = { document: { format: 'txt', name: 'plan', source: { bytes: 'QUI=' } } }

const claude = 'anthropic.claude-haiku-4-5-20251001-v1:0'
const llama = 'us.meta.llama3-3-70b-instruct-v1:0'
const titan = 'amazon.titan-text-express-v1'

describe('of any model', () => {
  test.each<[string, Json, RegExp]>([
    ['a field it does not know', { messages: [hello], model: 'm' }, /Unknown field: model/],
    ['no messages', {}, /messages.*must not be null/],
    ['an empty conversation', { messages: [] }, /start with a user message/],
    ['an assistant first', { messages: [answers({ text: 'Hi.' })] }, /start with a user message/],
    ['two turns of one role', { messages: [hello, hello] }, /alternate/],
    ['a turn without content', { messages: [says()] }, /is empty/],
    ['a blank text', { messages: [says({ text: ' ' })] }, /is blank/],
    ['two keys in a block', { messages: [says({ text: 'a', image: {} })] }, /must set one of/],
    ['a role of nobody', { messages: [{ role: 'tool', content: [] }] }, /enum value set/],
    [
      'calls without tools',
      { messages: [hello, answers(call('a')), says(result('a'))] },
      /toolConfig field must be defined/,
    ],
    ['a call without its result', { messages: [hello, answers(call('a')), hello], toolConfig }, /Expected toolResult/],
    ['a result of nothing', { messages: [says(result('a'))], toolConfig }, /exceeds the number/],
    ['a long id', { messages: [hello, answers(call('x'.repeat(65)))], toolConfig }, /less than or equal to 64/],
    [
      'a strange name',
      { messages: [hello], toolConfig: { tools: [{ toolSpec: { ...tool.toolSpec, name: 'a.b' } }] } },
      /pattern/,
    ],
    ['no tools in a list of them', { messages: [hello], toolConfig: { tools: [] } }, /greater than or equal to 1/],
    [
      'an empty description',
      { messages: [hello], toolConfig: { tools: [{ toolSpec: { ...tool.toolSpec, description: '' } }] } },
      /greater than or equal to 1/,
    ],
    [
      'a choice of no tool',
      { messages: [hello], toolConfig: { ...toolConfig, toolChoice: { tool: { name: 'g' } } } },
      /not among the tools/,
    ],
    ['a document alone', { messages: [says(paper)] }, /text block must be included/],
    ['two documents of one name', { messages: [says({ text: 'a' }, paper, paper)] }, /unique names/],
    [
      'a picture of an address',
      { messages: [says({ image: { format: 'png', source: { url: 'https://x' } } })] },
      /must set one of/,
    ],
    ['no base64', { messages: [says({ image: { format: 'png', source: { bytes: 'a b' } } })] }, /not base64/],
    ['too warm', { messages: [hello], inferenceConfig: { temperature: 1.5 } }, /less than or equal to 1/],
    ['strange metadata', { messages: [hello], requestMetadata: { a: 'é' } }, /pattern/],
    [
      'a schema that is no JSON',
      {
        messages: [hello],
        outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '{' } } } },
      },
      /not valid JSON/,
    ],
  ])('%s', (_what, body, words) => {
    expect(refusal(body)).toMatch(words)
  })
})

describe('of some models', () => {
  const loop = [hello, answers(call('a')), says(result('a'), { text: 'Go on.' })]
  test.each<[string, string, Json, RegExp]>([
    ['a system prompt', titan, { messages: [hello], system: [{ text: 'a' }] }, /doesn't support system messages/],
    ['tools', titan, { messages: [hello], toolConfig }, /doesn't support tool use/],
    [
      'a forced call',
      llama,
      { messages: [hello], toolConfig: { ...toolConfig, toolChoice: { any: {} } } },
      /toolChoice\.any/,
    ],
    ['text beside results', llama, { messages: loop, toolConfig }, /same turn/],
    ['an unfinished answer', llama, { messages: [hello, answers({ text: 'A' })] }, /prefill/],
    [
      'a stop sequence',
      'openai.gpt-oss-20b-1:0',
      { messages: [hello], inferenceConfig: { stopSequences: ['a'] } },
      /stopSequences/,
    ],
    [
      'a field of another maker',
      'amazon.nova-pro-v1:0',
      { messages: [hello], additionalModelRequestFields: { top_k: 1 } },
      /extraneous key/,
    ],
    [
      'both ways of sampling',
      claude,
      { messages: [hello], inferenceConfig: { temperature: 0.5, topP: 0.5 } },
      /cannot both be specified/,
    ],
    [
      'unsigned thoughts',
      claude,
      { messages: [hello, answers({ reasoningContent: { reasoningText: { text: 'a', signature: 'b' } } }), hello] },
      /Invalid `signature`/,
    ],
    [
      'a budget above the limit',
      claude,
      { messages: [hello], additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 2000 } } },
      /budget_tokens/,
    ],
  ])('%s', (_what, model, body, words) => {
    expect(refusal(body, model)).toMatch(words)
    // It is this model's own: another takes it.
    if (!/thoughts|budget/.test(_what)) expect(refusal(body)).toBeNull()
  })

  test('tools in a stream', () => {
    expect(refusal({ messages: [hello], toolConfig }, llama)).toBeNull()
    expect(refusal({ messages: [hello], toolConfig }, llama, 'converse-stream')).toMatch(/in streaming mode/)
  })
})

const folder = new URL('../../../shared/fixtures/exchanges/bedrock/', import.meta.url)
const missing = existsSync(folder) ? false : 'no recordings in ../shared/fixtures'

interface Exchange {
  readonly id: string
  readonly api: string
  readonly fidelity: string
  readonly request: { readonly path: string; readonly body: Json } | null
  readonly response: { readonly status: number }
}

const taken = (missing === false ? readdirSync(folder) : [])
  .map((name): Exchange => JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
  .filter(({ api, request, response }) => api === 'bedrock-converse' && request !== null && response.status === 200)

describe.skipIf(missing)('what the live API took is taken', () => {
  test('there are some', () => {
    expect(taken.length).toBeGreaterThan(40)
  })

  // Thoughts that another signed are the one thing that cannot be taken back.
  test.each(taken.map((exchange) => [exchange.id, exchange] as const))('%s', (_id, { request }) => {
    const [, model = '', method = ''] = /\/model\/([^/]+)\/([^/]+)$/.exec(request?.path ?? '') ?? []
    const words = refusal(request?.body, decodeURIComponent(model), method)
    expect(words ?? 'Invalid `signature`').toContain('Invalid `signature`')
  })
})
