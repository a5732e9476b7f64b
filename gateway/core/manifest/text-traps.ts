/** Traps that a look at the bare text finds better than a parser: what is no YAML at all, or only looks like it. */

export interface Conflict {
  readonly start: number
  readonly end: number
  /** From 1: the one it ends on. */
  readonly lastLine: number
}

/**
 * What Git leaves behind where it could not merge: from the marker `<<<<<<<` to the one that closes it, or to the end of
 * the text. Nothing that stands between can be read for what it is.
 */
export function findConflicts(text: string): Conflict[] {
  if (!text.includes('<<<<<<<')) return []
  const conflicts: Conflict[] = []
  let start: number | null = null
  let offset = 0
  const lines = text.split('\n')
  for (const [index, line] of lines.entries()) {
    if (/^<{7}(?: |\r?$)/.test(line)) start ??= offset
    else if (start !== null && /^>{7}(?: |\r?$)/.test(line)) {
      conflicts.push({ start, end: offset + line.trimEnd().length, lastLine: index + 1 })
      start = null
    }
    offset += line.length + 1
  }
  return start === null ? conflicts : [...conflicts, { start, end: text.length, lastLine: lines.length }]
}

/** Spaces that look like one and are none: no-break spaces and their kin, from web pages and word processors. */
const oddSpace = /^[ \t]*[\u00A0\u1680\u2000-\u200D\u202F\u205F\u2060\u3000\uFEFF]/

export function beginsWithOddSpace(text: string): boolean {
  return oddSpace.test(text)
}

/** The innermost bracket or quote that is opened and never closed. */
export function findUnclosed(text: string): { readonly mark: '[' | '{' | '"' | "'"; readonly offset: number } | null {
  const open: { readonly mark: '[' | '{'; readonly offset: number }[] = []
  for (let offset = 0; offset < text.length; offset += 1) {
    const mark = text[offset]
    if (mark === '#' && isAfterSpace(text, offset)) offset = endOfLine(text, offset)
    else if (mark === '[' || mark === '{') open.push({ mark, offset })
    else if (mark === ']' || mark === '}') open.pop()
    else if ((mark === '"' || mark === "'") && beginsScalar(text, offset)) {
      const end = endOfQuoted(text, offset, mark)
      if (end === null) return { mark, offset }
      offset = end
    }
  }
  return open.at(-1) ?? null
}

function isAfterSpace(text: string, offset: number): boolean {
  return offset === 0 || /\s/.test(text[offset - 1] ?? '')
}

/** A quote in the middle of a word is a letter like any other. */
function beginsScalar(text: string, offset: number): boolean {
  return offset === 0 || /[\s[{,:]/.test(text[offset - 1] ?? '')
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end < 0 ? text.length : end
}

/** The closing quote. A text may go on over lines; that is allowed, and rarely meant. */
function endOfQuoted(text: string, start: number, mark: '"' | "'"): number | null {
  for (let offset = start + 1; offset < text.length; offset += 1) {
    if (mark === '"' && text[offset] === '\\') offset += 1
    else if (text[offset] === mark) {
      if (mark === '"' || text[offset + 1] !== "'") return offset
      offset += 1
    }
  }
  return null
}
