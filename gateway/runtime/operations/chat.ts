/** Chat: what `POST /v1/chat/completions` asks of a target. */
import type { ChatCompletionRequest } from '../../../schemas/index.ts'
import type { ProviderFailure } from '../../core/chat/failure.ts'
import type { RequestFeatures } from '../../core/chat/features.ts'
import type { PreparedTarget } from '../reload/generations.ts'
import { encodeAttempt } from '../transport/attempt-request.ts'
import type { CallerRequest, EncodedAttempt, Operation } from './operation.ts'

export class ChatOperation implements Operation {
  private readonly body: ChatCompletionRequest
  /** The text `body` was parsed from. */
  private readonly source: string

  constructor(body: ChatCompletionRequest, source: string) {
    this.body = body
    this.source = source
  }

  encode(
    prepared: PreparedTarget,
    { id, headers, rawBody }: CallerRequest,
    { fields }: RequestFeatures,
  ): EncodedAttempt | { readonly failure: ProviderFailure } {
    return encodeAttempt(prepared, { id, headers, rawBody, body: this.body, source: this.source }, fields)
  }
}
