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
    report({ code: 'duplicate-name', path, message: `another ${what} is called ${quote(text)} too${place}` })
  }
}

/** The text must be one of the known names. */
export function checkReference(named: Named, known: ReadonlySet<string>, what: string): Parameters<Report>[0] | null {
  if (known.has(named.text)) return null
  return {
    code: `unknown-${what}`,
    path: named.path,
    message: `there is no ${what} ${quote(named.text)}`,
    ...didYouMean(named.text, known),
  }
}
