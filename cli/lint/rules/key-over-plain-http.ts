import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import { hostOf } from '../connections.ts'
import type { ManifestRule } from '../rule.ts'

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/

export const keyOverPlainHttp: ManifestRule = {
  severity: 'warning',
  summary: 'a key that is sent over a connection without encryption',
  find({ manifest, table }, report) {
    for (const [name, { secret, secretRequired, headers, baseUrl }] of table.connections) {
      if (!baseUrl.startsWith('http://') || loopback.test(hostOf(baseUrl))) continue
      const hasSecretHeader = Object.values(headers).some((value) => typeof value !== 'string')
      if (!hasSecretHeader && (secret === null || !secretRequired)) continue
      const isDeclared = manifest.providers !== undefined && Object.hasOwn(manifest.providers, name)
      if (!isDeclared) continue
      report({
        path: ['providers', name, 'base_url'],
        message: `the key of ${quote(name)} and every prompt travel to ${quote(hostOf(baseUrl))} in the clear`,
        help: 'write `https://`; if the network itself encrypts (a service mesh), say so in a suppression',
      })
    }
  },
}
