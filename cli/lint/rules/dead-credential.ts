import { parseExpiry } from '../../../gateway/core/manifest/check/credentials.ts'
import { enumerate, quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { toList } from '../../../gateway/core/manifest/references.ts'
import type { RoutesManifest } from '../../../schemas/index.ts'
import type { ManifestRule } from '../rule.ts'

export const deadCredential: ManifestRule = {
  severity: 'warning',
  summary: 'a credential that nobody may use: expired, or disabled with routes and quotas still written for it',
  find({ manifest, nowMs }, report) {
    const users = usersOf(manifest)
    manifest.credentials?.forEach(({ name, disabled, expires }, index) => {
      const uses = users.get(name) ?? []
      const still =
        uses.length === 0 ? '' : `; ${enumerate(uses, 'and')} ${uses.length === 1 ? 'is' : 'are'} still written for it`
      const expiresAtMs = expires === undefined ? null : parseExpiry(expires)
      if (expiresAtMs !== null && expiresAtMs <= nowMs) {
        report({
          path: ['credentials', index, 'expires'],
          message: `nobody may use ${quote(name)}: it expired with ${quote(expires ?? '')}${still}`,
          help: `make a new key with \`aigw credential new ${name}\`, or remove the credential${uses.length === 0 ? '' : ' and what is written for it'}`,
        })
      } else if (disabled === true && uses.length > 0) {
        report({
          path: ['credentials', index, 'disabled'],
          message: `nobody may use ${quote(name)}: it is disabled${still}`,
          help: `remove the credential and what is written for it, or enable it again`,
        })
      }
    })
  },
}

/** What names each credential. */
function usersOf(manifest: RoutesManifest): Map<string, string[]> {
  const users = new Map<string, string[]>()
  const add = (name: string, user: string): void => void users.set(name, [...(users.get(name) ?? []), user])
  for (const { match, name } of manifest.ai_routes) {
    for (const credential of toList(match.credential)) add(credential, `route ${quote(name)}`)
  }
  for (const { scope, name } of manifest.quotas ?? []) {
    if (scope !== 'everyone' && scope.credential !== undefined) add(scope.credential, `quota ${quote(name)}`)
  }
  return users
}
