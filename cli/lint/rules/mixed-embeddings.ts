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
      if (first === undefined) continue
      const other = embedders.find(({ target }) => nameOf(target) !== nameOf(first.target))
      const longer = embedders.find(({ target }) => dimensionsOf(target) !== dimensionsOf(first.target))
      if (other !== undefined) {
        report({
          path: modelPath(other),
          message: `route ${quote(route.name)} embeds with ${quote(first.target.id)} and with ${quote(other.target.id)}: vectors of two models cannot be compared, and after a failover they come to lie in one index`,
          help: 'let all candidates be the same model, and give another model a route of its own',
        })
      } else if (longer !== undefined) {
        report({
          path: modelPath(longer),
          message: `route ${quote(route.name)} asks ${quote(first.target.id)} for ${tellDimensions(first.target)} and ${quote(longer.target.id)} for ${tellDimensions(longer.target)}: vectors of two lengths cannot be compared, and after a failover they come to lie in one index`,
          help: 'set the same `dimensions` under `parameters` of all candidates',
        })
      }
    }
  },
}

/** Half of the open models do not say what they are for, but are known by the names of their families. */
const embedderNames = /embed|(?:^|[/.-])(?:bge|e5|gte|voyage)-|minilm/i

/** As the manifest sets it, for callers who do not; null: as the model has it. */
function dimensionsOf({ embeddings }: CompiledTarget): unknown {
  return embeddings?.parameters?.['dimensions'] ?? null
}

function tellDimensions(target: CompiledTarget): string {
  const dimensions = dimensionsOf(target)
  return typeof dimensions === 'number' ? `${dimensions} dimensions` : "the model's own dimensions"
}

/** Known by its provider, which has nothing else, or by what the model calls itself. */
function isEmbedder({ dialect, model, embeddings }: CompiledTarget): boolean {
  return embeddings !== null && (dialect === null || embedderNames.test(model))
}

/** Without what hosts put around a name: an owner, a region, a tag, the end of a version. */
function nameOf({ model }: CompiledTarget): string {
  const bare = model.toLowerCase().split('/').at(-1) ?? model
  return bare
    .replace(/^(?:[a-z]+[.])+/, '')
    .replace(/:.*$/, '')
    .replace(/[.]0$/, '')
}
