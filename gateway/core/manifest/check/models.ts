import type { RoutesManifest } from '../../../../schemas/index.ts'
import { type Report, quote } from '../diagnostics.ts'
import { findConnection, splitTarget, unknownProvider } from '../references.ts'

export function checkModels(manifest: RoutesManifest, report: Report): void {
  for (const key of Object.keys(manifest.models ?? {})) {
    const path = ['models', key]
    const spot = { part: 'key' } as const
    const name = splitTarget(key)
    if (name === null) {
      const help = 'a model is named by `connection/model` or `type/model`'
      report({ code: 'invalid-name', path, message: `${quote(key)} names no model`, help, spot })
    } else if (findConnection(manifest, name.provider) === null) {
      report({ ...unknownProvider(manifest, name.provider, path), spot })
    }
  }
}
