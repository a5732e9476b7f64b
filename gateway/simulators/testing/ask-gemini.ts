import type { Content, FunctionCall, GenerateContentConfig, GenerateContentResponse } from '@google/genai'
import { FinishReason, GoogleGenAI } from '@google/genai'
import type { Answered, Asked } from './asked.ts'

/** Asks with Google's own client. */
export async function askGemini(baseUrl: string, asked: Asked): Promise<Answered> {
  const client = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl } })
  const answer = await client.models.generateContent({
    // One that can be told to think, and need not be.
    model: 'gemini-2.5-flash',
    contents: contentsOf(asked),
    config: configOf(asked),
  })
  return readAnswer(answer)
}

function contentsOf({ said, image, tools = [], results = [] }: Asked): Content[] {
  const spoken = said.map((text, index): Content => {
    const role = index % 2 === 0 ? 'user' : 'model'
    if (image === undefined || index < said.length - 1) return { role, parts: [{ text }] }
    return { role, parts: [{ text }, { inlineData: { mimeType: 'image/png', data: image } }] }
  })
  if (results.length === 0) return spoken
  const names = results.map((_, index) => tools[index]?.name ?? '')
  return [
    ...spoken,
    { role: 'model', parts: names.map((name) => ({ functionCall: { name, args: {} } })) },
    {
      role: 'user',
      parts: results.map((output, index) => ({ functionResponse: { name: names[index] ?? '', response: { output } } })),
    },
  ]
}

const configOf = ({ system, tools = [], schema, maxTokens, stop, thinks }: Asked): GenerateContentConfig => ({
  ...(system === undefined ? {} : { systemInstruction: system }),
  ...(tools.length === 0
    ? {}
    : {
        tools: [
          { functionDeclarations: tools.map((tool) => ({ name: tool.name, parametersJsonSchema: tool.schema })) },
        ],
      }),
  ...(schema === undefined ? {} : { responseMimeType: 'application/json', responseJsonSchema: schema }),
  ...(maxTokens === undefined ? {} : { maxOutputTokens: maxTokens }),
  ...(stop === undefined ? {} : { stopSequences: [stop] }),
  thinkingConfig: thinks === true ? { includeThoughts: true, thinkingBudget: 1_024 } : { thinkingBudget: 0 },
})

function readAnswer({ candidates = [], usageMetadata: usage }: GenerateContentResponse): Answered {
  const [candidate] = candidates
  const parts = candidate?.content?.parts ?? []
  const textOf = (thought: boolean) =>
    parts.map((part) => ((part.thought ?? false) === thought ? (part.text ?? '') : '')).join('')
  const given = ({ name = '', args }: FunctionCall) => ({ name, given: args })
  return {
    text: textOf(false),
    reasoning: textOf(true),
    calls: parts.flatMap(({ functionCall: call }) => (call === undefined ? [] : [given(call)])),
    ended: candidate?.finishReason === FinishReason.MAX_TOKENS ? 'length' : 'stop',
    outputTokens: (usage?.candidatesTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0),
  }
}
