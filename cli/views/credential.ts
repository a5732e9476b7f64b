/** Callers and their keys. A key is shown once, when it is made; a hash never whole. */
import type { CredentialStanding } from '../../gateway/core/routing/credential-standing.ts'
import type { ManifestCredential } from '../../schemas/index.ts'
import type { Output } from '../context.ts'
import { table } from './layout.ts'
import { makePaint } from './paint.ts'

export interface NewCredential {
  readonly key: string
  readonly credential: ManifestCredential
}

export function renderNewCredential({ key, credential }: NewCredential, format: string): string {
  if (format === 'json') return renderJson({ key, credential })
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

export interface ListedCredential {
  readonly name: string
  readonly organization: string | null
  readonly project: string | null
  readonly expires: string | null
  readonly disabled: boolean
  readonly state: CredentialStanding
  /** Its beginning. */
  readonly key_hash: string
}

export function renderCredentialList(file: string, credentials: readonly ListedCredential[], output: Output): string {
  if (credentials.length === 0) {
    return `${file} declares no credentials: its gateways ask nobody who they are, and serve on loopback only.\n`
  }
  const paint = makePaint(output)
  const rows = table([
    ['NAME', 'STATE', 'ORGANIZATION', 'PROJECT', 'EXPIRES', 'KEY HASH'],
    ...credentials.map(({ name, state, organization, project, expires, key_hash: keyHash }) => [
      name,
      state,
      organization ?? '-',
      project ?? '-',
      expires ?? 'never',
      keyHash,
    ]),
  ])
  const lines = rows.map((row, index) => {
    const line = row.join('  ')
    if (index === 0) return paint.dim(line)
    return credentials[index - 1]?.state === 'valid' ? line : paint.yellow(line)
  })
  return `${lines.join('\n')}\n`
}

export function renderCredentialListJson(file: string, credentials: readonly ListedCredential[]): string {
  return renderJson({ file, credentials })
}

export interface Revoked {
  readonly name: string
  readonly file: string
  readonly line: number
  /** False: it was disabled already. */
  readonly isChanged: boolean
}

export function renderRevoked({ name, file, line, isChanged }: Revoked, format: string): string {
  if (format === 'json') return renderJson({ credential: name, file, line, changed: isChanged })
  return isChanged
    ? `Disabled ${name} in ${file}:${line}.\n`
    : `${name} is disabled already in ${file}:${line}; nothing was changed.\n`
}

export interface CheckedKey {
  readonly file: string
  /** ISO 8601: the moment that is judged. */
  readonly at: string
  /** null: nobody's. */
  readonly credential: string | null
  readonly organization: string | null
  readonly project: string | null
  readonly expires: string | null
  readonly key_hash: string | null
  /** `open`: no credential is declared. */
  readonly state: CredentialStanding | 'unknown' | 'open'
}

export function renderCheckedKey(checked: CheckedKey, format: string, output: Output): string {
  const admitted = checked.state === 'valid' || checked.state === 'open'
  if (format === 'json') return renderJson({ admitted, ...checked })
  const paint = makePaint(output)
  const answer = admitted ? paint.green('let in') : paint.red('refused')
  return `${answer}  ${tellChecked(checked)}\n`
}

function tellChecked({ state, credential, organization, project, expires, file, at }: CheckedKey): string {
  const of = [organization, project].filter((part) => part !== null).join(' / ')
  const whose = `the key of ${credential ?? ''}${of === '' ? '' : ` (${of})`}`
  switch (state) {
    case 'valid':
      return `${whose}, at ${at}; it ${expires === null ? 'does not expire' : `expires: ${expires}`}`
    case 'disabled':
      return `${whose}, which is disabled; callers are answered 401`
    case 'expired':
      return `${whose}, which expired (${expires ?? ''}) before ${at}; callers are answered 401`
    case 'unknown':
      return `nobody in ${file} has this key; callers are answered 401`
    case 'open':
      return `${file} declares no credentials: any key is ignored, on loopback only`
    default:
      return state satisfies never
  }
}

function renderJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
