import { didYouMean, quote } from '../../../gateway/core/manifest/diagnostics.ts'
import type { ManifestRule } from '../rule.ts'

export const boundaryWithoutRegion: ManifestRule = {
  severity: 'warning',
  summary: 'a boundary that names a region no connection is in',
  find({ manifest }, report) {
    const regions = new Set(Object.values(manifest.providers ?? {}).flatMap(({ region }) => region ?? []))
    manifest.ai_routes.forEach(({ boundary, name }, route) => {
      if (!Array.isArray(boundary)) return
      boundary.forEach((region, position) => {
        if (regions.has(region)) return
        report({
          path: ['ai_routes', route, 'boundary', position],
          message: `the boundary of route ${quote(name)} names ${quote(region)}, but no connection says \`region: ${region}\`: it lets nothing through`,
          help:
            didYouMean(region, regions)?.help ??
            `say \`region: ${region}\` on the connections that lie there, or take it out`,
        })
      })
    })
  },
}
