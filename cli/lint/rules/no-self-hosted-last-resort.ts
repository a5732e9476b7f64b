import { enumerate, quote } from '../../../gateway/core/manifest/diagnostics.ts'
import type { CompiledRoute } from '../../../gateway/core/routing/table.ts'
import type { ManifestRule } from '../rule.ts'

export const noSelfHostedLastResort: ManifestRule = {
  severity: 'info',
  summary: 'a route with nothing to serve it when every cloud provider is down',
  find({ table }, report) {
    const without = table.routes.filter((route) => !route.candidates.some(isSelfHosted))
    if (without.length === table.routes.length && without.length > 1) {
      report({
        path: ['ai_routes'],
        message: `none of the ${without.length} routes has a self-hosted candidate: when the cloud providers are down, every request fails`,
        help: 'run a small model of your own, and name it as `fallback: connection/model`',
        spot: { part: 'key' },
      })
      return
    }
    const known = table.routes.flatMap(({ candidates }) => candidates.find(isSelfHosted)?.id ?? [])
    for (const route of without) {
      const clouds = [...new Set(route.candidates.map(({ connection }) => quote(connection.name)))]
      const down = clouds.length === 1 ? 'is down' : 'are down'
      const such =
        known[0] === undefined ? 'connection/model` of your own machines' : `${known[0]}\`, as elsewhere here`
      report({
        path: ['ai_routes', route.index, 'name'],
        message: `route ${quote(route.name)} has no self-hosted last resort: when ${enumerate(clouds, 'and')} ${down}, its requests fail`,
        help: `add \`fallback: ${such}`,
      })
    }
  },
}

function isSelfHosted({ connection }: CompiledRoute['candidates'][number]): boolean {
  return connection.deployment === 'self_hosted'
}
