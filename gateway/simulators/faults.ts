/** Which of a behaviour's faults hit one request. */
import type { BehaviourPatch, EndingFault, Fault, FaultKind } from './behaviour.ts'
import { draw } from './draw.ts'
import type { Wire } from './wire.ts'

export interface FaultPlan {
  readonly ending: EndingFault | null
  /** What waiting times are multiplied by. */
  readonly slowness: number
  /** What is added before the first content. */
  readonly extraMs: number
  readonly comments: boolean
  readonly omitDone: boolean
  readonly kinds: readonly FaultKind[]
}

export interface FaultSubject {
  readonly seed: number
  /** The request's number: draws of one request never depend on another's. */
  readonly request: number
  readonly model: unknown
}

const nothingWrong: FaultPlan = { ending: null, slowness: 1, extraMs: 0, comments: false, omitDone: false, kinds: [] }

export function planFaults(faults: readonly Fault[], { seed, request, model }: FaultSubject): FaultPlan {
  if (faults.length === 0) return nothingWrong
  const hits = faults.filter(
    (fault, index) =>
      (fault.share === undefined || draw(seed, request, index) < fault.share) &&
      (fault.model === undefined || fault.model === model),
  )
  let ending: EndingFault | null = null
  let { slowness, extraMs } = nothingWrong
  for (const fault of hits) {
    if (fault.kind === 'slow') {
      slowness *= fault.factor ?? 1
      extraMs += fault.extraMs ?? 0
    } else if (fault.kind !== 'comments' && fault.kind !== 'no_done') {
      ending ??= fault
    }
  }
  const has = (kind: FaultKind) => hits.some((fault) => fault.kind === kind)
  const kinds = hits.map((fault) => fault.kind)
  return { ending, slowness, extraMs, comments: has('comments'), omitDone: has('no_done'), kinds }
}

/** What in a change of behaviour cannot be told on this wire, in words; null: all of it can. */
export function faultProblem({ faults = [], next = [] }: BehaviourPatch, wire: Wire): string | null {
  const all = [...faults, ...next.flatMap((patch) => patch.faults ?? [])]
  const odd = all.find(({ kind }) => wire.withoutFaults.includes(kind))
  return odd === undefined ? null : `the ${wire.name} wire has no fault ${odd.kind}: leave it out`
}
