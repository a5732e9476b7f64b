/** A line of a document as it may be shown: what is a secret, or could be one, is blanked out in place. */
import { hideKeys } from '../../gateway/core/manifest/key-shapes.ts'

/** Where a secret was found; lines and columns from 1, the end is the first column after it. */
export interface SecretPlace {
  readonly line: number
  readonly column: number
  readonly endLine?: number
  readonly endColumn?: number
}

/** What stands under such a key is a secret whatever it looks like, also where the text is no YAML. */
const secretValue =
  /((?<![\w-])["']?(?:[\w-]*api[_-]?key|[\w-]*authorization|[\w-]*passw(?:or)?d|[\w-]*secret|[\w-]*[_-]token|token|cookie|private[_-]key)["']?\s*[:=]\s*)("[^"]*"?|'[^']*'?|[^\s{[&*$,}\]#][^,}\]#]*)/gi

/** The places by each line they touch. */
export function byLine(places: readonly SecretPlace[]): ReadonlyMap<number, readonly SecretPlace[]> {
  const lines = new Map<number, SecretPlace[]>()
  for (const place of places) {
    for (let line = place.line; line <= (place.endLine ?? place.line); line += 1) {
      const there = lines.get(line)
      if (there === undefined) lines.set(line, [place])
      else there.push(place)
    }
  }
  return lines
}

/** As long as it was, so that a mark below still stands under the right word. `places` are those of this line. */
export function hideSecrets(line: string, number: number, places: readonly SecretPlace[] = []): string {
  let shown = line
    .replaceAll(secretValue, (_match, before: string, value: string) => before + hide(value))
    .replaceAll(/[^\s"',{}[\]]+/g, (word) => (isHarmless(word) ? word : hide(word)))
  for (const { line: first, column, endLine = first, endColumn = column + 1 } of places) {
    const start = number === first ? column - 1 : 0
    const end = number === endLine ? endColumn - 1 : shown.length
    shown = shown.slice(0, start) + hide(shown.slice(start, end)) + shown.slice(end)
  }
  return shown
}

/** The hash of a key is no secret; whatever else looks like a key is taken for one. */
function isHarmless(word: string): boolean {
  return word.startsWith('sha256:') || hideKeys(word) === word
}

function hide(text: string): string {
  return text.replaceAll(/[^\s"']/g, '*')
}
