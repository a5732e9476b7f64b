/** A recorded answer of Bedrock's as AWS's own client understands it: the oracle for what ours must mean. */
import type { Message, TokenUsage as WireUsage } from '@aws-sdk/client-bedrock-runtime'
import { bedrockClient, converse, converseStream, foldEvents } from '../support/bedrock-client.ts'
import type { Exchange } from './fixtures.ts'
import type { ChoiceMeaning, Meaning } from './meaning.ts'
import type { Playback } from './playback.ts'
import { recordingHeader } from './playback.ts'

/** What AWS's client made of a recording. */
export interface Read {
  readonly message: Message
  readonly stopReason: string
  readonly usage: WireUsage | null
}

/** Reads a recording from a server that plays it. */
export async function readByClient(playback: Playback, exchange: Exchange): Promise<Read> {
  const name = playback.load(exchange, { kind: 'pieces' })
  const client = bedrockClient({ endpoint: playback.url, headers: { [recordingHeader]: name } })
  const input = { modelId: 'm', messages: [{ role: 'user' as const, content: [{ text: 'Hi' }] }] }
  if (exchange.stream) {
    const { content, stopReason, usage } = foldEvents(await converseStream(client, input))
    return { message: { role: 'assistant', content: [...content] }, stopReason, usage }
  }
  const { output, stopReason, usage } = await converse(client, input)
  if (output?.message === undefined || stopReason === undefined) throw new Error('no message')
  return { message: output.message, stopReason, usage: usage ?? null }
}

export function meaningOf({ message, stopReason, usage }: Read): Meaning {
  const texts: string[] = []
  const thoughts: string[] = []
  const calls: ChoiceMeaning['calls'][number][] = []
  for (const { text, citationsContent, reasoningContent, toolUse } of message.content ?? []) {
    texts.push(text ?? '', ...(citationsContent?.content ?? []).map((piece) => piece.text ?? ''))
    if (reasoningContent?.reasoningText?.text) thoughts.push(reasoningContent.reasoningText.text)
    if (toolUse !== undefined) calls.push({ name: toolUse.name ?? '', arguments: toolUse.input })
  }
  const finish = finishOf(stopReason, calls.length > 0)
  const told = {
    text: texts.join(''),
    reasoning: thoughts.join('\n\n'),
    refusal: '',
    calls,
    functionCall: null,
    finish,
  }
  return { choices: [told], usage: usage === null ? null : usageOf(usage) }
}

/** The total is right in every recording, so what was read and written beside the input is what is left of it. */
function usageOf({ outputTokens = 0, totalTokens = 0, cacheReadInputTokens = 0 }: WireUsage): Meaning['usage'] {
  return { input: totalTokens - outputTokens, output: outputTokens, cached: cacheReadInputTokens, reasoning: 0 }
}

function finishOf(reason: string, calls: boolean): ChoiceMeaning['finish'] {
  if (reason === 'max_tokens' || reason === 'model_context_window_exceeded') return 'cut'
  if (reason === 'guardrail_intervened' || reason === 'content_filtered') return 'filtered'
  return calls ? 'tools' : 'done'
}

export function signedThoughts({ message }: Read): unknown[] {
  return (message.content ?? []).flatMap(({ reasoningContent }) => {
    const { text, signature } = reasoningContent?.reasoningText ?? {}
    return signature === undefined ? [] : [[text, signature]]
  })
}

export function citationsOf({ message }: Read): unknown[] {
  return (message.content ?? []).flatMap(({ citationsContent }) => citationsContent?.citations ?? [])
}
