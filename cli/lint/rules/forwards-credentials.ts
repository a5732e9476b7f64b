import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import type { ManifestRule } from '../rule.ts'

/** Headers by which a caller says who it is. `authorization` is not among them: check refuses it. */
const telling: ReadonlySet<string> = new Set(['cookie', 'x-api-key', 'api-key', 'x-goog-api-key'])

export const forwardsCredentials: ManifestRule = {
  severity: 'warning',
  summary: 'a connection that passes the credentials of its callers on to the provider',
  find({ manifest }, report) {
    for (const [name, { forward_headers: headers = [] }] of Object.entries(manifest.providers ?? {})) {
      headers.forEach((header, position) => {
        if (!telling.has(header.toLowerCase())) return
        report({
          path: ['providers', name, 'forward_headers', position],
          message: `${quote(name)} is sent the ${quote(header)} of every caller, which is their key to this gateway`,
          help: `take ${quote(header)} out of \`forward_headers\`; what the provider needs to know belongs in \`api_key\` or \`headers\``,
        })
      })
    }
  },
}
