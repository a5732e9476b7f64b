/** Options that are no part of the conversation: limits, stops, tiers, metadata. */
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import { isRecord } from '../../chat/loose.ts'
import { ownFields } from './losses.ts'
import { isBlank } from './parts.ts'

type Fields = Record<string, unknown>

/** "The stop sequence … must contain non-whitespace": said of Claude, and a blank one means nothing to anyone. */
export function encodeStop(stop: ChatCompletionRequest['stop'], notes: EncodeNotes): string[] {
  const asked = typeof stop === 'string' ? [stop] : (stop ?? [])
  const sent = asked.filter((sequence) => !isBlank(sequence))
  if (asked.some((sequence) => sequence !== '' && isBlank(sequence))) notes.approximate('stop')
  return sent
}

/** `ServiceTierType` of the client's types (3.1164.0, read 2026-11-24), save `reserved`, which OpenAI has no word for. */
const tiers: ReadonlySet<string> = new Set(['default', 'flex', 'priority'])

/** What the caller says in this language's own fields stands. */
export function encodeOptions(request: ChatCompletionRequest, notes: EncodeNotes): Fields {
  const options: Fields = {}
  const tier = request.service_tier ?? 'auto'
  if (tiers.has(tier)) options['serviceTier'] = { type: tier }
  else if (tier !== 'auto') notes.leaveOut('service_tier')
  const metadata = encodeMetadata(request.metadata, notes)
  if (Object.keys(metadata).length > 0) options['requestMetadata'] = metadata
  for (const field of ownFields) {
    const value = request[field]
    if (value !== undefined && value !== null) options[field] = value
  }
  return options
}

/**
 * At most 16 pairs, both of these letters (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html,
 * `requestMetadata`, read 2026-11-24).
 */
const plainMetadata = /^[a-zA-Z0-9\s:_@$#=/+,.-]{0,256}$/
const mostPairs = 16

function encodeMetadata(metadata: unknown, notes: EncodeNotes): Record<string, string> {
  const sent: Record<string, string> = {}
  if (!isRecord(metadata)) return sent
  const pairs = Object.entries(metadata)
  for (const [key, value] of pairs) {
    const isTaken = typeof value === 'string' && plainMetadata.test(value) && key !== '' && plainMetadata.test(key)
    if (isTaken && Object.keys(sent).length < mostPairs) Object.defineProperty(sent, key, { value, enumerable: true })
  }
  if (Object.keys(sent).length < pairs.length) notes.approximate('metadata')
  return sent
}
