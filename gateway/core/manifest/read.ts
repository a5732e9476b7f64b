/** routes.yaml, from text to a manifest that can be compiled. */
import type { RoutesManifest, ValidationProblem } from '../../../schemas/index.ts'
import { validateRoutes } from '../../../schemas/validate-routes.ts'
import { checkManifest } from './check.ts'
import { literalSecret } from './check/secrets.ts'
import type { Diagnostic, Locate, Problem } from './diagnostics.ts'
import { type ReadDocument, readDocument, readValue } from './document.ts'
import type { Variables } from './resolve.ts'

export interface ManifestPlace {
  /** Shown in diagnostics; null for text without a file. */
  readonly file: string | null
  /** What `${NAME}` stands for in this environment. */
  readonly variables: Variables
}

export interface ReadManifest {
  /** As written, `${…}` included; undefined when the text is no YAML. */
  readonly source: unknown
  /** With its variables filled in and no default added: what a release is made of. null when there is an error. */
  readonly manifest: RoutesManifest | null
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[]
  /** Finds any path of the manifest in the text, for whoever has more to say about it. */
  readonly locate: Locate
}

/** Reads and checks a manifest. Never throws, whatever the text. */
export function readManifest(text: string, { file, variables }: ManifestPlace): ReadManifest {
  return toManifest(readDocument(text, { file, variables, validate: validateRoutes, check: checkManifest, explain }))
}

/** The same for a manifest that is already a value with its variables filled in, such as a release's `resolved`. */
export function readManifestValue(value: unknown, file: string | null = null): ReadManifest {
  return toManifest(
    readValue(value, { file, variables: null, validate: validateRoutes, check: checkManifest, explain }),
  )
}

function toManifest({ source, value, diagnostics, locate }: ReadDocument<RoutesManifest>): ReadManifest {
  return { source, manifest: value, diagnostics, locate }
}

/** A key written out where a reference belongs is more than a wrong type. */
function explain({ segments, keyword, params }: ValidationProblem): Problem | null {
  const isSecret = segments.at(-1) === 'api_key' || segments.at(-2) === 'tls'
  const isText = keyword === 'type' && params['type'] === 'object'
  return isSecret && isText ? literalSecret(segments) : null
}
