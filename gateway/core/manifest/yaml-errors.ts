/**
 * What the YAML library has against a text, in words that are enough to repair it. The library says where its grammar
 * ran out; what the writer did wrong usually stands on that line, so the line is looked at too.
 */
import { quote } from './diagnostics.ts'
import { hideKeys } from './key-shapes.ts'
import { type Conflict, findConflicts, findUnclosed } from './text-traps.ts'

/** As the library gives it: `pos` are the first character and the one after the last, as offsets. */
export interface YamlError {
  readonly code: string
  readonly message: string
  readonly pos: readonly [number, number]
}

export interface Explanation {
  readonly code: string
  readonly message: string
  readonly help: string | null
  readonly start: number
  readonly end: number
}

/** One mistake makes the library find many. The first of a line says it, and at most so many lines are told. */
const mostTold = 10
/** A text that is no YAML at all gives an error a character. */
const mostLookedAt = 100
/** Characters of a line that are looked at on either side of an error. */
const widestLook = 300

export function explainText(errors: readonly YamlError[], text: string): Explanation[] {
  // Around the markers of a conflict everything else only follows from them.
  const conflicts = findConflicts(text).map((conflict) => explainConflict(conflict, text))
  if (conflicts.length > 0) return conflicts
  const told = new Map<number, Explanation>()
  for (const error of errors.slice(0, mostLookedAt)) {
    const line = text.lastIndexOf('\n', error.pos[0] - 1)
    if (told.size >= mostTold) break
    const explanation = told.has(line) ? null : explain(error, text)
    if (explanation === null) continue
    told.set(line, explanation)
    // Having lost the thread, the library finds fault with everything that follows.
    if (loses(error) || explanation.message === template.message) break
  }
  return [...told.values()]
}

function explainConflict({ start, lastLine }: Conflict, text: string): Explanation {
  const message = `a merge conflict is left here, down to line ${lastLine}`
  const help = 'decide which lines stay, and remove the markers `<<<<<<<`, `=======` and `>>>>>>>`'
  return { code: 'merge-conflict', message, help, start, end: start + lengthOfLine(text, start) }
}

/** Is the rest of the text read as something that it is not? */
function loses({ code, message }: YamlError): boolean {
  return (
    (code === 'UNEXPECTED_TOKEN' && / at node end| in YAML stream/.test(message)) ||
    message.startsWith('Missing closing')
  )
}

function lengthOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start)
  return (end < 0 ? text.length : end) - start
}

// ---- valid YAML that is not what was meant ----

/** Usually no alias was meant: a pattern such as `*-mini` is one to YAML. */
export function explainUnanchored(name: string, text: string): { code: string; message: string; help?: string } {
  const alias = quote(`*${name}`)
  const isNamed = text.includes(`&${name}`)
  if (isNamed) return { code: 'yaml-alias', message: `the alias ${alias} stands before or inside its anchor` }
  const message = `${alias} is an alias in YAML, and there is no anchor of that name`
  return { code: 'yaml-alias', message, help: `a text that begins with \`*\` needs quotes: ${quote(`"*${name}"`)}` }
}

export function explainWrongKey(text: string, offset: number): { code: string; message: string; help: string } {
  const help = text.startsWith('{{', offset - 1)
    ? 'if this is a template, fill it in first: this is plain YAML'
    : 'a key is one word, or a text in quotes'
  return { code: 'yaml-key', message: 'a list or a map cannot be a key', help }
}

export const oddSpace = {
  code: 'yaml-space',
  message: 'a no-break space, or one of its kin, stands before this key',
  help: 'replace it by plain spaces: it often comes from a web page or a word processor',
}

// ---- YAML that is none ----

interface Place {
  readonly error: YamlError
  readonly text: string
  /** The line the error stands on, and the part of it from the error on. */
  readonly line: string
  readonly rest: string
}

type Words = Pick<Explanation, 'message' | 'help'> & Partial<Explanation>

function explain(error: YamlError, text: string): Explanation {
  const [start, end] = error.pos
  const lineStart = Math.max(text.lastIndexOf('\n', start - 1) + 1, start - widestLook)
  const line = text.slice(lineStart, Math.min(start + lengthOfLine(text, start), start + widestLook)).replace(/\r$/, '')
  const place = { error, text, line, rest: line.slice(start - lineStart) }
  const words = byLine(place) ?? byCode[error.code]?.(place) ?? ownWords(error)
  return { code: 'yaml-syntax', start, end, ...words }
}

/** The library may quote what stands in the text, and that may be a key. */
function ownWords({ message }: YamlError): Words {
  const scrubbed = hideKeys(message)
  return { message: scrubbed.slice(0, 1).toLowerCase() + scrubbed.slice(1), help: null }
}

const template = {
  message: 'this looks like a template (`{{ … }}`)',
  help: 'fill the template in first: this is plain YAML',
}

/** Mistakes that the line itself shows, whatever the library made of them. */
function byLine({ line, error, text }: Place): Words | null {
  if (/\{\{|\{%/.test(line) || /^\s*\{[{%]/.test(text)) {
    return template
  }
  const variable = /[[{,][^"'#]*(\$\{[^}"']*\})/.exec(line)?.[1]
  if (variable === undefined) return null
  const start = text.indexOf(variable, text.lastIndexOf('\n', error.pos[0] - 1) + 1)
  const message = `${quote(variable)} needs quotes here: inside \`{ … }\` and \`[ … ]\` its braces are YAML's`
  return { message, help: `write ${quote(`"${variable}"`)}`, start, end: start + variable.length }
}

const byCode: Readonly<Record<string, (place: Place) => Words | null>> = {
  TAB_AS_INDENT: () => ({
    code: 'yaml-tab',
    message: 'a tab indents this line',
    help: 'YAML indents with spaces only',
  }),
  MULTIPLE_DOCS: () => ({
    code: 'yaml-documents',
    message: 'a second document begins here',
    help: 'one file, one document',
  }),
  TAG_RESOLVE_FAILED: () => ({
    code: 'yaml-tag',
    message: 'tags (`!…`) are not known here',
    help: 'leave the tag out',
  }),
  BAD_ALIAS: ({ error }) => {
    const mark = error.message.startsWith('Anchor') ? '&' : '*'
    const what = mark === '*' ? 'an alias' : 'an anchor'
    return {
      code: 'yaml-alias',
      message: `a \`${mark}\` at the beginning is ${what} in YAML, and this one has no name`,
      help: `if it is meant as text, put it in quotes: \`"${mark}"\``,
    }
  },
  BAD_SCALAR_START: ({ rest }) => ({
    message: `a value cannot begin with ${rest.startsWith('`') ? 'a backquote' : quote(rest.slice(0, 1))}`,
    help: 'put it in quotes',
  }),
  BAD_DQ_ESCAPE: ({ error }) => ({
    message: `${quote(error.message.replace('Invalid escape sequence ', ''))} means nothing in double quotes`,
    help: 'write `\\\\` for one `\\`, or use single quotes',
  }),
  BLOCK_AS_IMPLICIT_KEY: explainNesting,
  BLOCK_IN_FLOW: ({ rest }) => {
    if (!rest.includes(':')) return null
    const help = 'put a comma between the entries; a text with `: ` in it needs quotes'
    return { message: 'a comma is missing between two entries of `{ … }` or `[ … ]`', help }
  },
  MULTILINE_IMPLICIT_KEY: ({ line, error }) => {
    if (/^\s*(?:- +)?["']?[\w.-]+["']?:[^\s:/]/.test(line)) {
      return { message: 'a space is missing after the `:`', help: 'write `key: value`' }
    }
    if (/^\s*-(?:\s|$)/.test(line)) return explainSequence(error)
    return { message: 'this line is neither `key: value` nor part of the line above it', help: 'is a `:` missing?' }
  },
  MISSING_CHAR: explainMissing,
  BAD_INDENT: ({ error, text }) => {
    if (error.message.startsWith('Flow')) return explainUnclosed(text)
    if (/^All (?:mapping|sequence)/.test(error.message)) {
      const message = 'this line begins in another column than the entries around it'
      return { message, help: 'entries of one block begin in the same column' }
    }
    return { ...ownWords(error), help: 'entries of one block begin in the same column' }
  },
  UNEXPECTED_TOKEN: explainToken,
  KEY_OVER_1024_CHARS: () => ({ message: 'a key is longer than 1024 characters', help: 'is a line break missing?' }),
}

/** A second `: ` on the line, or a line below that is indented as if it belonged to this value. */
function explainNesting({ error, rest, text }: Place): Words {
  if (error.message.startsWith('A block sequence')) return explainSequence(error)
  if (/^[^#]*:(?:\s|$)/.test(rest)) {
    const help = 'a text with `: ` in it needs quotes; anything else begins a line of its own'
    return { message: 'a second `: ` on one line', help }
  }
  const below = text.indexOf('\n', error.pos[0]) + 1
  const start = below + (/^[ \t]*/.exec(text.slice(below))?.[0].length ?? 0)
  const help = 'entries of one block begin in the same column'
  return { message: 'this line is indented deeper than the entry above it', help, start, end: start + 1 }
}

function explainSequence({ message }: YamlError): Words {
  if (message.startsWith('Unexpected block-seq-ind on same line')) {
    return {
      message: 'a list cannot begin on the line of its key',
      help: 'begin the list on the next line, or write [ … ]',
    }
  }
  const help = 'a list stands below its own key, and all its items begin in the same column'
  return { message: 'an item of a list (`- …`) stands among `key: value` entries', help }
}

function explainMissing({ error, text, line }: Place): Words | null {
  if (error.message.startsWith('Missing closing')) return explainUnclosed(text)
  if (error.message.startsWith('Sequence item without')) {
    const help = 'begin it with `- `, or in the column of the entry it belongs to'
    return { message: 'this line stands in a list but is no item of it', help }
  }
  if (error.message.startsWith('Implicit map keys need')) {
    if (/^\s*-(?:\s|$)/.test(line)) return explainSequence(error)
    return { message: 'this line is no `key: value`', help: 'is a `:` missing, or the indentation?' }
  }
  if (error.message.startsWith('Missing , ')) {
    return { message: 'a comma is missing between two entries of `{ … }` or `[ … ]`', help: null }
  }
  return null
}

/** The library only notices at the end of the text; it began further up. */
function explainUnclosed(text: string): Words {
  const found = findUnclosed(text)
  if (found === null) return { message: 'something that was opened further up is not closed', help: null }
  const { mark, offset } = found
  const help =
    mark === '"' || mark === "'" ? `close it with \`${mark}\` on the same line` : `close it with \`${closing[mark]}\``
  return { message: `the \`${mark}\` that begins here is not closed`, help, start: offset, end: offset + 1 }
}

const closing = { '[': ']', '{': '}' } as const

function explainToken({ error, rest, line }: Place): Words | null {
  const [first = ''] = rest
  if (rest.startsWith('//')) return { message: '`//` begins no comment here', help: 'comments begin with `#`' }
  if (/^[\]}]/.test(first) && / in YAML stream/.test(error.message)) {
    return { message: `this \`${first}\` closes nothing`, help: 'leave it out, or open it further up' }
  }
  if (/block-seq-ind/.test(error.message) || /^\s*-(?:\s|$)/.test(line)) return explainSequence(error)
  if (error.message.endsWith(' at node end')) {
    const afterQuote = /(["'])\S*$/.test(line.slice(0, line.length - rest.length).trimEnd())
    const help = afterQuote
      ? "a quote inside quotes is doubled (`''`) or escaped (`\\\"`); or put the whole text in the other kind of quotes"
      : 'an entry is `key: value` or `- item`; what stands beside it needs a line, a comma or quotes'
    return { message: 'something is left over here', help }
  }
  if (/^Unexpected block-scalar|^Block scalar header/.test(error.message)) {
    return {
      message: 'a value cannot begin with `|` or `>`: that begins a text of several lines',
      help: 'put it in quotes',
    }
  }
  return null
}
