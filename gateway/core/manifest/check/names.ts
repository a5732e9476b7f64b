import { type DocumentPath, type Report, didYouMean, quote } from '../diagnostics.ts'

export interface Named {
  readonly text: string
  readonly path: DocumentPath
}

/** Every text at most once. `what` names the thing in the message: `route`, `credential`. */
export function checkUnique(named: readonly Named[], what: string, report: Report): void {
  const first = new Map<string, DocumentPath>()
  for (const { text, path } of named) {
    const earlier = first.get(text)
    if (earlier === undefined) {
      first.set(text, path)
      continue
    }
    const position = earlier.find((segment) => typeof segment === 'number')
    const place = typeof position === 'number' ? ` (entry ${position + 1})` : ''
    const message = `another ${what} is called ${quote(text)} too${place}`
    report({ code: 'duplicate-name', path, message, help: 'give one of them another name' })
  }
}

/** The text must be one of the known names. */
export function checkReference(named: Named, known: ReadonlySet<string>, what: string): Parameters<Report>[0] | null {
  if (known.has(named.text)) return null
  return {
    code: `unknown-${what}`,
    path: named.path,
    message: `there is no ${what} ${quote(named.text)}`,
    help: didYouMean(named.text, known)?.help ?? tellKnown(known, what),
  }
}

/** Names enough to choose from, and what to do where there is none. */
function tellKnown(known: ReadonlySet<string>, what: string): string {
  const names = [...known].slice(0, mostNamed).map(quote)
  if (names.length === 0) return `no ${what} is declared in this manifest`
  return known.size > names.length ? `known are ${names.join(', ')} and more` : `known: ${names.join(', ')}`
}

const mostNamed = 12
