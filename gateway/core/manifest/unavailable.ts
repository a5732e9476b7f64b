/**
 * Parts of a manifest that are right but whose engine this version does not have. `aigw validate` warns of them; a
 * gateway refuses to load a manifest with one, because a setting that is accepted and ignored is worse than none.
 */
import type { RoutesManifest } from '../../../schemas/index.ts'
import { dialects } from '../dialects/index.ts'
import type { Diagnostic, DocumentPath, Locate, Problem, Report } from './diagnostics.ts'
import { nowhere, quote, sortDiagnostics, toDiagnostic } from './diagnostics.ts'
import { chatWireOf } from '../providers/provider.ts'
import { type TargetName, findConnection, splitTarget, toList } from './references.ts'

export interface UnavailablePlace {
  readonly file: string | null
  /** From `readManifest`; without it every diagnostic stands at line 1. */
  readonly locate: Locate
}

/** Every such part, as warnings in the order of the text. */
export function findUnavailable(
  manifest: RoutesManifest,
  place: UnavailablePlace = { file: null, locate: nowhere },
): Diagnostic[] {
  return sortDiagnostics(unavailableProblems(manifest).map((problem) => toDiagnostic(problem, place)))
}

/** The same, for whoever finds the places. */
export function unavailableProblems(manifest: RoutesManifest): Problem[] {
  const problems: Problem[] = []
  const report: Report = (problem) => problems.push(problem)
  findInTop(manifest, report)
  findInRoutes(manifest, report)
  return problems
}

function unavailable(path: DocumentPath, what: string, spot: Problem['spot'] = { part: 'key' }): Problem {
  return { code: 'unavailable', severity: 'warning', path, message: `${what} cannot be served by this version`, spot }
}

function findInTop(manifest: RoutesManifest, report: Report): void {
  if (manifest.quotas !== undefined && manifest.quotas.length > 0) report(unavailable(['quotas'], 'quotas'))
  if (manifest.cors !== undefined) report(unavailable(['cors'], 'calls from other origins (`cors`)'))
}

function findInRoutes(manifest: RoutesManifest, report: Report): void {
  manifest.ai_routes.forEach((route, index) => {
    const path = ['ai_routes', index]
    if (route.match.semantic !== undefined) report(unavailable([...path, 'match', 'semantic'], 'semantic matching'))
    if (route.hedge_after_ms !== undefined) report(unavailable([...path, 'hedge_after_ms'], 'hedging'))
    if (route.policies !== undefined && route.policies.length > 0)
      report(unavailable([...path, 'policies'], 'policies'))
    route.targets.forEach(({ provider, model }, position) => {
      findInCandidate(manifest, { provider, model }, { path: [...path, 'targets', position, 'provider'], report })
    })
    toList(route.fallback).forEach((text, position) => {
      const own = typeof route.fallback === 'string' ? [...path, 'fallback'] : [...path, 'fallback', position]
      const name = splitTarget(text)
      if (name !== null) findInCandidate(manifest, name, { path: own, report })
    })
  })
}

interface Place {
  readonly path: DocumentPath
  readonly report: Report
}

function findInCandidate(manifest: RoutesManifest, target: TargetName, { path, report }: Place): void {
  const { provider: name, model } = target
  const connection = findConnection(manifest, name)
  const dialect = connection === null ? null : chatWireOf(connection.provider, model).dialect
  if (connection === null || dialect === null) return
  if (dialects[dialect] !== undefined) return
  report(unavailable(path, `${quote(name)} (its language, ${quote(dialect)})`, { part: 'value' }))
}
