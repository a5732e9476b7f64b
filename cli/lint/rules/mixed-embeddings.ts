import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import type { CompiledTarget } from '../../../gateway/core/routing/table.ts'
import { candidatesOf, modelPath } from '../rule.ts'
import type { ManifestRule } from '../rule.ts'

export const mixedEmbeddings: ManifestRule = {
  severity: 'warning',
  summary: 'a route whose candidates embed with different models',
  find({ manifest, table }, report) {
    for (const route of table.routes) {
      const embedders = candidatesOf(manifest, route).filter(({ target }) => isEmbedder(target))
      const [first] = embedders
      const other = embedders.find(({ target }) => first !== undefined && nameOf(target) !== nameOf(first.target))
      if (first === undefined || other === undefined) continue
      report({
        path: modelPath(other),
        message: `route ${quote(route.name)} embeds with ${quote(first.target.id)} and with ${quote(other.target.id)}: vectors of two models cannot be compared, and after a failover they come to lie in one index`,
        help: 'let all candidates be the same model, and give another model a route of its own',
      })
    }
  },
}

/** Known by its provider, which has nothing else, or by what the model calls itself. */
function isEmbedder({ dialect, model, embeddings }: CompiledTarget): boolean {
  return embeddings !== null && (dialect === null || /embed/i.test(model))
}

/** Without what hosts put around a name: an owner, a region, a tag, the end of a version. */
function nameOf({ model }: CompiledTarget): string {
  const bare = model.toLowerCase().split('/').at(-1) ?? model
  return bare
    .replace(/^(?:[a-z]+[.])+/, '')
    .replace(/:.*$/, '')
    .replace(/[.]0$/, '')
}
