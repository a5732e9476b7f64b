/** What the schema has against a document, as problems: with a code, a did-you-mean, and the traps named. */
import type { ValidationProblem } from '../../../schemas/index.ts'
import { renderPath } from '../../../schemas/validation.ts'
import { type DocumentPath, type Problem, closest, didYouMean, quote } from './diagnostics.ts'

export interface DocumentText {
  /** The value the validator saw. */
  readonly value: unknown
  /** A scalar as written. */
  readonly sourceOf: (path: DocumentPath) => string | null
}

export function explainProblem(problem: ValidationProblem, text: DocumentText): Problem {
  const { key, keyword, segments } = problem
  if (key !== null) return explainKey(problem, key)
  const found = valueAt(text.value, segments)
  if (keyword === 'type' || (keyword === 'enum' && typeof found !== 'string')) return wrongType(problem, found, text)
  if (keyword === 'enum') return wrongWord(problem, String(found))
  if (keyword === 'pattern') return { ...base(problem, 'invalid-value'), message: patternMessage(problem) }
  return { ...base(problem, keyword === 'exactlyOne' ? 'exactly-one' : 'invalid-value'), message: sentence(problem) }
}

function explainKey(problem: ValidationProblem, key: string): Problem {
  const path = [...problem.segments, key]
  const spot = { part: 'key' } as const
  if (problem.keyword === 'required') {
    return { code: 'missing-key', path, message: `${quote(key)} is required` }
  }
  if (problem.keyword !== 'additionalProperties') {
    return { code: 'invalid-name', path, message: patternMessage(problem), spot }
  }
  const known = problem.knownKeys
  if (key === 'true' && known.includes('on')) {
    const help = 'some tools read `on` as `true` (YAML 1.1): write "on" in quotes'
    return { code: 'unknown-key', path, message: `${quote(key)} is not a known key`, help, spot }
  }
  const help = didYouMean(key, known)?.help ?? (known.length > 0 ? `known here: ${known.join(', ')}` : undefined)
  return {
    code: 'unknown-key',
    path,
    message: `${quote(key)} is not a known key`,
    ...(help === undefined ? {} : { help }),
    spot,
  }
}

function wrongType(problem: ValidationProblem, found: unknown, text: DocumentText): Problem {
  const { segments } = problem
  const source = text.sourceOf(segments)
  if (segments.length === 0 && (found === null || found === undefined)) {
    return { ...base(problem, 'empty-document'), message: 'the document is empty' }
  }
  if (segments.length === 1 && segments[0] === 'version' && typeof found === 'number') {
    const written = source ?? String(found)
    return {
      ...base(problem, 'wrong-type'),
      message: `${quote(`version: ${written}`)} without quotes is a number (${found})`,
      help: `write \`version: "${written}"\``,
    }
  }
  const help = typeHelp(problem, found, source)
  return { ...base(problem, 'wrong-type'), message: sentence(problem), ...(help === null ? {} : { help }) }
}

function typeHelp({ params }: ValidationProblem, found: unknown, source: string | null): string | null {
  const types = new Set([params['type'] ?? params['types'] ?? []].flat())
  if (source?.includes('${') === true) return 'a variable gives text; it cannot stand for anything else'
  if (found === null) return 'nothing stands after the colon'
  if (types.has('string') && types.size === 1 && (typeof found === 'number' || typeof found === 'boolean'))
    return 'put it in quotes'
  if (types.has('array') && !Array.isArray(found) && typeof found !== 'object') return 'write a list: [ … ]'
  if (typeof found === 'string' && /^-?\d+(\.\d+)?$/.test(found)) return 'write it without quotes'
  return null
}

function wrongWord(problem: ValidationProblem, found: string): Problem {
  const allowed = [problem.params['allowedValues']].flat().filter((word) => typeof word === 'string')
  const many = allowed.length > 8
  const help = wordHelp(problem, closest(found, allowed)) ?? (many ? `known here: ${allowed.join(', ')}` : null)
  return {
    ...base(problem, 'invalid-value'),
    message: many ? `${quote(found)} is not known here` : `${sentence(problem)}, but found ${quote(found)}`,
    ...(help === null ? {} : { help }),
  }
}

function wordHelp({ params }: ValidationProblem, nearest: string | null): string | null {
  if (nearest !== null) return `did you mean ${quote(nearest)}?`
  const types = [params['types'] ?? []].flat()
  return types.some((type) => type === 'array') ? 'anything else stands in a list: [ … ]' : null
}

/** The patterns of our schemas in words; a pattern without words here is shown as it is. */
const patternsInWords: readonly (readonly [prefix: string, words: string])[] = [
  ['^[A-Za-z0-9][A-Za-z0-9._-]*$', 'must be letters, digits, `.`, `_` and `-`, beginning with a letter or digit'],
  ['^[A-Za-z0-9][A-Za-z0-9._:/-]*$', 'must be letters, digits and `._:/-`, beginning with a letter or digit'],
  ['^[A-Za-z][A-Za-z0-9_-]*$', 'must be letters, digits, `_` and `-`, beginning with a letter'],
  ['^[A-Za-z_][A-Za-z0-9_]*$', 'must be the name of a variable: letters, digits and `_`'],
  ["^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", 'must be the name of a header'],
  ['^(credential|organization|user|header:', 'must be `credential`, `organization`, `user` or `header:NAME`'],
  ['^(\\d+(\\.\\d+)?(ms|s|m|h|d))+$', 'must be a duration such as `90s` or `1h30m`'],
  ['^(0|(\\d+', 'must be a time since the start, such as `10m`, or a moment, such as `2026-11-23T10:00:00Z`'],
]

function patternMessage(problem: ValidationProblem): string {
  const pattern = String(problem.params['pattern'])
  const words = patternsInWords.find(([prefix]) => pattern.startsWith(prefix))?.[1] ?? problem.message
  return `${quote(lastName(problem))} ${words}`
}

/** `weight` and `must be 0 or more` make a sentence; `expected …` needs the name in front as well. */
function sentence(problem: ValidationProblem): string {
  const name = lastName(problem)
  const subject = name === '' ? 'the document' : quote(name)
  return problem.message.startsWith('expected') ? `${subject}: ${problem.message}` : `${subject} ${problem.message}`
}

function lastName({ key, segments }: ValidationProblem): string {
  if (key !== null) return key
  const start = segments.findLastIndex((segment) => typeof segment === 'string')
  return start < 0 ? '' : renderPath(segments.slice(start))
}

function base(problem: ValidationProblem, code: string): { readonly code: string; readonly path: DocumentPath } {
  return { code, path: problem.segments }
}

export function valueAt(root: unknown, path: DocumentPath): unknown {
  let value = root
  for (const segment of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Object.getOwnPropertyDescriptor(value, segment)?.value
  }
  return value
}
