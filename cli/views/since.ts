/** What changed in a store since a plan was made, by meaning. */
import type { Change } from '../diff/change.ts'

export interface Since {
  /** The revision the plan was made against; null: an empty store. */
  readonly base: number | null
  /** null: the store is empty now. */
  readonly head: {
    readonly revision: number
    readonly hash: string
    readonly author: string | null
    readonly createdAt: string
  } | null
  /** The head is what the plan wanted. */
  readonly isApplied: boolean
  /** From the plan's base to the head; null when the base cannot be read any more. */
  readonly changes: readonly Change[] | null
}

const mostChangesTold = 20

/** Lines for people; none when there is nothing to add. */
export function tellSince({ head, isApplied, changes, base }: Since): readonly string[] {
  if (head === null) return []
  if (isApplied) {
    return [`Revision ${head.revision} is what this plan wanted: it seems to have been applied already.`]
  }
  const made = `Revision ${head.revision} was made at ${head.createdAt} by ${head.author ?? 'somebody unnamed'}.`
  if (changes === null) {
    return [made, `What it changes cannot be told: revision ${base ?? 0} of that time cannot be read any more.`]
  }
  if (changes.length === 0) return [made, 'It means the same as what the plan was made against.']
  const told = changes.slice(0, mostChangesTold).map(tellChange)
  const more = changes.length > told.length ? [`  … and ${changes.length - told.length} more`] : []
  return [made, 'Since the plan was made:', ...told, ...more]
}

function tellChange({ kind, path, message }: Change): string {
  return `  ${kind} ${path}${message === '' ? '' : `: ${message}`}`
}

export function sinceAsJson({ base, head, isApplied, changes }: Since): Readonly<Record<string, unknown>> {
  const revision =
    head === null ? null : { revision: head.revision, hash: head.hash, author: head.author, created_at: head.createdAt }
  return { base, head: revision, already_applied: isApplied, changes }
}
