/** Rows of a loss table that are not the same for every model of a language, told by family and version. */
import type { RequestField } from '../../gateway/core/chat/request-fields.ts'
import { requestFields } from '../../gateway/core/chat/request-fields.ts'
import type { Dialect, ModelKind } from '../../gateway/core/dialects/dialect.ts'
import type { Loss, OwnLosses } from '../../gateway/core/dialects/losses.ts'

/** A row that differs from the language's own, and for which models it does: `claude-x from 4.0, before 4.5`. */
export interface ModelRow {
  readonly part: RequestField
  readonly loss: Loss
  readonly models: readonly string[]
}

export function rowsByModel({ modelKinds = [], modelLosses, losses }: Dialect): ModelRow[] {
  if (modelLosses === undefined) return []
  const kinds = modelKinds.map((kind) => ({ kind, rows: modelLosses(kind.model) }))
  return requestFields.flatMap((part) => rowsOfPart(part, kinds, losses[part]))
}

interface KindRows {
  readonly kind: ModelKind
  readonly rows: OwnLosses
}

function rowsOfPart(part: RequestField, kinds: readonly KindRows[], usual: Loss): ModelRow[] {
  const runs = new Map<string, { loss: Loss; kinds: ModelKind[] }>()
  let last = ''
  for (const { kind, rows } of kinds) {
    const loss = rows[part] ?? usual
    const key = JSON.stringify(loss)
    const run = runs.get(key)
    const end = run?.kinds.at(-1)
    if (run === undefined) runs.set(key, { loss, kinds: [kind] })
    // Versions that follow each other with the same row are told as one.
    else if (key === last && end?.family === kind.family) run.kinds.splice(-1, 1, { ...end, before: kind.before })
    else run.kinds.push(kind)
    last = key
  }
  const own = JSON.stringify(usual)
  return [...runs]
    .filter(([key]) => key !== own)
    .map(([, run]) => ({ part, loss: run.loss, models: run.kinds.map(tellKind) }))
}

function tellKind({ family, from, before }: ModelKind): string {
  if (from === null) return family
  return before === null ? `${family} from ${from}` : `${family} from ${from}, before ${before}`
}
