/** What the schema has against a document, as problems: with a code, a did-you-mean, and the traps named. */
import type { ValidationProblem } from '../../../schemas/index.ts'
import { renderPath } from '../../../schemas/validation.ts'
import { describeType } from '../../../schemas/wording.ts'
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
  const help = keyword === 'exactlyOne' ? choiceHelp(problem, found) : emptyHelp(problem)
  const code = keyword === 'exactlyOne' ? 'exactly-one' : 'invalid-value'
  return { ...base(problem, code), message: sentence(problem), ...(help === null ? {} : { help }) }
}

/** Keys that something cannot do without, as they would be written. */
const requiredKeys: Readonly<Record<string, string>> = {
  action: 'action: mask',
  ai_routes:
    'ai_routes: [{name: chat, match: {model: gpt-4o-mini}, targets: [{provider: openai, model: gpt-4o-mini}]}]',
  detect: 'detect: [iban]',
  environments: 'environments: {local: {store: "file:.aigw"}}',
  examples: 'examples: ["Where is my parcel?"]',
  input: 'input: 0.15',
  key_hash: 'key_hash: "sha256:…"` from `aigw credential new',
  limits: 'limits: [{requests: 60, per: minute}]',
  match: 'match: {model: gpt-4o-mini}',
  model: 'model: gpt-4o-mini',
  name: 'name: chat',
  origins: 'origins: ["https://app.example"]',
  output: 'output: 0.6',
  per: 'per: day',
  provider: 'provider: openai',
  scope: 'scope: everyone',
  store: 'store: "file:.aigw"',
  targets: 'targets: [{provider: openai, model: gpt-4o-mini}]',
}

function explainKey(problem: ValidationProblem, key: string): Problem {
  const path = [...problem.segments, key]
  const spot = { part: 'key' } as const
  if (problem.keyword === 'required') {
    const example = requiredKeys[key]
    const help = example === undefined ? `add \`${key}:\`` : `add it, such as \`${example}\``
    return { code: 'missing-key', path, message: `${quote(key)} is missing here`, help }
  }
  if (problem.keyword !== 'additionalProperties') {
    return { code: 'invalid-name', path, message: patternMessage(problem), spot }
  }
  const known = problem.knownKeys
  if (key === 'true' && known.includes('on')) {
    const help = 'some tools read `on` as `true` (YAML 1.1): write "on" in quotes'
    return { code: 'unknown-key', path, message: `${quote(key)} is not a known key`, help, spot }
  }
  const spaced = /^([\w-]+):./.exec(key)?.[1]
  if (spaced !== undefined && known.includes(spaced)) {
    const written = `${spaced}: ${key.slice(spaced.length + 1)}`
    return {
      code: 'unknown-key',
      path,
      message: 'a space is missing after the `:`',
      help: `write ${quote(written)}`,
      spot,
    }
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

function choiceHelp({ params }: ValidationProblem, found: unknown): string {
  const names = [params['names']].flat().map(String)
  const isThere = (name: string): boolean => typeof found === 'object' && found !== null && Object.hasOwn(found, name)
  const count = names.filter(isThere).length
  return count === 0 ? 'write one of them' : 'keep one of them here; another one is an entry of its own, or is left out'
}

/** Of what may not be empty: what would stand in it, or that it can go. */
function emptyHelp({ keyword, segments }: ValidationProblem): string | null {
  if (!/^min(?:Items|Properties|Length)$/.test(keyword)) return null
  const name = segments.findLast((segment) => typeof segment === 'string') ?? ''
  return shapeHelp(name) ?? 'write something there, or leave it out'
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
  const told = problem.keyword === 'enum' ? `, but found ${describeType(found)}` : ''
  return { ...base(problem, 'wrong-type'), message: `${sentence(problem)}${told}`, ...(help === null ? {} : { help }) }
}

function typeHelp({ params, segments }: ValidationProblem, found: unknown, source: string | null): string | null {
  const types = new Set([params['type'] ?? params['types'] ?? []].flat())
  const name = segments.findLast((segment) => typeof segment === 'string') ?? ''
  if (source?.includes('${') === true) return 'a variable gives text; it cannot stand for anything else'
  if (found === null) return 'nothing stands after the colon'
  if (types.size === 1 && types.has('string') && (typeof found === 'number' || typeof found === 'boolean')) {
    return `put it in quotes: ${quote(`"${source ?? String(found)}"`)}`
  }
  if (types.has('array') && !Array.isArray(found)) return listHelp(name, found, types.has('object'))
  if (types.has('object')) {
    const list = Array.isArray(found) ? 'a map has names, not `- `, before its entries' : null
    return shapeHelp(entriesOf[String(segments.at(-2))] ?? name) ?? list
  }
  return scalarHelp(name, found, types)
}

function scalarHelp(name: string, found: unknown, types: ReadonlySet<unknown>): string | null {
  if (typeof found === 'number') return types.has('integer') ? 'write a whole number' : null
  if (typeof found !== 'string') return null
  if (types.has('boolean')) return truthHelp(found)
  return types.has('integer') || types.has('number') ? numberHelp(name, found) : null
}

function listHelp(name: string, found: unknown, orObject: boolean): string | null {
  if (orObject) return shapeHelp(name)
  if (typeof found === 'object') return 'begin every entry with `- `'
  const isWord = typeof found === 'string' && /^[\w./-]{1,60}$/.test(found)
  return isWord ? `write a list: ${quote(`[${found}]`)}` : 'write a list: `[ … ]`'
}

/** What stands where in a document, for who wrote something simpler. */
const shapes: Readonly<Record<string, string>> = {
  api_key: '`{env: NAME}` or `{file: PATH}`',
  audit: '`{content: features}`',
  connection: '`{type: vllm, base_url: "http://vllm.svc:8000/v1"}`',
  credentials: '`{name: mobile-app, key_hash: "sha256:…"}`',
  environment: '`{store: "file:.aigw"}`',
  environments: '`{local: {store: "file:.aigw"}}`',
  failover: '`{on: [server_error, timeout], deadline_ms: 60000}`',
  health: '`{consecutive_failures: 3}`',
  limits: '`{requests: 60, per: minute}`',
  match: '`{model: gpt-4o-mini}`',
  'model facts': '`{context_window: 128000}`',
  models: '`{openai/gpt-4o-mini: {context_window: 128000}}`',
  parameters: '`{max_tokens: 1024}`',
  providers: '`{local: {type: vllm, base_url: "http://vllm.svc:8000/v1"}}`',
  quotas: '`{name: mobile, scope: everyone, limits: [{requests: 60, per: minute}]}`',
  scope: '`everyone` or `{credential: mobile-app}`',
  targets: '`{provider: openai, model: gpt-4o-mini}`',
  usd_per_million: '`{input: 0.15, output: 0.6}`',
}

/** Maps whose entries have names of their own. */
const entriesOf: Readonly<Record<string, string>> = {
  environments: 'environment',
  models: 'model facts',
  providers: 'connection',
}

function shapeHelp(name: string): string | null {
  const shape = shapes[name]
  return shape === undefined ? null : `write it like ${shape}`
}

/** YAML 1.1 read these words as true and false; 1.2 reads text. */
function truthHelp(found: string): string | null {
  if (/^(?:yes|y|on|true|1)$/i.test(found)) return 'write `true`'
  return /^(?:no|n|off|false|0)$/i.test(found) ? 'write `false`' : null
}

const millisecondsOf: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 }

/** Numbers as people write them: `1_000`, `60%`, `$20`, `800ms`, and in quotes. */
function numberHelp(name: string, found: string): string | null {
  const match = /^\$?(\d[\d_,]*(?:\.\d+)?) ?(ms|s|min|m|h|%|\$|usd)?$/i.exec(found)
  if (match === null) return null
  const [, digits = '', unit = ''] = match
  const number = digits.replaceAll(/[_,]/g, '')
  if (number === found) return `write it without quotes: \`${number}\``
  if (!name.endsWith('_ms')) return `write \`${number}\`: a bare number`
  return `write \`${Number(number) * (millisecondsOf[unit.toLowerCase()] ?? 1)}\`: a bare number, of milliseconds`
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
