import type { ConverseCommandInput, ConverseCommandOutput, Message } from '@aws-sdk/client-bedrock-runtime'
import { bedrockClient, converse } from '../../../test/support/bedrock-client.ts'
import type { Answered, Asked } from './asked.ts'

/** Asks with AWS's own client. */
export async function askBedrock(endpoint: string, asked: Asked): Promise<Answered> {
  return readAnswer(await converse(bedrockClient({ endpoint }), inputOf(asked)))
}

/** Base64, as others want it, of bytes as this client wants them. */
const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))

function inputOf({ system, tools = [], schema, maxTokens, stop, thinks, ...asked }: Asked): ConverseCommandInput {
  const thinking = { thinking: { type: 'enabled', budget_tokens: 1_024 } }
  const specs = tools.map((tool) => ({ toolSpec: { name: tool.name, inputSchema: { json: { ...tool.schema } } } }))
  const jsonSchema = { schema: JSON.stringify(schema), name: 's' }
  // A budget must stand under a limit.
  const most = maxTokens ?? (thinks === true ? 8_000 : undefined)
  return {
    modelId: 'anthropic.claude-haiku-4-5-20251001-v1:0',
    messages: messagesOf({ ...asked, tools }),
    inferenceConfig: {
      ...(most === undefined ? {} : { maxTokens: most }),
      ...(stop === undefined ? {} : { stopSequences: [stop] }),
    },
    ...(system === undefined ? {} : { system: [{ text: system }] }),
    ...(tools.length === 0 ? {} : { toolConfig: { tools: specs } }),
    ...(schema === undefined
      ? {}
      : { outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema } } } }),
    ...(thinks === true ? { additionalModelRequestFields: thinking } : {}),
  }
}

function messagesOf({ said, image, tools = [], results = [] }: Asked): Message[] {
  const spoken = said.map((text, index): Message => {
    const role = index % 2 === 0 ? 'user' : 'assistant'
    if (image === undefined || index < said.length - 1) return { role, content: [{ text }] }
    return { role, content: [{ text }, { image: { format: 'png', source: { bytes: bytesOf(image) } } }] }
  })
  if (results.length === 0) return spoken
  const uses = results.map((_, index) => ({
    toolUse: { toolUseId: `call_${index}`, name: tools[index]?.name ?? '', input: {} },
  }))
  const given = results.map((text, index) => ({ toolResult: { toolUseId: `call_${index}`, content: [{ text }] } }))
  return [...spoken, { role: 'assistant', content: uses }, { role: 'user', content: given }]
}

function readAnswer({ output, stopReason, usage }: ConverseCommandOutput): Answered {
  const content = output?.message?.content ?? []
  return {
    text: content.map(({ text }) => text ?? '').join(''),
    reasoning: content.map(({ reasoningContent }) => reasoningContent?.reasoningText?.text ?? '').join(''),
    calls: content.flatMap(({ toolUse }) =>
      toolUse === undefined ? [] : [{ name: toolUse.name ?? '', given: toolUse.input }],
    ),
    ended: stopReason === 'max_tokens' ? 'length' : 'stop',
    outputTokens: usage?.outputTokens ?? 0,
  }
}
