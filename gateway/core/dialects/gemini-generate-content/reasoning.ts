/**
 * Signatures on their way through the hub. The maker signs the calls of a tool loop (and now and then a text) and wants
 * the signature back on the same part; models from 3 on answer 400 to a call without one
 * (https://ai.google.dev/gemini-api/docs/thought-signatures, read 2026-11-24). They travel in `reasoning_details`, in the
 * shape OpenRouter made common, `id` naming the call.
 */
import type { ReasoningDetail, RequestMessage } from '../../../../schemas/index.ts'
import { isRecord, textOf } from '../../chat/loose.ts'

/** Whose they are: details of another format cannot be read here. */
const format = 'google-gemini-v1'

/** What stands for the signature of a call that this maker's models did not make, or that was lost on the way (the page above). */
export const foreignSignature = 'skip_thought_signature_validator'

/** `call`: the id of the call that was signed; null: a text. `index` counts the signatures of one answer. */
export function signatureDetail(data: string, call: string | null, index: number): ReasoningDetail {
  return { type: 'reasoning.encrypted', data, format, id: call, index }
}

export interface Signatures {
  /** By the id of the call. */
  readonly ofCalls: ReadonlyMap<string, string>
  readonly ofText: readonly string[]
}

export function readSignatures(details: RequestMessage['reasoning_details']): Signatures {
  const ofCalls = new Map<string, string>()
  const ofText: string[] = []
  for (const detail of details ?? []) {
    const data = isRecord(detail) && detail['format'] === format ? textOf(detail['data']) : null
    const call = isRecord(detail) ? textOf(detail['id']) : null
    if (data === null) continue
    if (call === null) ofText.push(data)
    else ofCalls.set(call, data)
  }
  return { ofCalls, ofText }
}
