/**
 * Counts what of requests would not reach the targets that serve them as it was asked for, by the same table the encoder
 * goes by. A record says which parts a request had and not what stood in them, so losses that depend on a value are told
 * apart, and those that only a value can bring about (an image format nobody reads) are not foreseen.
 */
import { foreignName, isRequestField } from '../../gateway/core/chat/request-fields.ts'
import { lossOf } from '../../gateway/core/dialects/losses.ts'
import { isEmbeddingsField } from '../../gateway/core/embeddings/fields.ts'
import type { RequestFacts } from '../../gateway/core/engine/events.ts'
import type { RequestState } from '../../gateway/core/engine/state.ts'
import { lossesFor } from '../../gateway/core/routing/operation.ts'
import type { CompiledTarget } from '../../gateway/core/routing/table.ts'

/**
 * - dropped, approximated: the target served the request, and this is what became of the part;
 * - perhaps_approximated: the same, if the value was above `above`;
 * - skipped: the target was passed over because of the part.
 */
export type PartFate = 'dropped' | 'approximated' | 'perhaps_approximated' | 'skipped'

export interface PartCount {
  readonly target: string
  readonly part: string
  readonly fate: PartFate
  readonly above: number | null
  requests: number
}

/** There are fewer parts than this; names that callers make up could be any number. */
const mostPartsOfTarget = 200

export class LossCount {
  /** Served requests of which at least one part was certainly dropped or approximated. */
  requests = 0
  /** Served requests of which nobody has recorded what they asked for. */
  unknown = 0
  private readonly counts = new Map<string, Map<string, PartCount>>()

  /** `known`: were the parts of the request recorded? */
  count(state: RequestState, served: CompiledTarget | null, known: boolean): void {
    for (const { target, verdict } of state.candidates) {
      if (verdict?.verdict !== 'cannot_express') continue
      for (const field of verdict.fields) this.add(target, field, { fate: 'skipped', above: null })
    }
    if (served === null) return
    if (!known) this.unknown += 1
    else if (state.facts !== null && this.countServed(served, state.facts)) this.requests += 1
  }

  /** Sorted by target, then by how many requests. */
  parts(): PartCount[] {
    return [...this.counts.entries()]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .flatMap(([, parts]) => [...parts.values()].toSorted((left, right) => right.requests - left.requests))
  }

  private countServed(target: CompiledTarget, { operation, features }: RequestFacts): boolean {
    const table = lossesFor(target, operation)
    if (table === null) return false
    let loses = false
    for (const field of features.fields) {
      const { fidelity, above = null } = lossOf(table, field)
      if (fidelity !== 'dropped' && fidelity !== 'approximated') continue
      const perhaps = above !== null
      loses ||= !perhaps
      this.add(target, field, { fate: perhaps ? 'perhaps_approximated' : fidelity, above })
    }
    return loses
  }

  private add({ id }: CompiledTarget, field: string, { fate, above }: Pick<PartCount, 'fate' | 'above'>): void {
    const parts = this.counts.get(id) ?? new Map<string, PartCount>()
    this.counts.set(id, parts)
    // Records of others may hold any text.
    const name = isRequestField(field) || isEmbeddingsField(field) ? field : foreignName(field)
    const part = parts.size < mostPartsOfTarget || parts.has(`${name} ${fate}`) ? name : foreignName('')
    const key = `${part} ${fate}`
    const count = parts.get(key)
    if (count === undefined) parts.set(key, { target: id, part, fate, above, requests: 1 })
    else count.requests += 1
  }
}
