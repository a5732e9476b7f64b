import type { ManifestRoute, RoutesManifest } from '../../../../schemas/index.ts'
import type { DocumentPath, Report } from '../diagnostics.ts'
import { checkMatch } from './match.ts'
import { checkReference, checkUnique } from './names.ts'
import { checkOperations } from './operations.ts'
import { checkTargets } from './targets.ts'

export function checkRoutes(manifest: RoutesManifest, report: Report): void {
  const routes = manifest.ai_routes
  checkUnique(
    routes.map(({ name }, index) => ({ text: name, path: ['ai_routes', index, 'name'] })),
    'route',
    report,
  )
  const policies = new Set(Object.keys(manifest.policies ?? {}))
  routes.forEach((route, index) => {
    const path = ['ai_routes', index]
    checkWeights(route, path, report)
    checkSticky(route, path, report)
    checkLatency(route, path, report)
    route.policies?.forEach((text, position) => {
      const problem = checkReference({ text, path: [...path, 'policies', position] }, policies, 'policy')
      if (problem !== null) report(problem)
    })
    checkMatch(route, { manifest, path, report })
    checkTargets(route, { manifest, path, report })
    checkOperations(route, { manifest, path, report })
  })
}

function checkWeights(route: ManifestRoute, path: DocumentPath, report: Report): void {
  const { strategy = 'weighted', targets } = route
  const weighed = targets.filter(({ weight }) => weight !== undefined)
  if (weighed.length === 0) return
  if (strategy !== 'weighted' && strategy !== 'sticky') {
    const index = targets.findIndex(({ weight }) => weight !== undefined)
    const message = `weights would be ignored: \`strategy: ${strategy}\` does not draw`
    const help = 'leave all weights out, or use `strategy: weighted`'
    const at = [...path, 'targets', index, 'weight']
    report({ code: 'ignored-setting', path: at, message, help, spot: { part: 'key' } })
  } else if (weighed.length < targets.length) {
    const index = targets.findIndex(({ weight }) => weight === undefined)
    const message = 'this target has no weight, but others of the route have one'
    const help = 'give every target a weight (0: only as failover), or none'
    report({ code: 'missing-weight', path: [...path, 'targets', index, 'weight'], message, help })
  } else if (weighed.every(({ weight }) => weight === 0)) {
    const message = 'every target has weight 0, so none could be picked first'
    const help = 'give at least one of them a weight above 0'
    report({ code: 'no-weight', path: [...path, 'targets', 0, 'weight'], message, help })
  }
}

function checkSticky(route: ManifestRoute, path: DocumentPath, report: Report): void {
  const { strategy, sticky_by: stickyBy } = route
  if (strategy === 'sticky' && stickyBy === undefined) {
    const message = '`strategy: sticky` needs to know what stays with a target: `sticky_by`'
    const help = '`sticky_by: credential`, `organization`, `user` or `header:NAME`'
    report({ code: 'missing-key', path: [...path, 'sticky_by'], message, help })
  } else if (strategy !== 'sticky' && stickyBy !== undefined) {
    const message = '`sticky_by` would be ignored without `strategy: sticky`'
    const help = 'add `strategy: sticky`, or leave it out'
    report({ code: 'ignored-setting', path: [...path, 'sticky_by'], message, help, spot: { part: 'key' } })
  }
}

function checkLatency(route: ManifestRoute, path: DocumentPath, report: Report): void {
  const classes = route.failover?.on
  if (classes === undefined || classes.includes('latency')) return
  route.targets.forEach((target, index) => {
    if (target.max_latency_ms === undefined) return
    const message = '`max_latency_ms` would be ignored: `failover.on` does not list `latency`'
    const help = 'add `latency` to `failover.on`, or leave the latency target out'
    report({
      code: 'ignored-setting',
      path: [...path, 'targets', index, 'max_latency_ms'],
      message,
      help,
      spot: { part: 'key' },
    })
  })
}
