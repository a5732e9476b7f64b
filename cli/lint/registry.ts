/** Every rule by its id. A rule that is missing here is named by tsc. */
import type { Rule } from './rule.ts'
import type { RuleId } from './rule-ids.ts'
import { boundaryWithoutRegion } from './rules/boundary-without-region.ts'
import { credentialWithoutRoute } from './rules/credential-without-route.ts'
import { deadCredential } from './rules/dead-credential.ts'
import { failoverLeavesRegion } from './rules/failover-leaves-region.ts'
import { featureLostEverywhere } from './rules/feature-lost-everywhere.ts'
import { forwardsCredentials } from './rules/forwards-credentials.ts'
import { impossibleMatch } from './rules/impossible-match.ts'
import { invalidSuppression } from './rules/invalid-suppression.ts'
import { keyOverPlainHttp } from './rules/key-over-plain-http.ts'
import { latencyTargetOnLast } from './rules/latency-target-on-last.ts'
import { latencyTargetWithoutEffect } from './rules/latency-target-without-effect.ts'
import { lossLeavesOneTarget } from './rules/loss-leaves-one-target.ts'
import { mixedEmbeddings } from './rules/mixed-embeddings.ts'
import { narrowFailover } from './rules/narrow-failover.ts'
import { noSelfHostedLastResort } from './rules/no-self-hosted-last-resort.ts'
import { oneTargetForLongRequests } from './rules/one-target-for-long-requests.ts'
import { priceUnknown } from './rules/price-unknown.ts'
import { quotaCoversNobody } from './rules/quota-covers-nobody.ts'
import { recordedApproximation } from './rules/recorded-approximation.ts'
import { recordedLatencyMissed } from './rules/recorded-latency-missed.ts'
import { recordedLoss } from './rules/recorded-loss.ts'
import { recordedRefusal } from './rules/recorded-refusal.ts'
import { recordedWithoutRoute } from './rules/recorded-without-route.ts'
import { redundantPattern } from './rules/redundant-pattern.ts'
import { repeatedTarget } from './rules/repeated-target.ts'
import { retiredModel } from './rules/retired-model.ts'
import { retiringModel } from './rules/retiring-model.ts'
import { shadowedMatch } from './rules/shadowed-match.ts'
import { singleKey } from './rules/single-key.ts'
import { singleProvider } from './rules/single-provider.ts'
import { singleRegion } from './rules/single-region.ts'
import { singleTarget } from './rules/single-target.ts'
import { starvedTarget } from './rules/starved-target.ts'
import { unknownModel } from './rules/unknown-model.ts'
import { unmeetableLatencyTarget } from './rules/unmeetable-latency-target.ts'
import { unreachableRoute } from './rules/unreachable-route.ts'
import { unusedConnection } from './rules/unused-connection.ts'
import { unusedModelFacts } from './rules/unused-model-facts.ts'
import { unusedSuppression } from './rules/unused-suppression.ts'
import { weakKey } from './rules/weak-key.ts'
import { wildcardBeforeExact } from './rules/wildcard-before-exact.ts'

export const rules: Readonly<Record<RuleId, Rule>> = {
  'unreachable-route': unreachableRoute,
  'wildcard-before-exact': wildcardBeforeExact,
  'shadowed-match': shadowedMatch,
  'redundant-pattern': redundantPattern,
  'impossible-match': impossibleMatch,
  'credential-without-route': credentialWithoutRoute,
  'dead-credential': deadCredential,
  'recorded-without-route': recordedWithoutRoute,
  'single-target': singleTarget,
  'single-provider': singleProvider,
  'single-region': singleRegion,
  'single-key': singleKey,
  'repeated-target': repeatedTarget,
  'no-self-hosted-last-resort': noSelfHostedLastResort,
  'narrow-failover': narrowFailover,
  'one-target-for-long-requests': oneTargetForLongRequests,
  'starved-target': starvedTarget,
  'unmeetable-latency-target': unmeetableLatencyTarget,
  'recorded-latency-missed': recordedLatencyMissed,
  'latency-target-without-effect': latencyTargetWithoutEffect,
  'latency-target-on-last': latencyTargetOnLast,
  'retired-model': retiredModel,
  'retiring-model': retiringModel,
  'unknown-model': unknownModel,
  'price-unknown': priceUnknown,
  'unused-model-facts': unusedModelFacts,
  'unused-connection': unusedConnection,
  'quota-covers-nobody': quotaCoversNobody,
  'mixed-embeddings': mixedEmbeddings,
  'feature-lost-everywhere': featureLostEverywhere,
  'loss-leaves-one-target': lossLeavesOneTarget,
  'recorded-loss': recordedLoss,
  'recorded-refusal': recordedRefusal,
  'recorded-approximation': recordedApproximation,
  'boundary-without-region': boundaryWithoutRegion,
  'failover-leaves-region': failoverLeavesRegion,
  'weak-key': weakKey,
  'key-over-plain-http': keyOverPlainHttp,
  'forwards-credentials': forwardsCredentials,
  'invalid-suppression': invalidSuppression,
  'unused-suppression': unusedSuppression,
}
