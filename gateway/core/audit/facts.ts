/** A record, read back into what the engine was told: the other direction of `record.ts`. */
import type { RequestRecord } from '../../../schemas/index.ts'
import type { AttemptEnd, EngineEvent, RequestFacts } from '../engine/events.ts'
import { failureClasses } from '../chat/failure.ts'
import type { FailureClass } from '../chat/failure.ts'
import { parseSeed } from '../routing/draw.ts'

/** The facts a recorded request was decided on. */
export function factsOfRecord(record: RequestRecord): RequestFacts {
  const { features, estimate } = record
  return {
    seed: parseSeed(record.seed) ?? { high: 0, low: 0 },
    operation: record.operation ?? 'chat',
    model: record.model,
    credential: record.credential ?? null,
    organization: record.organization ?? null,
    headers: record.headers ?? {},
    features: {
      stream: record.stream,
      has: features.has,
      fields: features.fields,
      messages: features.messages,
      promptCharacters: features.prompt_characters,
      images: features.images,
      maxOutputTokens: features.max_output_tokens,
    },
    estimate: {
      inputTokens: estimate.input_tokens,
      ...(estimate.longest_input_tokens !== undefined && { longestInputTokens: estimate.longest_input_tokens }),
      outputTokens: estimate.output_tokens,
      family: estimate.family,
    },
    stickySeeds: record.sticky_seeds ?? {},
  }
}

/** The events a recorded request was driven by, as they were. */
export function eventsOfRecord(record: RequestRecord): EngineEvent[] {
  return record.events.map(([kind, seq, atUs, attempt]) => {
    const stamp = { atUs, seq }
    switch (kind) {
      case 'arrived':
        return { kind, facts: factsOfRecord(record), ...stamp }
      case 'classified':
        return { kind, route: record.route ?? null, ...stamp }
      case 'refused':
        return { kind, retryAfterMs: record.finish.retry_after_ms, ...stamp }
      case 'ended':
        return { kind, attempt: attempt ?? 0, ...endOf(record, attempt ?? 0), ...stamp }
      case 'firstContent':
      case 'timer':
        return { kind, attempt: attempt ?? 0, ...stamp }
      case 'reserved':
      case 'callerGone':
        return { kind, ...stamp }
      default:
        return kind satisfies never
    }
  })
}

/** How one recorded attempt ended. */
export function endOf(record: Pick<RequestRecord, 'attempts'>, attempt: number): AttemptEnd {
  const recorded = record.attempts[attempt]
  const usage = recorded?.usage ?? null
  return {
    class: classOf(recorded?.class ?? null),
    status: recorded?.status ?? 0,
    retryAfterMs: recorded?.retry_after_ms ?? null,
    usage:
      usage === null
        ? null
        : {
            inputTokens: usage.input,
            outputTokens: usage.output,
            cachedTokens: usage.cached,
            reasoningTokens: usage.reasoning,
          },
  }
}

/** A class as it was written down; a word this version does not know counts as `server_error`. */
export function classOf(text: string | null): 'ok' | FailureClass {
  if (text === 'ok') return 'ok'
  return failureClasses.find((known) => known === text) ?? 'server_error'
}
