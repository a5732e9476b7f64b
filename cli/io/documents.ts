/** Reading the user's documents, with everything that is wrong with them. */
import type { Diagnostic } from '../../gateway/core/manifest/diagnostics.ts'
import type { RoutesManifest } from '../../schemas/index.ts'
import { CommandError, type Context } from '../context.ts'
import { readText, stdinName } from './files.ts'

/** A document has errors. Whoever runs the command line shows the diagnostics; the exit code is 3. */
export class InvalidDocumentsError extends Error {
  readonly diagnostics: readonly Diagnostic[]
  /** By the name the diagnostics carry. */
  readonly texts: ReadonlyMap<string, string>

  constructor(diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string>) {
    super('a document is not valid')
    this.name = 'InvalidDocumentsError'
    this.diagnostics = diagnostics
    this.texts = texts
  }
}

export interface ManifestReading {
  readonly file: string
  readonly text: string
  /** As written; undefined when the text is no YAML. */
  readonly source: unknown
  /** null when it has errors. */
  readonly manifest: RoutesManifest | null
  /** Errors and warnings, with what this version cannot serve among the warnings. */
  readonly diagnostics: readonly Diagnostic[]
}

export interface ValidManifest extends ManifestReading {
  readonly source: Readonly<Record<string, unknown>>
  readonly manifest: RoutesManifest
}

type Variables = Readonly<Record<string, string>>

/** Throws `CommandError` only when the file cannot be read. */
export async function readManifestFile(context: Context, file: string, variables: Variables): Promise<ManifestReading> {
  const text = await readText(context, file)
  const name = file === '-' ? stdinName : file
  const [{ readManifest }, { unavailableProblems }] = await Promise.all([
    import('../../gateway/core/manifest/read.ts'),
    import('../../gateway/core/manifest/unavailable.ts'),
  ])
  const { source, manifest, diagnostics } = readManifest(text, { file: name, variables, also: unavailableProblems })
  return { file: name, text, source, manifest, diagnostics }
}

/** Throws `InvalidDocumentsError` when the manifest has errors. */
export async function requireManifest(context: Context, file: string, variables: Variables): Promise<ValidManifest> {
  const reading = await readManifestFile(context, file, variables)
  const { manifest, source } = reading
  if (manifest === null || !isRecord(source)) {
    throw new InvalidDocumentsError(reading.diagnostics, new Map([[reading.file, reading.text]]))
  }
  return { ...reading, manifest, source }
}

/** The manifest inside a release, for comparing with it. `what` names the release in the message. */
export async function manifestOfRelease(resolved: unknown, what: string): Promise<RoutesManifest> {
  const { validateRoutes } = await import('../../schemas/validate-routes.ts')
  const result = validateRoutes(resolved)
  if (result.valid) return result.value
  const { path, message } = result.problems[0]
  throw new CommandError(`${what} holds a manifest that this version cannot read: ${path}: ${message}`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
