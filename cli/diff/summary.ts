/** Many changes in one line, as a commit has a subject. */
import { count } from '../wording.ts'
import { type Change, splitPath } from './change.ts'

/** The first change in words, and how many there are besides. */
export function summarise(changes: readonly Change[]): string {
  const [first] = changes
  if (first === undefined) return 'means the same as the one before'
  const told = tellChange(first)
  return changes.length === 1 ? told : `${told}, and ${count(changes.length - 1, 'change')} more`
}

/** `route chat: weight 60 → 50`, `credential mobile-app removed`. */
function tellChange({ kind, subject, path, message }: Change): string {
  if (subject === 'setting') return message
  const names = splitPath(path)
  const isPart = subject === 'target' || subject === 'fallback'
  const thing = `${isPart ? 'route' : subject} ${names[1] ?? ''}`
  if (names.length === 2) return kind === 'changed' ? `${thing}: ${message}` : `${thing} ${kind}`
  const isWhole = isPart && names.length === 4 && (kind === 'added' || kind === 'removed')
  return `${thing}: ${message}${isWhole ? ` ${kind}` : ''}`
}
