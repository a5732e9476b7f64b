/**
 * Reasoning with the signature its maker asks for when it comes back, as one provider gives it (`reasoning_details`: in
 * two recordings, 2026-11-23). Whole replies hold whole pieces; a stream sends fragments of the same type and index, the
 * signature with the last of them (https://openrouter.ai/docs/use-cases/reasoning-tokens, checked 2026-11-23).
 */
import type { ReasoningDetail } from '../../../../schemas/index.ts'
import { isRecord, textOf } from '../../chat/loose.ts'

/** Texts of a piece; null is said by some where there is none, and kept, since pieces go back as they came. */
const texts = ['text', 'summary', 'signature', 'data', 'format', 'id'] as const

/** Those that come in fragments. */
const growing: ReadonlySet<string> = new Set(['text', 'summary'])

/** Pieces without a type cannot be sent back; they are left out. Null when nothing is left. */
export function readReasoningDetails(value: unknown): ReasoningDetail[] | null {
  if (!Array.isArray(value)) return null
  const details: ReasoningDetail[] = []
  for (const one of value) {
    const type = isRecord(one) ? textOf(one['type']) : null
    if (!isRecord(one) || type === null) continue
    const detail: ReasoningDetail = { type }
    for (const name of texts) {
      const told = one[name]
      if (typeof told === 'string' || told === null) detail[name] = told
    }
    const { index } = one
    if (typeof index === 'number' && Number.isSafeInteger(index) && index >= 0) detail.index = index
    details.push(detail)
  }
  return details.length === 0 ? null : details
}

/** Adds fragments to the pieces they belong to. Changes the list. */
export function mergeReasoningDetails(details: ReasoningDetail[], fragments: readonly ReasoningDetail[]): void {
  for (const fragment of fragments) {
    const open = details.find((detail) => belongs(fragment, detail))
    if (open === undefined) details.push(fragment)
    else append(open, fragment)
  }
}

/** What is encrypted comes whole: a second one is another piece, whatever its index. */
function belongs(fragment: ReasoningDetail, detail: ReasoningDetail): boolean {
  if (fragment.index === undefined || fragment.index !== detail.index || fragment.type !== detail.type) return false
  return typeof fragment.data !== 'string' || typeof detail.data !== 'string'
}

function append(detail: ReasoningDetail, fragment: ReasoningDetail): void {
  for (const name of texts) {
    const told = fragment[name]
    if (told === undefined || (told === null && detail[name] !== undefined)) continue
    const before = detail[name]
    detail[name] = growing.has(name) && typeof before === 'string' && told !== null ? before + told : told
  }
}
