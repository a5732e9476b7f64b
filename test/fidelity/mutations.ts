/**
 * One changed rule each: what a careless edit of the engine could look like. The recorded traffic, replayed through an
 * engine with any one of these, must come out different, or the fidelity test would prove nothing about that rule.
 */
export interface Mutation {
  readonly rule: string
  /** Under `gateway/core`. */
  readonly file: string
  readonly from: string
  readonly to: string
}

const engine = (rule: string, file: string, from: string, to: string): Mutation => ({
  rule,
  file: `engine/${file}`,
  from,
  to,
})
const routing = (rule: string, file: string, from: string, to: string): Mutation => ({
  rule,
  file: `routing/${file}`,
  from,
  to,
})

export const mutations: readonly Mutation[] = [
  // the draw and the order
  routing(
    'the draw mixes both halves of the seed',
    'draw.ts',
    'Math.imul(seed.low, 0x9e3779b1)',
    'Math.imul(seed.low, 0x9e3779b3)',
  ),
  routing('a weight divides the score', 'order.ts', '/ target.weight', '/ Math.sqrt(target.weight)'),
  routing('the others follow in manifest order', 'order.ts', 'order.push(index)', 'order.splice(1, 0, index)'),
  routing('sticky routes draw by their key', 'order.ts', '?? facts.seed', '&& facts.seed'),
  routing(
    'least_latency takes the fastest',
    'order.ts',
    'shared.healthOf(target).latencyUs() ?? -1',
    '-(shared.healthOf(target).latencyUs() ?? -1)',
  ),
  routing('least_cost takes the cheapest', 'order.ts', '?? Number.POSITIVE_INFINITY)', '?? 0) * -1'),
  routing('the moving average weighs the newest sample', 'health.ts', 'latencyWeight = 0.2', 'latencyWeight = 0.5'),
  // matching
  routing('a route may ask for streams', 'match.ts', 'match.stream !== null &&', 'match.stream === null &&'),
  routing(
    'a route may ask for features',
    'match.ts',
    '!facts.features.has.includes(feature)',
    'facts.features.has.includes(feature)',
  ),
  routing('a route may ask for headers', 'match.ts', '!values.has(value)', 'values.has(value)'),
  // admissibility
  routing(
    'a context window holds',
    'admit.ts',
    'neededTokens > target.contextWindow',
    'neededTokens > 2 * target.contextWindow',
  ),
  routing('a cost cap holds', 'admit.ts', 'estimateMicroUsd > target.maxMicroUsdPerRequest', 'estimateMicroUsd < 0'),
  routing(
    'a missing secret rules out',
    'admit.ts',
    'missingSecrets.has(target.connection.name)',
    'missingSecrets.has(target.model)',
  ),
  routing('a loss can be refused', 'admit.ts', 'route.refuseLoss)', '!route.refuseLoss)'),
  routing(
    'the output counts towards the context',
    'admit.ts',
    'const neededTokens = (longestInputTokens ?? inputTokens) + (outputTokens ?? 0)',
    'const neededTokens = longestInputTokens ?? inputTokens',
  ),
  routing(
    'of embeddings each input must fit the context, not their sum',
    'admit.ts',
    '(longestInputTokens ?? inputTokens)',
    'inputTokens',
  ),
  routing('inputs at once are bounded', 'admit.ts', 'inputs > limit', 'inputs > 2 * limit'),
  routing(
    'embeddings have losses of their own, and not everyone has them',
    'operation.ts',
    'target.embeddings?.losses ?? null',
    'target.encode.losses',
  ),
  routing(
    'requests at once are bounded',
    'ceilings.ts',
    'this.concurrent >= maxConcurrent',
    'this.concurrent > maxConcurrent',
  ),
  routing('requests a minute are bounded', 'ceilings.ts', 'used >= requestsPerMinute', 'used > requestsPerMinute'),
  routing(
    'tokens a minute are bounded',
    'ceilings.ts',
    'used + estimatedTokens > tokensPerMinute',
    'used > tokensPerMinute',
  ),
  routing('real usage replaces the estimate', 'ceilings.ts', 'usedTokens - estimatedTokens', '0'),
  // health
  routing(
    'five failures in a row open',
    'health.ts',
    'this.consecutive >= settings.consecutiveFailures',
    'this.consecutive > settings.consecutiveFailures',
  ),
  routing(
    'half of twenty open',
    'health.ts',
    'seen >= settings.minimumRequests',
    'seen >= settings.minimumRequests + 8',
  ),
  routing(
    'the ratio is a half',
    'health.ts',
    'bad / seen >= settings.failureRatio',
    'bad / seen >= settings.failureRatio + 0.2',
  ),
  routing('the time open doubles', 'health.ts', 'this.openForUs * 2', 'this.openForUs * 3'),
  routing(
    'the time open is bounded',
    'health.ts',
    'Math.min(this.openForUs * 2, settings.maxOpenUs)',
    'this.openForUs * 2',
  ),
  routing(
    'one probe at a time',
    'health.ts',
    "this.breaker !== 'closed' && this.probing",
    "this.breaker === 'closed' && this.probing",
  ),
  routing('a success closes', 'health.ts', "    this.breaker = 'closed'\n", "    this.breaker = 'half_open'\n"),
  routing(
    'a success ends the row',
    'health.ts',
    '  succeeded(atUs: number, probe: boolean, settings: HealthSettings): HealthChange | null {\n    this.consecutive = 0',
    '  succeeded(atUs: number, probe: boolean, settings: HealthSettings): HealthChange | null {',
  ),
  routing(
    'a probe that fails opens again',
    'health.ts',
    'if (probe) return this.open(failure, atUs, settings)',
    'if (probe) return this.coolDown(failure, atUs, context)',
  ),
  routing(
    'a probe given up frees its place',
    'health.ts',
    'if (probe) this.probing = false',
    'if (probe) this.probing = true',
  ),
  routing('a rate limit cools down for its own time', 'health.ts', '? settings.rateLimitedUs', '? settings.quotaUs'),
  routing('the provider says how long', 'health.ts', 'Math.round(retryAfterMs * 1000)', 'settings.rateLimitedUs'),
  routing(
    'quota cools down for its own time',
    'health.ts',
    'return settings.quotaUs',
    'return settings.misconfiguredUs',
  ),
  routing(
    'misconfiguration cools down for its own time',
    'health.ts',
    'return settings.misconfiguredUs',
    'return settings.quotaUs',
  ),
  {
    rule: 'a timeout counts',
    file: 'chat/failure.ts',
    from: "timeout: { failsOver: true, health: 'counts' }",
    to: "timeout: { failsOver: true, health: 'none' }",
  },
  {
    rule: 'a missed latency target does not count',
    file: 'chat/failure.ts',
    from: "latency: { failsOver: true, health: 'none' }",
    to: "latency: { failsOver: true, health: 'counts' }",
  },
  {
    rule: "the caller's mistake comes back",
    file: 'chat/failure.ts',
    from: 'invalid_request: { failsOver: false',
    to: 'invalid_request: { failsOver: true',
  },
  {
    rule: 'a long context goes on',
    file: 'chat/failure.ts',
    from: 'context_length: { failsOver: true',
    to: 'context_length: { failsOver: false',
  },
  {
    rule: 'a connection failure counts',
    file: 'chat/failure.ts',
    from: "connection: { failsOver: true, health: 'counts' }",
    to: "connection: { failsOver: true, health: 'alive' }",
  },
  // times
  engine(
    'the deadline is divided among those left',
    'choose.ts',
    '(deadlineUs - atUs) / remaining',
    '(deadlineUs - atUs) / (remaining + 1)',
  ),
  engine(
    'an attempt timeout holds',
    'choose.ts',
    'limitUs = atUs + attemptTimeoutUs',
    'limitUs = atUs + 2 * attemptTimeoutUs',
  ),
  engine(
    'no latency target without a candidate behind',
    'choose.ts',
    "pass === 'first' && remaining > 1 && maxLatencyUs !== null",
    "pass === 'first' && maxLatencyUs !== null",
  ),
  engine(
    'no latency target the second time',
    'choose.ts',
    "pass === 'first' && remaining > 1 && maxLatencyUs",
    'remaining > 1 && maxLatencyUs',
  ),
  engine(
    'what was late runs once more',
    'choose.ts',
    "pick(state, 'late', (candidate) => candidate.tried && mayRun(candidate) && isAdmissible(candidate)) ??",
    '',
  ),
  engine(
    'late comes before forced',
    'choose.ts',
    'candidate.tried && mayRun(candidate) && isAdmissible(candidate)',
    'candidate.tried && mayRun(candidate) && isHeldBackByHealth(candidate)',
  ),
  engine(
    'a breaker never refuses a caller',
    'choose.ts',
    'mayRun(candidate) && isHeldBackByHealth(candidate)',
    'candidate.tried && mayRun(candidate) && isHeldBackByHealth(candidate)',
  ),
  engine(
    'a default share missed is only late',
    'step.ts',
    "attempt.limit === 'latency' || attempt.limit === 'share'",
    "attempt.limit === 'latency'",
  ),
  engine(
    'a latency target missed is only late',
    'step.ts',
    "attempt.limit === 'latency' || attempt.limit === 'share'",
    "attempt.limit === 'share'",
  ),
  engine(
    'the deadline ends it',
    'step.ts',
    "if (attempt.limit === 'deadline')",
    "if (attempt.limit === 'attempt_timeout')",
  ),
  engine('failover.on is obeyed', 'step.ts', '&& matched.failoverOn.has(failed)', ''),
  // ends
  engine(
    'all rate limited is 429',
    'exhausted.ts',
    "if (all('rate_limited', 'quota')) return failed(429",
    "if (all('rate_limited', 'quota')) return failed(502",
  ),
  engine('the smallest time to come back', 'exhausted.ts', 'ms < smallest', 'ms > smallest'),
  engine('the deadline is 504', 'exhausted.ts', 'failed(504', 'failed(502'),
  engine('nothing admissible is 503', 'exhausted.ts', '? 503 : 502', '? 502 : 503'),
  engine('a cut stream is broken', 'step.ts', "outcome: 'broken'", "outcome: 'failed'"),
  engine('a caller who left is told apart', 'step.ts', "failure(499, 'caller_gone'", "failure(502, 'caller_gone'"),
  engine(
    "a mistake keeps the provider's status",
    'step.ts',
    'attempt.status < 500 ? attempt.status : 400',
    'attempt.status < 500 ? 422 : 400',
  ),
]
