/**
 * One request's trace, written down: the same value goes to the spool, is what replay reads and what the audit sinks
 * are fed from. A pure projection of the engine's state and of what the answer brought; nothing is decided here.
 */
import type { AttemptRecord, CandidateRecord, RequestRecord } from '../../../schemas/index.ts'
import type { TokenUsage } from '../chat/usage.ts'
import { costMicroUsd } from '../chat/usage.ts'
import type { RequestFacts } from '../engine/events.ts'
import type { AttemptState, RequestState } from '../engine/state.ts'
import { renderSeed } from '../routing/draw.ts'

/** What the engine does not know: who asked as whom, when on the wall clock, and what came back. */
export interface RecordContext {
  readonly id: string
  readonly correlationId: string | null
  /** ISO 8601. */
  readonly arrivedAt: string
  readonly revision: string
  readonly generation: number
  readonly project: string | null
  /** What each attempt's provider said when it failed, by attempt; key-shaped strings removed. */
  readonly messages: readonly (string | undefined)[]
  readonly finishReason: string | null
  readonly nativeFinishReason: string | null
  readonly lost: readonly string[]
  /** The smallest arrival `seq` among the requests that are still open, this one not counted; null: none is. */
  readonly oldestOpenSeq: number | null
}

/** The record of a finished request. `content` is added by the spool, which knows where it was put. */
export function recordOf(state: RequestState, context: RecordContext): RequestRecord {
  const { facts, finish, route } = state
  if (facts === null || finish === null) throw new Error('a request was recorded before it had finished')
  const answered = finish.attempt === null ? undefined : state.attempts[finish.attempt]
  const usage = answered?.usage ?? null
  const price = answered?.candidate.target.price ?? null
  return {
    id: context.id,
    ...(context.correlationId !== null && { correlation_id: context.correlationId }),
    arrived_at: context.arrivedAt,
    revision: context.revision,
    generation: context.generation,
    seed: renderSeed(facts.seed),
    route: route === null ? null : route.name,
    ...(facts.credential !== null && { credential: facts.credential }),
    ...(facts.organization !== null && { organization: facts.organization }),
    ...(context.project !== null && { project: context.project }),
    operation: facts.operation,
    model: facts.model,
    stream: facts.features.stream,
    ...(hasKeys(facts.headers) && { headers: facts.headers }),
    ...(hasKeys(facts.stickySeeds) && { sticky_seeds: facts.stickySeeds }),
    ...askedOf(facts),
    open_from_seq: context.oldestOpenSeq ?? lastSeq(state) + 1,
    events: state.events.map((event) => [event.kind, event.seq, event.atUs, 'attempt' in event ? event.attempt : null]),
    candidates: candidatesOf(state),
    attempts: state.attempts.map((attempt, index) =>
      attemptOf(attempt, keptMessage(state, attempt, context.messages[index])),
    ),
    finish: {
      outcome: finish.outcome,
      status: finish.status,
      code: finish.code,
      attempt: finish.attempt,
      retry_after_ms: finish.retryAfterMs,
      at_us: state.finishedUs ?? state.arrivedUs,
    },
    usage: usageOf(usage),
    cost_micro_usd: usage === null || price === null ? null : costMicroUsd(usage, price),
    finish_reason: context.finishReason,
    native_finish_reason: context.nativeFinishReason,
    ...(context.lost.length > 0 && { lost: [...context.lost] }),
  }
}

/** A provider may repeat the prompt in what it says of it; where no text is kept, only our own words are. */
function keptMessage({ route }: RequestState, { status }: AttemptState, message: string | undefined) {
  return route?.auditContent === 'text' || status === 0 ? message : undefined
}

/** What the request asked for, as far as decisions go by it. */
function askedOf({ features, estimate }: RequestFacts): Pick<RequestRecord, 'features' | 'estimate'> {
  return {
    features: {
      has: [...features.has],
      fields: [...features.fields],
      messages: features.messages,
      prompt_characters: features.promptCharacters,
      images: features.images,
      max_output_tokens: features.maxOutputTokens,
    },
    estimate: {
      input_tokens: estimate.inputTokens,
      ...(estimate.longestInputTokens !== undefined && { longest_input_tokens: estimate.longestInputTokens }),
      output_tokens: estimate.outputTokens,
      family: estimate.family,
    },
  }
}

/** The candidates with their verdicts, as recorded; replay compares its own with these. */
export function candidatesOf(state: RequestState): CandidateRecord[] {
  return state.candidates.map(({ target, tried, verdict }) => ({
    target: target.id,
    tried,
    ...(verdict ?? { verdict: null }),
  }))
}

export function attemptOf(attempt: AttemptState, message: string | undefined): AttemptRecord {
  return {
    target: attempt.candidate.target.id,
    pass: attempt.pass,
    limit: attempt.limit,
    limit_us: attempt.limitUs,
    started_us: attempt.startedUs,
    first_content_us: attempt.firstContentUs,
    ended_us: attempt.endedUs,
    class: attempt.class,
    status: attempt.status,
    aborted_by: attempt.abortedBy,
    retry_after_ms: attempt.retryAfterMs,
    probe: attempt.probe,
    usage: usageOf(attempt.usage),
    ...(message !== undefined && { message }),
  }
}

function lastSeq(state: RequestState): number {
  return state.events.at(-1)?.seq ?? 0
}

function usageOf(usage: TokenUsage | null): AttemptRecord['usage'] {
  if (usage === null) return null
  return {
    input: usage.inputTokens,
    output: usage.outputTokens,
    cached: usage.cachedTokens,
    reasoning: usage.reasoningTokens,
  }
}

function hasKeys(record: object): boolean {
  for (const _ in record) return true
  return false
}
