/** One provider on the stage: asked through the gateway, and looked at on the other side. */
import { foldChunks } from '../../gateway/core/chat/testing/fold-chunks.ts'
import { type Loss, type LossTable, lossOf } from '../../gateway/core/dialects/losses.ts'
import type { RequestPatch } from '../../gateway/simulators/behaviour.ts'
import type { Simulator } from '../../gateway/simulators/simulator.ts'
import type { ChatCompletion, ChatCompletionChunk } from '../../schemas/index.ts'
import { validateChatCompletionChunk } from '../../schemas/validate-chat-completion-chunk.ts'
import { validateChatCompletion } from '../../schemas/validate-chat-completion.ts'
import { validateErrorResponse } from '../../schemas/validate-error-response.ts'
import type { Row } from './rows.ts'

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Parts that were told to be lost, by name: `dropped` or `approximated`. */
  readonly lost: ReadonlyMap<string, 'dropped' | 'approximated'>
}

export interface StreamReply {
  readonly chunks: readonly ChatCompletionChunk[]
  readonly error: { readonly code: string | null; readonly message: string } | null
}

export class Actor {
  readonly row: Row
  /** The rows of the loss table that its requests are encoded by; null: it cannot be asked for this at all. */
  readonly losses: LossTable | null
  private readonly url: string
  private readonly route: string
  private readonly simulator: Simulator
  private readonly path: string

  constructor(options: {
    readonly row: Row
    readonly losses: LossTable | null
    /** Of the gateway. */
    readonly url: string
    /** What its route is asked for by; default: the provider's id. */
    readonly route?: string
    readonly simulator: Simulator
    /** What the caller asks for; default: chats. */
    readonly path?: '/v1/chat/completions' | '/v1/embeddings'
  }) {
    this.row = options.row
    this.losses = options.losses
    this.url = options.url
    this.route = options.route ?? options.row.id
    this.simulator = options.simulator
    this.path = options.path ?? '/v1/chat/completions'
  }

  /** What it does with the next requests. */
  async next(...patches: readonly RequestPatch[]): Promise<void> {
    await this.simulator.behave({ next: patches })
  }

  async post(body: object): Promise<Reply> {
    this.simulator.clearRequests()
    const response = await fetch(this.url + this.path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: this.route, ...body }),
    })
    const { status, headers } = response
    return { status, headers, text: await response.text(), lost: readLost(headers.get('x-aigw-lost') ?? '') }
  }

  /** A plain answer that OpenAI could have given; throws when there is none. */
  async complete(body: object): Promise<{ readonly completion: ChatCompletion; readonly reply: Reply }> {
    const reply = await this.post(body)
    return { completion: readCompletion(reply), reply }
  }

  /** The events of a stream, each as OpenAI could have sent it. */
  async stream(body: object): Promise<StreamReply> {
    const { status, text } = await this.post({ ...body, stream: true })
    if (status !== 200) throw new Error(`no stream but ${status}: ${text}`)
    const payloads = text
      .split('\n\n')
      .filter((event) => event !== '')
      .map((event) => event.replace(/^data: /, ''))
    const isWhole = payloads.at(-1) === '[DONE]'
    const values = (isWhole ? payloads.slice(0, -1) : payloads).map((payload): unknown => JSON.parse(payload))
    const error = isWhole ? null : readError(values.pop())
    const chunks = values.map((value) => {
      const checked = validateChatCompletionChunk(value)
      if (!checked.valid) throw new Error(`${JSON.stringify(checked.problems)} in ${JSON.stringify(value)}`)
      return checked.value
    })
    return { chunks, error }
  }

  /** A stream that ended well, folded as a client folds it. */
  async streamed(body: object): Promise<ChatCompletion> {
    const { chunks, error } = await this.stream(body)
    if (error !== null) throw new Error(`the stream broke: ${error.message}`)
    return foldChunks(chunks)
  }

  /** The last request that reached the provider, as text; '' when none did. */
  sent(): string {
    const last = this.simulator.requests().at(-1)
    return last === undefined ? '' : JSON.stringify(last.body)
  }
}

/** `name` and `name;approximated`, as the header lists them. */
function readLost(header: string): Reply['lost'] {
  const names = header.split(', ').filter((name) => name !== '')
  return new Map(
    names.map((name) => {
      const [part = '', how] = name.split(';')
      return [part, how === 'approximated' ? 'approximated' : 'dropped']
    }),
  )
}

export function readCompletion({ status, text }: Reply): ChatCompletion {
  if (status !== 200) throw new Error(`no answer but ${status}: ${text}`)
  const checked = validateChatCompletion(JSON.parse(text))
  if (!checked.valid) throw new Error(`${JSON.stringify(checked.problems)} in ${text}`)
  return checked.value
}

export function readError(value: unknown): { readonly code: string | null; readonly message: string } {
  const checked = validateErrorResponse(value)
  if (!checked.valid) throw new Error(`neither an end nor an error: ${JSON.stringify(value)}`)
  return checked.value.error
}

export function firstChoice(completion: ChatCompletion): ChatCompletion['choices'][number] {
  const [choice] = completion.choices
  if (choice === undefined) throw new Error('an answer without a choice')
  return choice
}

/** A conversation of one question. */
export function say(content: unknown): object[] {
  return [{ role: 'user', content }]
}

/** What the loss table says of a part. */
export function lossFor({ row, losses }: Actor, part: string): Loss {
  if (losses === null) throw new Error(`${row.key} has no loss table`)
  return lossOf(losses, part)
}
