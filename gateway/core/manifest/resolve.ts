/**
 * Fills `${NAME}` in. A variable stands in string scalars only and gives a string: never a key, a number or a whole
 * block, so a manifest has the same shape in every environment. `$${` is a literal `${`.
 */
import { type DocumentPath, type Problem, didYouMean, quote } from './diagnostics.ts'

export type Variables = Readonly<Record<string, string>>

export interface Resolved {
  /** The same value with its variables filled in; shares what has none. */
  readonly value: unknown
  readonly problems: readonly Problem[]
}

export function resolveVariables(value: unknown, variables: Variables): Resolved {
  const problems: Problem[] = []
  return { value: resolveValue(value, [], { variables, problems }), problems }
}

interface Resolving {
  readonly variables: Variables
  readonly problems: Problem[]
}

function resolveValue(value: unknown, path: DocumentPath, resolving: Resolving): unknown {
  if (typeof value === 'string') return value.includes('${') ? resolveText(value, path, resolving) : value
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return resolveList(value, path, resolving)
  let changed: Record<string, unknown> | null = null
  const entries: [string, unknown][] = Object.entries(value)
  for (const [key, child] of entries) {
    const resolved = holdsText(child) ? resolveValue(child, [...path, key], resolving) : child
    if (resolved !== child) {
      changed ??= { ...value }
      changed[key] = resolved
    }
  }
  return changed ?? value
}

function resolveList(list: readonly unknown[], path: DocumentPath, resolving: Resolving): unknown {
  const resolved = list.map((child: unknown, index) =>
    holdsText(child) ? resolveValue(child, [...path, index], resolving) : child,
  )
  return resolved.some((child, index) => child !== list[index]) ? resolved : list
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

/** Could there be a variable in it? Asked first, so that no path is built for what is plain. */
function holdsText(value: unknown): boolean {
  return typeof value === 'string' ? value.includes('${') : typeof value === 'object' && value !== null
}

const reference = /\$?\$\{([^}]*)(\}?)/g
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/

function resolveText(text: string, path: DocumentPath, { variables, problems }: Resolving): string {
  return text.replace(reference, (match: string, name: string, end: string) => {
    if (match.startsWith('$$')) return match.slice(1)
    if (end === '' || !variableName.test(name)) {
      const help = 'write `${NAME}` with letters, digits and `_`, or `$${` for a literal `${`'
      const message = `${quote(match)} is not the name of a variable`
      problems.push({ code: 'malformed-variable', path, message, help, spot: { part: 'value', word: match } })
      return match
    }
    if (Object.hasOwn(variables, name)) return variables[name] ?? ''
    problems.push({
      code: 'missing-variable',
      path,
      message: `the variable ${quote(name)} has no value in this environment`,
      help:
        didYouMean(name, Object.keys(variables))?.help ??
        'set it in the environment, or under `variables` in aigw.yaml',
      spot: { part: 'value', word: match },
    })
    return match
  })
}
