import type { RoutesManifest } from '../../../../schemas/index.ts'
import { type Report, didYouMean, quote } from '../diagnostics.ts'
import { connectionNames, findConnection, splitTarget } from '../references.ts'

export function checkModels(manifest: RoutesManifest, report: Report): void {
  for (const key of Object.keys(manifest.models ?? {})) {
    const path = ['models', key]
    const spot = { part: 'key' } as const
    const name = splitTarget(key)
    if (name === null) {
      const help = 'a model is named by `connection/model` or `type/model`'
      report({ code: 'invalid-name', path, message: `${quote(key)} names no model`, help, spot })
    } else if (findConnection(manifest, name.provider) === null) {
      const message = `there is no connection or provider ${quote(name.provider)}`
      report({ code: 'unknown-provider', path, message, ...didYouMean(name.provider, connectionNames(manifest)), spot })
    }
  }
}
