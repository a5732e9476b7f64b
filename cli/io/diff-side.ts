/**
 * One side of a diff: standard input, a file, a file of another revision of Git, what an environment serves, or one of
 * its revisions. All but a file may need to be told from each other, so each is tried in one fixed order.
 */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { didYouMean, hasErrors } from '../../gateway/core/manifest/diagnostics.ts'
import type { Diagnostic } from '../../gateway/core/manifest/diagnostics.ts'
import type { RoutesManifest } from '../../schemas/index.ts'
import { CommandError, type Context } from '../context.ts'
import { type TargetEnvironment, configFile, defaultEnvironment, readConfig, resolveEnvironment } from './config.ts'
import { InvalidDocumentsError, manifestOfRelease } from './documents.ts'
import { readText, stdinName } from './files.ts'
import { readGitFile } from './git.ts'
import { openEnvironmentStore, readHeadRelease, withStore } from './stores.ts'

export type SideKind = 'file' | 'git' | 'environment'

/** What an argument of `aigw diff` means. */
export type SideReference =
  | { readonly kind: 'file'; readonly name: string; readonly file: string }
  | { readonly kind: 'git'; readonly name: string; readonly revision: string; readonly file: string }
  | {
      readonly kind: 'environment'
      readonly name: string
      readonly environment: TargetEnvironment
      /** null: what is served now. */
      readonly revision: number | null
    }

export interface DiffSide {
  readonly kind: SideKind
  /** As the user named it; of an environment with the revision. */
  readonly name: string
  /** null: nothing was published there yet. */
  readonly manifest: RoutesManifest | null
  /** What the two sides can be compared in spite of. */
  readonly notes: readonly string[]
}

/** Throws `CommandError` when it can mean nothing. */
export async function resolveSide(context: Context, argument: string): Promise<SideReference> {
  if (argument === '-') return { kind: 'file', name: stdinName, file: argument }
  const names = await environmentNames(context)
  const [, environment = '', revision] = /^([A-Za-z][A-Za-z0-9_-]*)(?:@([1-9]\d{0,14}))?$/.exec(argument) ?? []
  if (names.includes(environment)) {
    return {
      kind: 'environment',
      name: argument,
      environment: await resolveEnvironment(context, environment),
      revision: revision === undefined ? null : Number(revision),
    }
  }
  if (await isThere(resolve(context.cwd, argument))) return { kind: 'file', name: argument, file: argument }
  const colon = argument.indexOf(':')
  if (colon >= 0 && colon < argument.length - 1) {
    return { kind: 'git', name: argument, revision: argument.slice(0, colon), file: argument.slice(colon + 1) }
  }
  throw unknownSide(argument, environment, names)
}

function unknownSide(argument: string, environment: string, names: readonly string[]): CommandError {
  const hint = environment === '' ? undefined : didYouMean(environment, names)?.help
  return new CommandError(`there is no file and no environment "${argument}"`, {
    details: [
      ...(hint === undefined ? [] : [hint]),
      `A side is a file, - for standard input, REV:FILE of Git, ENV or ENV@REVISION; environments here: ${names.join(', ')}.`,
    ],
  })
}

async function environmentNames(context: Context): Promise<readonly string[]> {
  const reading = await readConfig(context)
  if (reading === null) return [defaultEnvironment]
  if (reading.config === null) {
    throw new InvalidDocumentsError(reading.diagnostics, new Map([[configFile, reading.text]]))
  }
  return Object.keys(reading.config.environments)
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}

/** Throws `CommandError`, and `InvalidDocumentsError` when what stands there has no grammar to compare. */
export async function readSide(
  context: Context,
  side: SideReference,
  variables: Readonly<Record<string, string>>,
): Promise<DiffSide> {
  if (side.kind === 'environment') return await readEnvironment(context, side)
  const text = side.kind === 'git' ? await readGitFile(context, side) : await readText(context, side.file)
  const { manifest, notes } = await readComparable(text, side.name, variables)
  return { kind: side.kind, name: side.name, manifest, notes }
}

async function readEnvironment(
  context: Context,
  { name, environment, revision }: Extract<SideReference, { kind: 'environment' }>,
): Promise<DiffSide> {
  const store = await openEnvironmentStore(context, environment)
  const release =
    revision === null ? await readHeadRelease(store) : await withStore(async () => await store.read(revision))
  if (release === null) return { kind: 'environment', name: `${name} (nothing published)`, manifest: null, notes: [] }
  const manifest = await manifestOfRelease(release.resolved, `revision ${release.revision} of ${environment.name}`)
  return { kind: 'environment', name: `${environment.name}@${release.revision}`, manifest, notes: [] }
}

/**
 * A manifest that is good enough to compare: its grammar is right. What a gateway would refuse for its meaning (an old
 * revision, before a check was there) and variables without a value are noted, and keep nobody from looking.
 */
async function readComparable(
  text: string,
  name: string,
  variables: Readonly<Record<string, string>>,
): Promise<{ readonly manifest: RoutesManifest; readonly notes: readonly string[] }> {
  const [{ readManifest }, { resolveVariables }, { validateRoutes }] = await Promise.all([
    import('../../gateway/core/manifest/read.ts'),
    import('../../gateway/core/manifest/resolve.ts'),
    import('../../schemas/validate-routes.ts'),
  ])
  const { source, manifest, diagnostics } = readManifest(text, { file: name, variables })
  if (manifest !== null) return { manifest, notes: [] }
  const result = source === undefined ? null : validateRoutes(resolveVariables(source, variables).value)
  if (result?.valid !== true || diagnostics.some(({ code }) => isGrave(code)))
    throw new InvalidDocumentsError(diagnostics, new Map([[name, text]]))
  return { manifest: result.value, notes: notesOf(diagnostics, name) }
}

/** Then the value is not what its writer sees, or must not be shown. */
function isGrave(code: string): boolean {
  return code.startsWith('yaml-') || code === 'duplicate-key' || code === 'literal-secret'
}

function notesOf(diagnostics: readonly Diagnostic[], name: string): string[] {
  const missing = diagnostics.filter(({ code }) => code === 'missing-variable')
  const others = diagnostics.filter(({ code }) => code !== 'missing-variable')
  return [
    ...(missing.length === 0 ? [] : [`${name}: variables without a value are compared as they are written`]),
    ...(hasErrors(others) ? [`${name}: no gateway would take it: ${others[0]?.message ?? ''}`] : []),
  ]
}
