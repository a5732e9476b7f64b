/** How a target is asked for embeddings, with everything filled in. */
import type { ManifestRoute, ManifestTarget } from '../../../schemas/index.ts'
import { isEmbeddingsParameter } from '../embeddings/fields.ts'
import { embeddingsLossTableOf } from '../embeddings/index.ts'
import type { EmbeddingsTarget } from '../embeddings/language.ts'
import { embeddingsWireOf } from '../embeddings/wire.ts'
import type { Operation } from '../routing/operation.ts'
import type { Connection } from '../routing/table.ts'
import { nameThere, pathOf } from './model-path.ts'

/** null: the model cannot be asked for any. */
export function compileEmbeddings(
  target: ManifestTarget,
  connection: Connection,
  route: ManifestRoute,
): EmbeddingsTarget | null {
  const { model } = target
  const wire = embeddingsWireOf(connection.provider, model)
  if (wire === null) return null
  return {
    model: nameThere(connection, model),
    language: wire.language,
    path: pathOf(wire.path, connection, model),
    quirks: wire.quirks,
    maxInputs: wire.maxInputs ?? null,
    parameters: parametersOf(target, 'embeddings'),
    losses: embeddingsLossTableOf(wire),
    ...(route.on_loss === 'refuse' && { refusesLoss: true as const }),
  }
}

/** Those parameters that belong to the operation; null: none do. */
export function parametersOf(
  { parameters = {} }: ManifestTarget,
  operation: Operation,
): Readonly<Record<string, unknown>> | null {
  const own = Object.entries(parameters).filter(
    ([name]) => isEmbeddingsParameter(name) === (operation === 'embeddings'),
  )
  return own.length === 0 ? null : Object.fromEntries(own)
}
