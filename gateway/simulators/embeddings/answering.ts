/** Answers one embeddings request, through any vendor's API, with the faults that a plain chat answer can have. */
import type { Behaviour } from '../behaviour.ts'
import { type Exchange, breakOff, sendPlain } from '../exchange.ts'
import type { FaultPlan } from '../faults.ts'
import type { ChatRequest, Stamp } from '../wire.ts'
import type { Embedded, EmbeddingsAsk, Manner } from './manner.ts'
import { tokensOf, vectorOf } from './vectors.ts'

export interface EmbeddingsTask {
  readonly request: ChatRequest
  readonly behaviour: Behaviour
  readonly plan: FaultPlan
  readonly manner: Manner
  readonly stamp: Stamp
}

const page = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>\n'

export function answerEmbeddings(exchange: Exchange, task: EmbeddingsTask): void {
  const { request, behaviour, manner } = task
  const { ending } = task.plan
  if (ending?.kind === 'reset') return breakOff(exchange, 'reset')
  if (ending?.kind === 'hang') return
  if (ending?.kind === 'status') {
    const reply = manner.fail(ending)
    const after = ending.retryAfterSeconds
    const retry = after === undefined ? {} : { 'retry-after': String(after) }
    return sendPlain(exchange, { ...reply, headers: { ...reply.headers, ...retry } })
  }
  if (request.method !== 'POST') return sendPlain(exchange, manner.fail({ status: 405 }))
  const reading = manner.read(request)
  if ('refused' in reading) return sendPlain(exchange, manner.fail(reading.refused))
  const { model } = reading.ask
  if (behaviour.models?.includes(model) === false) {
    const message = `The model \`${model}\` does not exist or you do not have access to it.`
    return sendPlain(exchange, manner.fail({ status: 404, code: 'model_not_found', message }))
  }
  answer(exchange, task, reading.ask)
}

/** A 200, whole or broken. */
function answer(exchange: Exchange, { request, plan, manner, stamp }: EmbeddingsTask, ask: EmbeddingsAsk): void {
  const { ending } = plan
  if (ending?.kind === 'unreadable') {
    return sendPlain(exchange, { status: 200, body: ending.body ?? page, contentType: 'text/html' })
  }
  if (ending?.kind === 'error_event') {
    return sendPlain(exchange, { ...manner.fail({ ...ending, status: 500 }), status: 200 })
  }
  const embedded: Embedded = {
    path: request.path,
    ask,
    vectors:
      ending?.kind === 'empty' ? [] : ask.inputs.map((text) => vectorOf(ask.model, text, ask.dimensions ?? undefined)),
    tokens: ask.inputs.map(tokensOf),
  }
  const reply = manner.answer(embedded, stamp)
  if (ending?.kind === 'garbage') return sendPlain(exchange, { ...reply, body: reply.body.slice(0, -2) })
  sendPlain(exchange, reply, ending?.kind === 'cut' || ending?.kind === 'stall' ? ending.kind : null)
}
