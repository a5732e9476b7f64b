/** What encoding one request comes across: values that could not be carried as they are, or not at all. */
import type { ProviderFailure } from '../../chat/failure.ts'
import type { RequestField } from '../../chat/request-fields.ts'

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

  /** `param` says where, as OpenAI does (`messages[2].content[0]`). */
  refuse(param: string, why: string): void {
    this.failure ??= {
      class: 'unsupported_by_target',
      status: 0,
      message: `${param} cannot be expressed: ${why}`,
      code: null,
      type: null,
      param,
      retryAfterMs: null,
    }
  }
}
