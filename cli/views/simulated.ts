import { table } from './layout.ts'

export interface SimulatedProvider {
  readonly name: string
  /** As a manifest's `base_url` takes it. */
  readonly baseUrl: string
}

export function renderSimulated(providers: readonly SimulatedProvider[], format: string): string {
  const listed = providers.map(({ name, baseUrl }) => ({ name, base_url: baseUrl }))
  if (format === 'json') return `${JSON.stringify(listed, null, 2)}\n`
  const rows = table(listed.map(({ name, base_url }) => [name, base_url]))
  return ['Simulated providers, with the base_url of each:', '', ...rows.map((row) => `  ${row.join('  ')}`), ''].join(
    '\n',
  )
}
