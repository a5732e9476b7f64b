/**
 * The loss table: what becomes of every part of OpenAI's request in one language, and with one provider. It is data, and
 * it is what the encoder goes by: what it calls dropped is taken out before the dialect sees the request, and what was
 * taken out is what the caller is told.
 */
import type { RequestField } from '../chat/request-fields.ts'
import { isRequestField } from '../chat/request-fields.ts'

export type Fidelity = 'exact' | 'approximated' | 'dropped' | 'refused'

export interface Loss {
  /**
   * - exact: the provider is asked for the same thing;
   * - approximated: it is asked for something near it; the caller is told;
   * - dropped: left out, because the answer is of use without it; the caller is told, and `on_loss: refuse` skips the
   *   target;
   * - refused: leaving it out would answer another question; the target is always skipped.
   */
  readonly fidelity: Fidelity
  /** How it is carried, what is done instead, or why it cannot be: half a sentence for a table. Empty where obvious. */
  readonly how: string
  /** For numbers: only values above this one are affected; the others are exact. */
  readonly above?: number
}

export const exact: Loss = { fidelity: 'exact', how: '' }

export function exactly(how: string): Loss {
  return { fidelity: 'exact', how }
}

export function approximated(how: string, limits: { readonly above?: number } = {}): Loss {
  return { fidelity: 'approximated', how, ...limits }
}

export function dropped(how: string): Loss {
  return { fidelity: 'dropped', how }
}

export function refused(how: string): Loss {
  return { fidelity: 'refused', how }
}

/** The same row for several fields. */
export function each(fields: readonly RequestField[], loss: Loss): Partial<Record<RequestField, Loss>> {
  const rows: Partial<Record<RequestField, Loss>> = {}
  for (const field of fields) rows[field] = loss
  return rows
}

/** One row for every part of the request; tsc names those that are missing. */
export type DialectLosses = Readonly<Record<RequestField, Loss>>

/** Top-level fields that OpenAI does not have: all pass through, or only these. */
export type ForeignFields = 'all' | ReadonlySet<string>

export interface LossTable {
  /** Only the rows that are not exact. */
  readonly rows: ReadonlyMap<string, Loss>
  /** What must not stand in the body, whatever its value: the names of the rows that are dropped or refused. */
  readonly removed: ReadonlySet<string>
  readonly foreign: ForeignFields
  /** What has a row of its own; absent: the parts of a chat request. */
  readonly isPart?: (field: string) => boolean
}

/** Everything is carried. */
export const lossless: LossTable = { rows: new Map(), removed: new Set(), foreign: 'all' }

interface LossSource {
  readonly losses: DialectLosses
  readonly foreign: ForeignFields
}

export type OwnLosses = Readonly<Partial<Record<RequestField, Loss>>>

/** The whole table: one row for every part of the request. A provider's own rows stand before those of its language. */
export function rowsOf(dialect: Pick<LossSource, 'losses'>, own: OwnLosses = {}): DialectLosses {
  return { ...dialect.losses, ...own }
}

export function compileLosses(dialect: LossSource, own: OwnLosses = {}): LossTable {
  const rows = Object.entries(rowsOf(dialect, own)).filter(([, loss]) => loss.fidelity !== 'exact')
  const removed = rows.filter(([, { fidelity }]) => fidelity !== 'approximated').map(([field]) => field)
  return { rows: new Map(rows), removed: new Set(removed), foreign: dialect.foreign }
}

const foreignDropped = dropped('no field of OpenAI, and none of this language')

/** OpenAI's fields that have rows for their parts only. Captures that others wrote may name them as a whole. */
const wholeFields: ReadonlySet<string> = new Set(['model', 'messages', 'tool_choice', 'response_format'])

/** `field` as `readFields` names it. */
export function lossOf(table: LossTable, field: string): Loss {
  const row = table.rows.get(field)
  if (row !== undefined) return row
  if (table.foreign === 'all' || isPart(table, field) || table.foreign.has(field)) return exact
  return wholeFields.has(field) ? exact : foreignDropped
}

/** Must this field be taken out of the body? */
export function isRemoved(table: LossTable, field: string): boolean {
  if (table.removed.has(field)) return true
  return table.foreign !== 'all' && !isPart(table, field) && !table.foreign.has(field)
}

function isPart(table: LossTable, field: string): boolean {
  return table.isPart === undefined ? isRequestField(field) : table.isPart(field)
}

/** Those of the fields that the target cannot express; with `refuseLoss` what it would drop counts as well. */
export function inexpressible(table: LossTable, fields: readonly string[], refuseLoss: boolean): string[] {
  if (table.rows.size === 0 && table.foreign === 'all') return []
  return fields.filter((field) => {
    const { fidelity } = lossOf(table, field)
    return fidelity === 'refused' || (refuseLoss && fidelity === 'dropped')
  })
}
