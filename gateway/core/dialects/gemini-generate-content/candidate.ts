/** One candidate, part by part: whole replies and streams put the same parts in and are told the same things. */
import type { Annotation, ReasoningDetail } from '../../../../schemas/index.ts'
import type { MessageExtras } from '../../chat/emit-stream.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord, recordOf, textOf } from '../../chat/loose.ts'
import { argumentsText, fallbackToolCallId } from '../../chat/tool-calls.ts'
import { answerFailure } from '../../chat/wire-failure.ts'
import { PartialArguments } from './partial-args.ts'
import { signatureDetail } from './reasoning.ts'
import { Sources } from './sources.ts'

/** What a candidate's parts come to, in their order. */
export interface Listener {
  text(text: string): void
  thought(text: string): void
  /** A call, with its arguments; where they are '', they follow, whole. */
  call(slot: number, call: { readonly id: string; readonly name: string; readonly arguments: string }): void
  callArguments(slot: number, json: string): void
  fail(failure: ProviderFailure): void
}

interface OpenCall {
  readonly slot: number
  readonly args: PartialArguments
}

/** With its parameters: speech is told as `audio/L16;codec=pcm;rate=24000`. */
const mediaType = /^[\w.+-]+\/[\w.+-]+(?:; ?[\w.+-]+=[\w.+-]+)*$/

export class Candidate {
  private readonly index: number
  private readonly listener: Listener
  private readonly ids = new Set<string>()
  private readonly details: ReasoningDetail[] = []
  private readonly sources = new Sources()
  private text = ''
  private calls = 0
  private lastCall: string | null = null
  private open: OpenCall | null = null

  constructor(index: number, listener: Listener) {
    this.index = index
    this.listener = listener
  }

  /** `answerId` is what ids of calls that came without one are made of. */
  take(candidate: LooseRecord, answerId: string): void {
    const parts: unknown = recordOf(candidate['content'])?.['parts']
    if (Array.isArray(parts)) for (const part of parts) if (isRecord(part)) this.takePart(part, answerId)
    this.sources.take(candidate)
  }

  /** No more parts follow. */
  end(): void {
    this.closeCall()
  }

  /** All of them at once; null for none. */
  get extras(): MessageExtras | null {
    const { details } = this
    const { citations } = this.sources
    const annotations: Annotation[] = this.sources.annotations(this.text)
    const extras: MessageExtras = {
      ...(details.length > 0 && { reasoning_details: details }),
      ...(annotations.length > 0 && { annotations }),
      ...(citations.length > 0 && { citations }),
    }
    return Object.keys(extras).length === 0 ? null : extras
  }

  // ---- parts ----

  /** Code that ran at the provider has no place in OpenAI's answer; what it found is in the text. */
  private takePart(part: LooseRecord, answerId: string): void {
    const { text, thought, functionCall: called, inlineData } = part
    if (isRecord(called)) this.takeCall(called, answerId)
    else if (typeof text === 'string') {
      if (thought === true) this.tell('thought', text)
      else this.tell('text', text)
    } else if (isRecord(inlineData)) this.takeMedia(inlineData)
    const signature = textOf(part['thoughtSignature'])
    if (signature === null) return
    const owner = isRecord(called) ? this.lastCall : null
    this.details.push(signatureDetail(signature, owner, this.details.length))
  }

  private tell(kind: 'text' | 'thought', text: string): void {
    if (text === '') return
    if (kind === 'text') this.text += text
    this.listener[kind](text)
  }

  /** A picture stands in the text, as Markdown with its data: OpenAI's answer has no other place for one. */
  private takeMedia({ mimeType, data }: LooseRecord): void {
    if (typeof mimeType === 'string' && typeof data === 'string' && mediaType.test(mimeType)) {
      this.tell('text', `![](data:${mimeType.replaceAll(' ', '')};base64,${data.replace(/[^A-Za-z0-9+/=_-]/g, '')})`)
    }
  }

  // ---- calls ----

  private takeCall(called: LooseRecord, answerId: string): void {
    const name = textOf(called['name'])
    const goesOn = called['willContinue'] === true || Array.isArray(called['partialArgs'])
    if (name === null) {
      // The end of a call may be an empty one, and may come when there is nothing left to end.
      const isEmpty = Object.keys(called).length === 0
      if (this.open !== null) this.goOn(called)
      else if (!isEmpty) this.listener.fail(answerFailure('the provider sent a tool call without a name'))
      return
    }
    this.closeCall()
    const slot = this.calls
    this.calls += 1
    const given = textOf(called['id'])
    const id = given !== null && !this.ids.has(given) ? given : fallbackToolCallId(answerId, this.index, slot)
    this.ids.add(id)
    this.lastCall = id
    this.listener.call(slot, { id, name, arguments: goesOn ? '' : argumentsText(called['args']) })
    if (!goesOn) return
    this.open = { slot, args: new PartialArguments() }
    if (isRecord(called['args'])) this.open.args.begin(called['args'])
    this.goOn(called)
  }

  private goOn(called: LooseRecord): void {
    if (this.open?.args.take(called['partialArgs']) === false) {
      this.listener.fail(answerFailure('the provider sent a tool call whose arguments are nested too deeply'))
    }
    if (called['willContinue'] !== true) this.closeCall()
  }

  private closeCall(): void {
    if (this.open === null) return
    this.listener.callArguments(this.open.slot, this.open.args.json)
    this.open = null
  }
}
