import { table } from './layout.ts'

export interface SchemaSummary {
  readonly name: string
  readonly description: string
}

export function renderSchemas(schemas: readonly SchemaSummary[], format: string): string {
  if (format === 'json') return `${JSON.stringify(schemas, null, 2)}\n`
  return table(schemas.map(({ name, description }) => [name, description]))
    .map((row) => `${row.join('  ')}\n`)
    .join('')
}
