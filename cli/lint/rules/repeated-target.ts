import { isDeepStrictEqual } from 'node:util'
import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import type { ManifestTarget } from '../../../schemas/index.ts'
import type { ManifestRule } from '../rule.ts'

export const repeatedTarget: ManifestRule = {
  severity: 'warning',
  summary: 'a target that stands in its route twice',
  find({ manifest }, report) {
    manifest.ai_routes.forEach(({ targets, name }, route) => {
      const seen = new Map<string, ManifestTarget[]>()
      targets.forEach((target, position) => {
        const id = `${target.provider}/${target.model}`
        const earlier = seen.get(id) ?? []
        seen.set(id, [...earlier, target])
        // With other parameters it is another experiment, even if it fails together with the first.
        if (!earlier.some((other) => isDeepStrictEqual(withoutWeight(other), withoutWeight(target)))) return
        report({
          path: ['ai_routes', route, 'targets', position],
          message: `${quote(id)} is a target of route ${quote(name)} already: when the first fails, so does the second`,
          help: 'keep one, with the sum of their weights',
        })
      })
    })
  },
}

function withoutWeight({ weight: _weight, ...rest }: ManifestTarget): Omit<ManifestTarget, 'weight'> {
  return rest
}
