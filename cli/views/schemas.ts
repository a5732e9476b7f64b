import type { Output } from '../context.ts'
import { wrap } from './layout.ts'

export interface SchemaSummary {
  readonly name: string
  readonly description: string
}

export function renderSchemas(schemas: readonly SchemaSummary[], output: Output): string {
  const left = Math.max(0, ...schemas.map(({ name }) => name.length)) + 2
  const width = (output.columns ?? Number.POSITIVE_INFINITY) - left
  return schemas
    .flatMap(({ name, description }) => {
      const [first = '', ...rest] = wrap(description, width)
      return [`${name.padEnd(left)}${first}\n`, ...rest.map((line) => `${' '.repeat(left)}${line}\n`)]
    })
    .join('')
}

export function renderSchemasJson(schemas: readonly SchemaSummary[]): string {
  return `${JSON.stringify(schemas, null, 2)}\n`
}
