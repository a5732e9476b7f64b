/**
 * The reference page of a document, made from its JSON Schema: every part, every key with its kind, its default, what it
 * means and an example. What an editor shows and what the page says are the same sentences.
 */
import { stringify } from 'yaml'

/** The keywords of our schemas that say something to people. */
export interface Schema {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly title?: string
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly default?: unknown
  readonly examples?: readonly unknown[]
}

export interface ReferencePage {
  /** `routes.yaml`. */
  readonly title: string
  /** Its schema, as `aigw schema` knows it. */
  readonly kind: string
  readonly schema: Schema
}

interface Part {
  readonly heading: string
  readonly schema: Schema
}

/** Markdown, with one heading a part, in the order in which the parts are met. */
export function renderReference({ title, kind, schema }: ReferencePage): string {
  const parts: Part[] = [{ heading: 'The document', schema }, ...partsBelow(schema, schema, new Set())]
  return [
    `# ${title}`,
    '',
    `Made from [the schema](../../schemas/${kind}.schema.json) (\`aigw schema ${kind}\`); do not edit this page.`,
    '',
    'An editor with a YAML language server completes and explains every key when the file begins with',
    '',
    '```yaml',
    `# yaml-language-server: $schema=./node_modules/@aigw/aigw/schemas/${kind}.schema.json`,
    '```',
    '',
    ...parts.flatMap((part) => renderPart(part, schema)),
  ].join('\n')
}

/** Definitions that are objects with keys, each once, where they are first named. */
function partsBelow(at: Schema, document: Schema, seen: Set<string>): Part[] {
  return Object.entries(at.properties ?? {}).flatMap(([key, property]) => {
    const own = inlineObject(property)
    const below = own === null ? [] : [{ heading: key, schema: own }, ...partsBelow(own, document, seen)]
    return [...below, ...namesIn(property).flatMap((name) => partsOf(name, document, seen))]
  })
}

function partsOf(name: string, document: Schema, seen: Set<string>): Part[] {
  const schema = document.$defs?.[name]
  if (schema === undefined || seen.has(name)) return []
  seen.add(name)
  const below = partsBelow(schema, document, seen)
  return schema.properties === undefined ? below : [{ heading: headingOf(name), schema }, ...below]
}

/** An object that is written out where it is used. */
function inlineObject(schema: Schema): Schema | null {
  return schema.properties === undefined ? null : schema
}

function namesIn(schema: Schema): string[] {
  const { $ref, items, additionalProperties, anyOf = [] } = schema
  const inside = [items, typeof additionalProperties === 'object' ? additionalProperties : undefined, ...anyOf]
  return [
    ...($ref === undefined ? [] : [$ref.replace('#/$defs/', '')]),
    ...inside.flatMap((child) => (child === undefined ? [] : namesIn(child))),
  ]
}

/** `ManifestConnection` → `Connection`, `QuotaScope` → `Quota scope`. */
function headingOf(name: string): string {
  const words = name.replace(/^Manifest/, '').replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
  return words.slice(0, 1) + words.slice(1).toLowerCase()
}

function renderPart({ heading, schema }: Part, document: Schema): string[] {
  const rows = Object.entries(schema.properties ?? {}).map(([key, property]) => [
    `\`${key}\``,
    kindOf(property, document),
    schema.required?.includes(key) === true ? 'required' : defaultOf(property, document),
    describe(property, document),
    exampleOf(key, property, document),
  ])
  const head = ['key', 'kind', 'default', 'what', 'example']
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(inCell).join(' | ')} |`)
  const [example] = schema.examples ?? []
  const block = example === undefined ? [] : ['```yaml', stringify(example, { lineWidth: 100 }).trimEnd(), '```', '']
  return [`## ${heading}`, '', schema.description ?? '', '', ...lines, '', ...block]
}

/** A border of the table inside a cell is none. */
function inCell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ')
}

function referred(schema: Schema, document: Schema): Schema {
  if (schema.$ref === undefined) return schema
  return { ...document.$defs?.[schema.$ref.replace('#/$defs/', '')], ...schema }
}

function kindOf(schema: Schema, document: Schema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/$defs/', '')
    const target = document.$defs?.[name]
    return target?.properties === undefined ? kindOf(target ?? {}, document) : linkTo(headingOf(name))
  }
  if (schema.anyOf !== undefined) return schema.anyOf.map((each) => kindOf(each, document)).join(' or ')
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (schema.enum !== undefined)
    return schema.enum.map((value) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``).join(', ')
  return [schema.type ?? 'object']
    .flat()
    .map((type) => nameOfType(type, schema, document))
    .join(' or ')
}

function nameOfType(type: string, schema: Schema, document: Schema): string {
  if (type === 'array') return schema.items === undefined ? 'list' : `list of: ${kindOf(schema.items, document)}`
  if (type === 'object') {
    const { additionalProperties: values, properties } = schema
    if (properties !== undefined) return 'an object, below'
    return typeof values === 'object' ? `name to: ${kindOf(values, document)}` : 'object'
  }
  const names: Readonly<Record<string, string>> = { string: 'text', boolean: '`true` or `false`' }
  return `${names[type] ?? type}${type === 'integer' || type === 'number' ? rangeOf(schema) : ''}`
}

function rangeOf({ minimum, maximum, exclusiveMinimum }: Schema): string {
  if (minimum !== undefined && maximum !== undefined) return ` ${minimum} to ${maximum}`
  if (minimum !== undefined) return `, ${minimum} or more`
  const upper = maximum === undefined ? '' : `, at most ${maximum}`
  return exclusiveMinimum === undefined ? upper : `, more than ${exclusiveMinimum}${upper}`
}

function linkTo(heading: string): string {
  return `[${heading.toLowerCase()}](#${heading.toLowerCase().replaceAll(' ', '-')})`
}

function defaultOf(property: Schema, document: Schema): string {
  const whole = referred(property, document)
  if (whole.default !== undefined) return isNothing(whole.default) ? 'none' : `\`${JSON.stringify(whole.default)}\``
  const said = / ?\bDefault: (.+)$/.exec(whole.description ?? '')?.[1]
  return said === undefined ? '' : said.replace(/\.$/, '')
}

function isNothing(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** What it is, without the default, which has a column of its own. */
function describe(property: Schema, document: Schema): string {
  return (referred(property, document).description ?? '').replace(/ ?\bDefault: .+$/, '')
}

function exampleOf(key: string, property: Schema, document: Schema): string {
  const [example] = referred(property, document).examples ?? []
  if (example === undefined) return ''
  const text = stringify({ [key]: example }, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 })
  return `\`${text.trim().replace(/^\{(.*)\}$/s, '$1')}\``
}
