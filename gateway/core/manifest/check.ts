/**
 * The meaning of a manifest whose grammar is right: what cannot work, and what would be silently ignored. The gateway
 * refuses what this refuses. What works but is unwise is lint's, and never looked at here.
 */
import type { RoutesManifest } from '../../../schemas/index.ts'
import { checkConnections } from './check/connections.ts'
import { checkCredentials } from './check/credentials.ts'
import { checkHealth } from './check/health.ts'
import { checkModels } from './check/models.ts'
import { checkPolicies } from './check/policies.ts'
import { checkQuotas } from './check/quotas.ts'
import { checkRoutes } from './check/routes.ts'
import { checkSecrets } from './check/secrets.ts'
import type { Problem, Report } from './diagnostics.ts'

const checks: readonly ((manifest: RoutesManifest, report: Report) => void)[] = [
  checkSecrets,
  checkConnections,
  checkCredentials,
  checkHealth,
  checkModels,
  checkPolicies,
  checkQuotas,
  checkRoutes,
]

export function checkManifest(manifest: RoutesManifest): Problem[] {
  const problems: Problem[] = []
  for (const check of checks) check(manifest, (problem) => problems.push(problem))
  // Of a text that is a key nothing else needs to be said.
  const secrets = new Set(problems.filter(({ code }) => code === 'literal-secret').map(({ path }) => path.join('\n')))
  return problems.filter(({ code, path }) => code === 'literal-secret' || !secrets.has(path.join('\n')))
}
