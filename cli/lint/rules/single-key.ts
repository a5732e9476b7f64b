import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import type { Connection, SecretReference } from '../../../gateway/core/routing/table.ts'
import type { ManifestRule } from '../rule.ts'

export const singleKey: ManifestRule = {
  severity: 'warning',
  summary: 'a route whose connections all use one key',
  find({ table }, report) {
    for (const route of table.routes) {
      const connections = [...new Set(route.candidates.map(({ connection }) => connection))]
      const [first] = connections
      if (first?.secret === undefined || first.secret === null || connections.length < 2) continue
      const key = tell(first.secret)
      if (!connections.every((connection) => usesKey(connection, key))) continue
      const names = connections.map(({ name }) => quote(name)).join(', ')
      report({
        path: ['ai_routes', route.index, 'targets'],
        message: `all connections of route ${quote(route.name)} (${names}) use one key, ${quote(key)}: revoked or out of credit, it takes all of them down`,
        help: 'give each connection an `api_key` of its own',
        spot: { part: 'key' },
      })
    }
  },
}

function usesKey({ secret, secretRequired }: Connection, key: string): boolean {
  return secretRequired && secret !== null && tell(secret) === key
}

function tell(secret: SecretReference): string {
  return 'env' in secret ? secret.env : secret.file
}
