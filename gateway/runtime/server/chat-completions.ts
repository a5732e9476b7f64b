/** `POST /v1/chat/completions`: what its body asks for. */
import { validateChatCompletionRequest } from '../../../schemas/validate-chat-completion-request.ts'
import { estimateTokens, readFeatures } from '../../core/chat/features.ts'
import { ChatOperation } from '../operations/chat.ts'
import { type Asked, checkBody } from './exchange.ts'
import type { JsonBody } from './json-body.ts'

export function readChat({ source, value }: JsonBody): Asked {
  const body = checkBody(validateChatCompletionRequest(value))
  const features = readFeatures(body)
  return {
    name: 'chat',
    operation: new ChatOperation(body, source),
    model: body.model,
    user: body.user ?? null,
    features,
    estimate: estimateTokens(features),
  }
}
