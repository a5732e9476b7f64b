import type { HealthOverrides, RoutesManifest } from '../../../../schemas/index.ts'
import { defaultHealth } from '../defaults.ts'
import type { DocumentPath, Report } from '../diagnostics.ts'

/** A longest time that is shorter than the first one could never hold. */
export function checkHealth(manifest: RoutesManifest, report: Report): void {
  checkOrder({ ...defaultHealth, ...manifest.health }, manifest.health, { path: ['health'], report })
  for (const [name, { health }] of Object.entries(manifest.providers ?? {})) {
    const effective = { ...defaultHealth, ...manifest.health, ...health }
    checkOrder(effective, health, { path: ['providers', name, 'health'], report })
  }
}

const pairs = [
  ['open_ms', 'max_open_ms'],
  ['rate_limited_ms', 'max_rate_limited_ms'],
] as const

function checkOrder(
  effective: Required<HealthOverrides>,
  written: HealthOverrides | undefined,
  { path, report }: { readonly path: DocumentPath; readonly report: Report },
): void {
  for (const [first, longest] of pairs) {
    if (effective[first] <= effective[longest]) continue
    const setting = [longest, first].find((name) => written?.[name] !== undefined)
    if (setting === undefined) continue
    const message = `\`${longest}\` (${effective[longest]}) is shorter than \`${first}\` (${effective[first]})`
    const help = `raise \`${longest}\`, or lower \`${first}\``
    report({ code: 'contradiction', path: [...path, setting], message, help })
  }
}
