/** How a model's name gets into a path: as its provider knows it, and so that no name can become another path. */
import type { Connection } from '../routing/table.ts'

/** The model as its provider knows it: by the operator's name for a deployment of it, where there is one. */
export function nameThere({ deploymentNames }: Connection, model: string): string {
  return (Object.hasOwn(deploymentNames, model) ? deploymentNames[model] : undefined) ?? model
}

/** A path of the provider's with what stands in braces filled in. */
export function pathOf(template: string, connection: Connection, model: string): string {
  return template
    .replaceAll('{model}', () => encodeSegment(model))
    .replaceAll('{deployment}', () => encodeSegment(nameThere(connection, model)))
    .replaceAll('{api_version}', () => encodeURIComponent(connection.apiVersion ?? ''))
}

/** An `@` may stand in a path as it is; the versions of Claude on Vertex have one, and their own client leaves it. */
function encodeSegment(name: string): string {
  return encodeURIComponent(name).replaceAll('%40', '@')
}
