import { table } from './layout.ts'

export interface SimulatedProvider {
  readonly name: string
  /** The wire language it speaks. */
  readonly wire: string
  /** As a manifest's `base_url` takes it. */
  readonly baseUrl: string
  /** Where the gateway looks for its key; null: it needs none. */
  readonly keyVariable: string | null
}

export interface SimulatedView {
  readonly format: string
  /** Those a manifest is shown for. */
  readonly shown: readonly SimulatedProvider[]
}

export function renderSimulated(providers: readonly SimulatedProvider[], { format, shown }: SimulatedView): string {
  const listed = providers.map(({ name, wire, baseUrl, keyVariable }) => ({
    name,
    base_url: baseUrl,
    wire,
    key_variable: keyVariable,
  }))
  if (format === 'json') return `${JSON.stringify(listed, null, 2)}\n`
  const rows = table(listed.map((one) => [one.name, one.base_url, one.wire, one.key_variable ?? 'no key']))
  const lines = ['Simulated providers: base_url, wire language, and the environment variable of the key:', '']
  lines.push(...rows.map((row) => `  ${row.join('  ')}`), '')
  if (shown.length > 0) lines.push(...howTo(shown), '')
  return lines.join('\n')
}

/** What leads a manifest that names these providers here. */
function howTo(shown: readonly SimulatedProvider[]): readonly string[] {
  const variables = shown.flatMap(({ keyVariable }) => (keyVariable === null ? [] : [`${keyVariable}=any`]))
  return [
    'To send a manifest here, name the addresses in it; any key will do:',
    '',
    '  providers:',
    ...shown.map(({ name, baseUrl }) => `    ${name}: {type: ${name}, base_url: "${baseUrl}"}`),
    '',
    `  export ${variables.join(' ')}`,
  ]
}
