/** Every rule, in the order of the manual. An id is never renamed once released: it stands in comments and in aigw.yaml. */
export const ruleIds = [
  // Which requests come to a route.
  'unreachable-route',
  'wildcard-before-exact',
  'shadowed-match',
  'redundant-pattern',
  'impossible-match',
  'credential-without-route',
  'dead-credential',
  'recorded-without-route',
  // What is left when something fails.
  'single-target',
  'single-provider',
  'single-region',
  'single-key',
  'repeated-target',
  'no-self-hosted-last-resort',
  'narrow-failover',
  'one-target-for-long-requests',
  // Times.
  'starved-target',
  'unmeetable-latency-target',
  'recorded-latency-missed',
  'latency-target-without-effect',
  'latency-target-on-last',
  // Models and money.
  'retired-model',
  'retiring-model',
  'unknown-model',
  'price-unknown',
  'unused-model-facts',
  'unused-connection',
  'quota-covers-nobody',
  'mixed-embeddings',
  // What a target cannot carry.
  'feature-lost-everywhere',
  'loss-leaves-one-target',
  'recorded-loss',
  'recorded-refusal',
  'recorded-approximation',
  // Where prompts and keys go.
  'boundary-without-region',
  'failover-leaves-region',
  'weak-key',
  'key-over-plain-http',
  'forwards-credentials',
  // Lint itself.
  'invalid-suppression',
  'unused-suppression',
] as const

export type RuleId = (typeof ruleIds)[number]

const known: ReadonlySet<string> = new Set(ruleIds)

export function isRuleId(name: string): name is RuleId {
  return known.has(name)
}

/** They judge comments, and no comment speaks for them; aigw.yaml can switch them off. */
export const commentRuleIds: ReadonlySet<string> = new Set<RuleId>(['invalid-suppression', 'unused-suppression'])
