/** What a caller can ask for, and what a target is able to answer. */
import type { LossTable } from '../dialects/losses.ts'
import type { CompiledTarget } from './table.ts'

/** As OpenTelemetry's GenAI conventions name them in `gen_ai.operation.name` (checked 2026-11-24). */
export type Operation = 'chat' | 'embeddings'

/**
 * The rows of what the target loses of such a request; null: it answers none. One table of a target is for its chat, the
 * other for its embeddings, and neither says anything about the other's requests.
 */
export function lossesFor(target: CompiledTarget, operation: Operation): LossTable | null {
  if (operation === 'embeddings') return target.embeddings?.losses ?? null
  return target.dialect === null ? null : target.encode.losses
}
