/** Two texts compared line by line, in the unified form that `patch` and people read. */

type Line = readonly [sign: ' ' | '-' | '+', text: string]

/** Lines of the same around what changed. */
const context = 3

/** Empty when they are the same. */
export function unifiedDiff(before: string, after: string, file: string): string {
  if (before === after) return ''
  const lines = compare(splitLines(before), splitLines(after))
  const hunks = findHunks(lines)
  return [`--- a/${file}\n`, `+++ b/${file}\n`, ...hunks.map((hunk) => renderHunk(lines, hunk))].join('')
}

function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

/**
 * The shortest way from one to the other (E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986): for
 * each number of changes how far one comes on each diagonal, and then back along the way.
 */
function compare(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let end = 0
  const longest = Math.min(before.length, after.length) - start
  while (end < longest && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1
  const same = (texts: readonly string[]): Line[] => texts.map((text) => [' ', text])
  const middle = walk(before.slice(start, before.length - end), after.slice(start, after.length - end))
  return [...same(before.slice(0, start)), ...middle, ...same(before.slice(before.length - end))]
}

function walk(before: readonly string[], after: readonly string[]): Line[] {
  const reached = new Map<number, number>([[1, 0]])
  const trace: Map<number, number>[] = []
  for (let changes = 0; ; changes += 1) {
    trace.push(new Map(reached))
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      let x = startOf(reached, diagonal, changes)
      while (x < before.length && before[x] === after[x - diagonal]) x += 1
      reached.set(diagonal, x)
      if (x >= before.length && x - diagonal >= after.length) return goBack(trace, before, after)
    }
  }
}

function startOf(reached: ReadonlyMap<number, number>, diagonal: number, changes: number): number {
  const [left, right] = [reached.get(diagonal - 1) ?? -1, reached.get(diagonal + 1) ?? -1]
  return diagonal === -changes || (diagonal !== changes && left < right) ? right : left + 1
}

function goBack(
  trace: readonly ReadonlyMap<number, number>[],
  before: readonly string[],
  after: readonly string[],
): Line[] {
  const lines: Line[] = []
  let [x, y] = [before.length, after.length]
  for (let changes = trace.length - 1; changes >= 0; changes -= 1) {
    const reached = trace[changes] ?? new Map<number, number>()
    const diagonal = x - y
    const isDown =
      diagonal === -changes ||
      (diagonal !== changes && (reached.get(diagonal - 1) ?? -1) < (reached.get(diagonal + 1) ?? -1))
    const previous = isDown ? diagonal + 1 : diagonal - 1
    const fromX = changes === 0 ? 0 : (reached.get(previous) ?? 0)
    const fromY = changes === 0 ? 0 : fromX - previous
    while (x > fromX && y > fromY && before[x - 1] === after[y - 1]) {
      x -= 1
      y -= 1
      lines.push([' ', before[x] ?? ''])
    }
    if (changes === 0) break
    if (isDown) lines.push(['+', after[fromY] ?? ''])
    else lines.push(['-', before[fromX] ?? ''])
    x = fromX
    y = fromY
  }
  return lines.reverse()
}

interface Hunk {
  readonly from: number
  readonly to: number
}

function findHunks(lines: readonly Line[]): Hunk[] {
  const hunks: { from: number; to: number }[] = []
  lines.forEach(([sign], index) => {
    if (sign === ' ') return
    const last = hunks.at(-1)
    const from = Math.max(0, index - context)
    const to = Math.min(lines.length, index + context + 1)
    if (last !== undefined && from <= last.to) last.to = to
    else hunks.push({ from, to })
  })
  return hunks
}

function renderHunk(lines: readonly Line[], { from, to }: Hunk): string {
  const count = (signs: string, part: readonly Line[]): number => part.filter(([sign]) => signs.includes(sign)).length
  const [head, body] = [lines.slice(0, from), lines.slice(from, to)]
  const range = (signs: string): string => {
    const length = count(signs, body)
    return `${count(signs, head) + (length === 0 ? 0 : 1)},${length}`
  }
  const shown = body.map(([sign, text]) =>
    text.endsWith('\n') ? sign + text : `${sign}${text}\n\\ No newline at end of file\n`,
  )
  return `@@ -${range(' -')} +${range(' +')} @@\n${shown.join('')}`
}
