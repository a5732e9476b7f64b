/**
 * Makes `generated/` from every `*.schema.json` beside this file: TypeScript types in one file, and one standalone
 * validator a document kind, so that a command loads only what it needs and nothing imports a validator library.
 *
 *     node schemas/generate.ts            write what changed
 *     node schemas/generate.ts --check    write nothing; exit 1 and name the stale files
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import standalone from 'ajv/dist/standalone/index.js'
import { compile } from 'json-schema-to-typescript'

interface Document {
  /** The file's name without `.schema.json`. */
  readonly kind: string
  readonly schema: SchemaObject
}
interface SchemaObject {
  readonly [keyword: string]: unknown
  readonly $id: string
  readonly title: string
  readonly $defs?: Readonly<Record<string, SchemaObject>>
}
interface EntryPoint {
  readonly kind: string
  readonly reference: string
  /** Documents are told all their problems at once; requests and replies only the first, which is faster. */
  readonly allErrors: boolean
}

const folder = import.meta.dirname
const generatedFolder = join(folder, 'generated')
const banner =
  '// Made by schemas/generate.ts from schemas/*.schema.json. Do not edit: change the schema and run it again.\n'

/** The one document that is no document kind of its own: its definitions are. */
const openaiEntryPoints: readonly EntryPoint[] = [
  ['chat-completion-request', 'ChatCompletionRequest'],
  ['chat-completion', 'ChatCompletion'],
  ['chat-completion-chunk', 'ChatCompletionChunk'],
  ['embeddings-request', 'EmbeddingsRequest'],
  ['embeddings-response', 'EmbeddingsResponse'],
  ['error-response', 'ErrorResponse'],
  ['model-list', 'ModelList'],
].map(([kind = '', name = '']) => ({ kind, reference: `openai.schema.json#/$defs/${name}`, allErrors: false }))

/** Kinds of which a file holds one a line: the first problem of a line is enough. */
const readByTheMillion: ReadonlySet<string> = new Set(['spool', 'capture'])

function readDocuments(): Document[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.schema.json'))
    .sort()
    .map((name) => {
      const schema = JSON.parse(readFileSync(join(folder, name), 'utf8')) as SchemaObject // our own files
      if (schema.$id !== name) throw new Error(`${name}: $id must be the file's name`)
      return { kind: name.slice(0, -'.schema.json'.length), schema }
    })
}

function entryPointsOf(documents: readonly Document[]): EntryPoint[] {
  return documents.flatMap(({ kind, schema }) =>
    kind === 'openai' ? openaiEntryPoints : [{ kind, reference: schema.$id, allErrors: !readByTheMillion.has(kind) }],
  )
}

/** Every root and definition of every document as one schema, so that a type is declared once. Names must differ. */
async function makeTypes(documents: readonly Document[]): Promise<string> {
  const definitions: Record<string, unknown> = {}
  for (const { kind, schema } of documents) {
    const { $defs = {}, $id, $schema: _dialect, ...root } = schema
    const named = kind === 'openai' ? $defs : { [schema.title]: root, ...$defs }
    for (const [name, definition] of Object.entries(named)) {
      if (name in definitions) throw new Error(`${$id}: ${name} is defined in another document too`)
      const { title: _title, ...rest } = definition
      definitions[name] = rest
    }
  }
  const titles = new Map(documents.map(({ schema }) => [schema.$id, schema.title]))
  const everything = { title: 'Everything', type: 'object', $defs: definitions }
  const combined = JSON.parse(JSON.stringify(everything), (_key, value: unknown) =>
    forTypes(value, titles),
  ) as Parameters<typeof compile>[0]
  const source = await compile(combined, 'Everything', {
    additionalProperties: true,
    bannerComment: banner,
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: true,
    style: { semi: false, singleQuote: true, printWidth: 120 },
  })
  return tidyTypes(source)
}

/** What json-schema-to-typescript makes better types of; the meaning is the same or wider. */
function forTypes(value: unknown, titles: ReadonlyMap<string, string>): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  // What stands beside a `$ref` (a description) would make the library declare a second type of the same shape.
  if ('$ref' in value && typeof value.$ref === 'string') return { $ref: localReference(value.$ref, titles) }
  // The library knows no discriminator; the union alone is the type.
  if ('discriminator' in value && 'oneOf' in value) return { oneOf: value.oneOf }
  // "Exactly one of these keys" has no plain type; every key is optional there.
  if ('oneOf' in value && 'properties' in value) {
    const { oneOf: _choice, ...rest } = value
    return rest
  }
  // A schema that says nothing but what it is for takes any value; the library would make an object of it.
  if ('description' in value && typeof value.description === 'string' && Object.keys(value).length === 1) {
    return { ...value, tsType: 'unknown' }
  }
  // Tuples in the older spelling, which is the one the library knows.
  if ('prefixItems' in value) {
    const { prefixItems, ...rest } = value
    return { ...rest, items: prefixItems, additionalItems: false }
  }
  return value
}

/** `routes.schema.json#/$defs/X`, `#/$defs/X` and `routes.schema.json` all become definitions of the combined schema. */
function localReference(reference: string, titles: ReadonlyMap<string, string>): string {
  const [file = '', pointer = ''] = reference.split('#')
  return pointer === '' ? `#/$defs/${titles.get(file) ?? file}` : `#${pointer}`
}

/** Drops the empty root and the notes the library writes about where each definition came from. */
function tidyTypes(source: string): string {
  return source
    .replace(/export interface Everything \{[^}]*\}\n/, '')
    .replace(
      /\n? \*\n \* This interface was referenced by `Everything`'s JSON-Schema\n \* via the `definition` "[^"]*"\./g,
      '',
    )
    .replace(
      /\/\*\*\n \* This interface was referenced by `Everything`'s JSON-Schema\n \* via the `definition` "[^"]*"\.\n \*\/\n/g,
      '',
    )
}

function makeValidator(documents: readonly Document[], entry: EntryPoint): string {
  const ajv = new Ajv2020({
    allErrors: entry.allErrors,
    allowUnionTypes: true,
    discriminator: true,
    // `describe` in validation.ts finds its own words; for a did-you-mean it needs the schema's known keys.
    messages: false,
    strictTypes: false,
    verbose: entry.allErrors,
    inlineRefs: !entry.allErrors,
    code: { source: true, esm: true, lines: true, optimize: true },
  })
  for (const { schema } of documents) ajv.addSchema(withoutProse(schema))
  const validate = ajv.getSchema(entry.reference)
  if (validate === undefined) throw new Error(`no schema ${entry.reference}`)
  return `// @ts-nocheck\n${banner}${withoutUnused(withOwnRuntime(standalone.default(ajv, validate)))}`
}

/** Descriptions, examples and defaults decide nothing and would only make the validators longer. */
function withoutProse(schema: SchemaObject): SchemaObject {
  const strip = (value: unknown, isMap: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item) => strip(item, false))
    if (typeof value !== 'object' || value === null) return value
    const kept = Object.entries(value).filter(
      ([key]) => isMap || !['description', 'examples', 'default', 'title', 'deprecated'].includes(key),
    )
    return Object.fromEntries(
      kept.map(([key, child]) => [key, strip(child, !isMap && (key === 'properties' || key === '$defs'))]),
    )
  }
  return strip(schema, false) as SchemaObject // the same shape, less prose
}

/** Ajv writes `require` for its helpers even into ES modules; ours take their place. */
function withOwnRuntime(code: string): string {
  const used = new Set<string>()
  const replaced = code
    .replace(/require\("ajv\/dist\/runtime\/(\w+)"\)\.default/g, (_match, name: string) => {
      used.add(name)
      return name
    })
    .replace('"use strict";', '')
    .replace(
      /export const validate = (\w+);export default \w+;/,
      "export const validate: import('../../validation.ts').GeneratedValidator = $1;",
    )
    .replace(/export const validate = (\w+);\s*export default \w+;/, (_match, name: string) => {
      return `export const validate: import('../../validation.ts').GeneratedValidator = ${name};`
    })
  if (/\brequire\(/.test(replaced)) throw new Error('a validator needs a helper that schemas/runtime.ts does not have')
  const names = [...used].sort()
  const helpers = names.length === 0 ? '' : `import { ${names.join(', ')} } from '../../runtime.ts';\n`
  return helpers + replaced.trimStart()
}

/** Ajv writes out every schema it met, whether its code reads it or not. */
function withoutUnused(code: string): string {
  return code.replace(/^const (schema\d+) = .*;\n/gm, (declaration, name: string) =>
    code.split(new RegExp(`\\b${name}\\b`)).length > 2 ? declaration : '',
  )
}

async function generate(): Promise<Map<string, string>> {
  const documents = readDocuments()
  const files = new Map([['types.ts', await makeTypes(documents)]])
  for (const entry of entryPointsOf(documents)) {
    files.set(`validators/${entry.kind}.ts`, makeValidator(documents, entry))
  }
  return files
}

function readGenerated(name: string): string | null {
  try {
    return readFileSync(join(generatedFolder, name), 'utf8')
  } catch {
    return null
  }
}

/** Files that lie in `generated/` although no schema makes them any more. */
function leftovers(files: ReadonlyMap<string, string>): string[] {
  mkdirSync(join(generatedFolder, 'validators'), { recursive: true })
  return readdirSync(join(generatedFolder, 'validators'))
    .map((name) => `validators/${name}`)
    .filter((name) => !files.has(name))
}

const files = await generate()
const stale = [...files].filter(([name, text]) => readGenerated(name) !== text).map(([name]) => name)
const extra = leftovers(files)
if (process.argv.includes('--check')) {
  for (const name of [...stale, ...extra]) console.error(`stale: schemas/generated/${name} (run: npm run generate)`)
  process.exitCode = stale.length + extra.length > 0 ? 1 : 0
} else {
  for (const name of stale) writeFileSync(join(generatedFolder, name), files.get(name) ?? '')
  for (const name of extra) rmSync(join(generatedFolder, name))
}
