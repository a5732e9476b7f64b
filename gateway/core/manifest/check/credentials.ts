import type { RoutesManifest } from '../../../../schemas/index.ts'
import type { Report } from '../diagnostics.ts'
import { checkUnique } from './names.ts'

const keyHash = /^sha256:[0-9a-f]{64}$/

export function checkCredentials(manifest: RoutesManifest, report: Report): void {
  const credentials = manifest.credentials ?? []
  checkUnique(
    credentials.map(({ name }, index) => ({ text: name, path: ['credentials', index, 'name'] })),
    'credential',
    report,
  )
  const owners = new Map<string, string>()
  credentials.forEach((credential, index) => {
    const path = ['credentials', index, 'key_hash']
    const owner = owners.get(credential.key_hash)
    if (!keyHash.test(credential.key_hash)) {
      // What stands there may be the key itself, so it is not repeated.
      const help = 'a hash is `sha256:` and 64 lower-case hex digits; `aigw credential new` makes a key and prints it'
      report({ code: 'invalid-key-hash', path, message: '`key_hash` is no hash of a key', help })
    } else if (owner === undefined) {
      owners.set(credential.key_hash, credential.name)
    } else {
      const message = `the same key belongs to the credential \`${owner}\` already`
      report({ code: 'duplicate-key-hash', path, message, help: 'a key says who calls: every caller needs its own' })
    }
    if (credential.expires !== undefined && parseExpiry(credential.expires) === null) {
      const help = 'write a date (`2027-01-31`) or a time with an offset (`2027-01-31T18:00:00Z`)'
      report({ code: 'invalid-time', path: ['credentials', index, 'expires'], message: '`expires` is no time', help })
    }
  })
}

const expiry = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/

/**
 * Unix milliseconds of the first moment at which a key is refused; a date stands for its end, UTC. null: no such time
 * (the thirtieth of February included).
 */
export function parseExpiry(text: string): number | null {
  const match = expiry.exec(text)
  if (match === null) return null
  const [, year, month, day, hour] = match
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day))
  const date = new Date(midnight)
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return null
  if (hour === undefined) return midnight + 86_400_000
  const time = Date.parse(text)
  return Number.isNaN(time) ? null : time
}
