import type { ManifestCredential } from '../../schemas/index.ts'

export interface NewCredential {
  readonly key: string
  readonly credential: ManifestCredential
}

export function renderCredential({ key, credential }: NewCredential, format: string): string {
  if (format === 'json') return `${JSON.stringify({ key, credential }, null, 2)}\n`
  const [first = '', ...rest] = Object.entries(credential).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  return [
    'The key, for the caller. It is shown this once; only its hash is kept.',
    '',
    `  ${key}`,
    '',
    'The entry for routes.yaml:',
    '',
    'credentials:',
    `  - ${first}`,
    ...rest.map((line) => `    ${line}`),
    '',
  ].join('\n')
}
