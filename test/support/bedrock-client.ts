/** AWS's own client for Bedrock, over HTTP/1.1 to a server on loopback, with a bearer key or with signed requests. */
import type { IncomingMessage } from 'node:http'
import { request as openRequest } from 'node:http'
import type {
  ContentBlock,
  ContentBlockDelta,
  ConverseCommandInput,
  ConverseCommandOutput,
  ConverseStreamOutput,
  TokenUsage,
} from '@aws-sdk/client-bedrock-runtime'
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime'

export interface BedrockCaller {
  readonly endpoint: string
  /** Absent: a bearer key. */
  readonly keys?: { readonly accessKeyId: string; readonly secretAccessKey: string }
  readonly token?: string
  /** Sent beside the client's own. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A request as the client hands it over. */
interface Outgoing {
  readonly method: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly headers: Record<string, string>
  readonly body?: unknown
}

/** The client's own handler speaks HTTP/2 only, which servers on loopback do not. */
const overHttp1 = {
  handle: async ({ method, hostname, port, path, headers, body }: Outgoing) => {
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = openRequest({ method, hostname, path, headers, ...(port !== undefined && { port }) }, resolve)
      outgoing.on('error', reject)
      outgoing.end(body)
    })
    const told = Object.entries(reply.headers).map(([name, value]) => [name, String(value)])
    const headersTold = Object.fromEntries(told) as Record<string, string>
    return { response: { statusCode: reply.statusCode ?? 0, headers: headersTold, body: reply } }
  },
}

export function bedrockClient({
  endpoint,
  keys,
  token = 'bedrock-key',
  headers = {},
}: BedrockCaller): BedrockRuntimeClient {
  const caller =
    keys === undefined ? { token: { token }, authSchemePreference: ['httpBearerAuth'] } : { credentials: keys }
  const client = new BedrockRuntimeClient({
    endpoint,
    region: 'us-east-1',
    maxAttempts: 1,
    requestHandler: overHttp1,
    ...caller,
  })
  client.middlewareStack.add(
    (next) => (args) => {
      const { request } = args
      if (typeof request === 'object' && request !== null && 'headers' in request) {
        Object.assign(request.headers as object, headers)
      }
      return next(args)
    },
    { step: 'build', name: 'ownHeaders' },
  )
  return client
}

export function converse(client: BedrockRuntimeClient, input: ConverseCommandInput): Promise<ConverseCommandOutput> {
  return client.send(new ConverseCommand(input))
}

/** All events of a stream; throws what the stream itself tells. */
export async function converseStream(
  client: BedrockRuntimeClient,
  input: ConverseCommandInput,
): Promise<ConverseStreamOutput[]> {
  const { stream } = await client.send(new ConverseStreamCommand(input))
  const events: ConverseStreamOutput[] = []
  for await (const event of stream ?? []) events.push(event)
  return events
}

// ---- what a stream says ----

export interface FoldedStream {
  readonly content: readonly ContentBlock[]
  readonly stopReason: string
  readonly usage: TokenUsage | null
}

interface Filling {
  tool: { toolUseId: string | undefined; name: string | undefined } | null
  input: string
  text: string
  thought: string
  signature: string | undefined
}

/** The message that the events amount to, as the reference describes it: blocks by number, each filled by its deltas. */
export function foldEvents(events: readonly ConverseStreamOutput[]): FoldedStream {
  const blocks = new Map<number, Filling>()
  let stopReason = ''
  let usage: TokenUsage | null = null
  for (const { contentBlockStart: start, contentBlockDelta: delta, messageStop, metadata } of events) {
    if (start !== undefined) {
      const { toolUseId, name } = start.start?.toolUse ?? {}
      blockAt(blocks, start.contentBlockIndex).tool = { toolUseId, name }
    }
    if (delta?.delta !== undefined) fill(blockAt(blocks, delta.contentBlockIndex), delta.delta)
    stopReason = messageStop?.stopReason ?? stopReason
    usage = metadata?.usage ?? usage
  }
  return { content: [...blocks.values()].map(blockOf), stopReason, usage }
}

function blockAt(blocks: Map<number, Filling>, index = 0): Filling {
  const block = blocks.get(index) ?? { tool: null, input: '', text: '', thought: '', signature: undefined }
  blocks.set(index, block)
  return block
}

function fill(block: Filling, { text, toolUse, reasoningContent }: ContentBlockDelta): void {
  block.text += text ?? ''
  block.input += toolUse?.input ?? ''
  block.thought += reasoningContent?.text ?? ''
  block.signature ??= reasoningContent?.signature
}

function blockOf({ tool, input, text, thought, signature }: Filling): ContentBlock {
  if (tool !== null) return { toolUse: { ...tool, input: JSON.parse(input === '' ? '{}' : input) } }
  return thought === '' ? { text } : { reasoningContent: { reasoningText: { text: thought, signature } } }
}
