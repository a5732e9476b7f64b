/** What stands at the top of replies and stream events alike. */
import type { ServiceTier } from '../../../../schemas/index.ts'
import type { AnswerHead } from '../../chat/emit-head.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { textOf } from '../../chat/loose.ts'

const serviceTiers: ReadonlySet<unknown> = new Set(['auto', 'default', 'flex', 'scale', 'priority', 'fast'])

/**
 * Empty and zero count as not said: the first event of a stream may carry `""` and `0` everywhere (recorded,
 * 2026-11-23). A service tier that OpenAI does not know is left out.
 */
export function readHead(source: LooseRecord): AnswerHead {
  const { created, service_tier: tier } = source
  return {
    id: textOf(source['id']),
    createdSeconds: typeof created === 'number' && created >= 1 ? Math.floor(created) : null,
    model: textOf(source['model']),
    systemFingerprint: textOf(source['system_fingerprint']),
    serviceTier: isServiceTier(tier) ? tier : null,
  }
}

function isServiceTier(value: unknown): value is ServiceTier {
  return serviceTiers.has(value)
}
