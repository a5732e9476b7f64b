/**
 * Requests and attempts. Names and labels are those of OpenTelemetry's GenAI conventions where they have one, in
 * Prometheus' spelling: dots become underscores, the unit is a suffix, an annotation such as {token} is left out.
 * Sources, checked 2026-11-23: docs/gen-ai/gen-ai-metrics.md of open-telemetry/semantic-conventions-genai, stored commit
 * 004902b8cb70 (status: development), and OpenTelemetry's "Prometheus and OpenMetrics Compatibility".
 */
import type { Operation } from '../../core/routing/operation.ts'
import type { AnswerCounts, RouteCounts, TargetCounts, TargetNames } from './counts.ts'
import type { DistributionSample, Labels, Metric, Sample, Scrape } from './definition.ts'
import type { ReadDistribution } from './distribution.ts'

const genAi = ['gen_ai_operation_name', 'gen_ai_provider_name', 'gen_ai_request_model'] as const

export const requestMetrics: readonly Metric[] = [
  {
    name: 'aigw_requests_total',
    type: 'counter',
    help: 'Requests that are over, refused ones included',
    labels: ['aigw_route', 'aigw_outcome', 'http_response_status_code', 'error_type'],
    read: requests,
  },
  {
    name: 'gen_ai_server_request_duration_seconds',
    type: 'histogram',
    convention: 'gen_ai.server.request.duration',
    help: 'What a request took as its caller saw it, with every attempt in it',
    labels: [...genAi, 'error_type', 'aigw_route', 'aigw_target'],
    *read({ counts }) {
      for (const route of counts.routes()) {
        for (const [code, distribution] of byCode(route.answers)) {
          yield { labels: { ...routeLabels(route), ...errorType(code) }, distribution }
        }
      }
    },
  },
  {
    name: 'gen_ai_server_time_to_first_token_seconds',
    type: 'histogram',
    convention: 'gen_ai.server.time_to_first_token',
    help: 'Streams only: from the arrival of a request to the first content sent to its caller',
    labels: [...genAi, 'aigw_route', 'aigw_target'],
    *read({ counts }) {
      for (const route of counts.routes()) {
        if (route.firstToken !== null) yield { labels: routeLabels(route), distribution: route.firstToken }
      }
    },
  },
  {
    name: 'aigw_overhead_seconds',
    type: 'histogram',
    help: 'Our own share of the time until the head of an answer: arrival to head, less the waiting for providers',
    labels: [],
    read: ({ counts }) => [{ labels: {}, distribution: counts.overhead }],
  },
  {
    name: 'aigw_attempts_total',
    type: 'counter',
    help: 'Calls to targets that are over, by what came of them',
    labels: ['aigw_target', 'aigw_class'],
    *read({ counts }) {
      yield* summed(function* () {
        for (const { target, attempts } of counts.targets()) {
          for (const [failure, { count }] of attempts) {
            yield { labels: { aigw_target: target.id, aigw_class: failure }, value: count }
          }
        }
      })
    },
  },
  {
    name: 'gen_ai_client_operation_duration_seconds',
    type: 'histogram',
    convention: 'gen_ai.client.operation.duration',
    help: 'What a call to a target took, aborted ones included',
    labels: [...genAi, 'error_type', 'aigw_target'],
    *read({ counts }) {
      for (const { target, operation, attempts } of counts.targets()) {
        for (const [failure, distribution] of attempts) {
          const error = errorType(failure === 'ok' ? null : failure)
          yield { labels: { ...targetLabels(target, operation), ...error }, distribution }
        }
      }
    },
  },
  {
    name: 'gen_ai_client_operation_time_to_first_chunk_seconds',
    type: 'histogram',
    convention: 'gen_ai.client.operation.time_to_first_chunk',
    help: 'Streams only: from the call of a target to its first chunk with content',
    labels: [...genAi, 'aigw_target'],
    *read({ counts }) {
      for (const { target, operation, firstContent } of counts.targets()) {
        if (firstContent !== null) yield { labels: targetLabels(target, operation), distribution: firstContent }
      }
    },
  },
  {
    name: 'gen_ai_client_token_usage',
    type: 'histogram',
    convention: 'gen_ai.client.token.usage',
    help: 'Tokens a call used, where the provider said so',
    labels: [...genAi, 'gen_ai_token_type', 'aigw_target'],
    *read({ counts }) {
      for (const target of counts.targets()) yield* tokens(target)
    },
  },
]

function* requests({ counts }: Scrape): Iterable<Sample> {
  yield* summed(function* () {
    for (const { route, answers } of counts.routes()) {
      for (const { outcome, status, code, duration } of answers) {
        yield { labels: { ...named(route), aigw_outcome: outcome, ...result(status, code) }, value: duration.count }
      }
    }
    for (const { status, code, count } of counts.refusals())
      yield { labels: { aigw_outcome: 'refused', ...result(status, code) }, value: count }
  })
}

/** What is counted apart and told together: one sample for each set of labels. */
function summed(give: () => Iterable<Sample>): Iterable<Sample> {
  const sums = new Map<string, { labels: Labels; value: number }>()
  for (const { labels, value } of give()) {
    const key = JSON.stringify(labels)
    const sum = sums.get(key)
    if (sum === undefined) sums.set(key, { labels, value })
    else sum.value += value
  }
  return sums.values()
}

/** Answers that differ in outcome or status only, taken together. */
function byCode(answers: readonly AnswerCounts[]): Iterable<readonly [code: string | null, ReadDistribution]> {
  const sums = new Map<string | null, ReadDistribution>()
  for (const { code, duration } of answers) sums.set(code, sumOf(sums.get(code), duration))
  return sums
}

function sumOf(left: ReadDistribution | undefined, right: ReadDistribution): ReadDistribution {
  if (left === undefined) return right
  return {
    bounds: left.bounds,
    counts: left.counts.map((count, bucket) => count + (right.counts[bucket] ?? 0)),
    sum: left.sum + right.sum,
    count: left.count + right.count,
  }
}

function* tokens({ target, operation, inputTokens, outputTokens }: TargetCounts): Iterable<DistributionSample> {
  const labels = targetLabels(target, operation)
  if (inputTokens !== null) yield { labels: { ...labels, gen_ai_token_type: 'input' }, distribution: inputTokens }
  if (outputTokens !== null) yield { labels: { ...labels, gen_ai_token_type: 'output' }, distribution: outputTokens }
}

function routeLabels({ route, operation, target }: RouteCounts): Labels {
  const common = { gen_ai_operation_name: operation, ...named(route) }
  return target === null ? common : { ...common, ...targetLabels(target, operation) }
}

function targetLabels({ id, provider, model }: TargetNames, operation: Operation): Labels {
  return {
    gen_ai_operation_name: operation,
    gen_ai_provider_name: provider,
    gen_ai_request_model: model,
    aigw_target: id,
  }
}

function named(route: string): Labels {
  return route === '' ? {} : { aigw_route: route }
}

function result(status: number, code: string | null): Labels {
  return { http_response_status_code: String(status), ...errorType(code) }
}

function errorType(code: string | null): Labels {
  return code === null ? {} : { error_type: code }
}
