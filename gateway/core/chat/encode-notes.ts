/** What encoding one request comes across: values that could not be carried as they are, or not at all. */
import type { FailureClass, ProviderFailure } from './failure.ts'
import type { RequestField } from './request-fields.ts'

export class EncodeNotes {
  /** Besides what the loss table says of the fields themselves; as `EncodedRequest.lost` names it. */
  readonly lost = new Set<string>()
  /** The first thing that makes the request impossible here. */
  failure: ProviderFailure | null = null

  /** Something near the value is sent instead of it, or the value is left out for another's sake. */
  approximate(field: RequestField): void {
    this.lost.add(`${field};approximated`)
  }

  /** The value is left out, and nothing stands for it. */
  leaveOut(field: RequestField): void {
    this.lost.add(field)
  }

  /** Another target may well take it. `param` says where, as OpenAI does (`messages[2].content[0]`). */
  refuse(param: string, why: string): void {
    this.fail('unsupported_by_target', param, `${param} cannot be expressed: ${why}`)
  }

  /** No target could take it. */
  reject(param: string, why: string): void {
    this.fail('invalid_request', param, `${param} is not valid: ${why}`)
  }

  private fail(failureClass: FailureClass, param: string, message: string): void {
    this.failure ??= {
      class: failureClass,
      status: 0,
      message,
      code: null,
      type: null,
      param,
      retryAfterMs: null,
    }
  }
}
