/** `aigw validate`: is this a manifest that can be served? Reads files and nothing else: no store, no network. */
import { basename } from 'node:path'
import type { Severity } from '../../gateway/core/manifest/diagnostics.ts'
import type { RoutesManifest } from '../../schemas/index.ts'
import type { Context } from '../context.ts'
import { CommandError, makeTalk } from '../context.ts'
import type { CommonOptions } from '../definitions/common.ts'
import { type ExitCode, exitCodes, worstOf } from '../exit-codes.ts'
import { configFile, parseConfig, readConfig, resolveEnvironment, variablesOfLocal } from '../io/config.ts'
import { readManifestFile } from '../io/documents.ts'
import { defaultManifest, readText } from '../io/files.ts'
import { findDocuments } from '../io/manifest-files.ts'
import { readPackage } from '../io/package.ts'
import { isAtLeast } from '../plan/gates.ts'
import { renderReport } from '../views/diagnostics-report.ts'
import { type ValidatedFile, renderValidation } from '../views/validate.ts'

export interface ValidateOptions extends CommonOptions {
  readonly env: string | undefined
  readonly failSeverity: Severity
  /** True: without a code. */
  readonly explain: string | true | undefined
}

export async function validate(
  context: Context,
  files: readonly string[],
  options: ValidateOptions,
): Promise<ExitCode> {
  if (options.explain !== undefined) {
    const { explainCode } = await import('./explain-code.ts')
    return await explainCode(context, options.explain)
  }
  const talk = makeTalk(context, options.quiet)
  const results: ValidatedFile[] = []
  const unread: { readonly file: string; readonly message: string }[] = []
  let exitCode: ExitCode = exitCodes.done
  const found = await findDocuments(context, files.length > 0 ? files : await defaultFiles(context))
  for (const { file, message } of found.missing) {
    context.stderr.write(`aigw: ${message}\n`)
    unread.push({ file, message })
    exitCode = exitCodes.failed
  }
  for (const file of found.files) {
    try {
      results.push(await validateFile(context, file, options.env))
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      // The others are still worth a look.
      context.stderr.write(`aigw: ${error.message}\n`)
      for (const detail of error.details) talk(`  ${detail}`)
      unread.push({ file, message: error.message })
      exitCode = worstOf(exitCode, error.exitCode)
    }
  }
  const diagnostics = results.flatMap((result) => result.diagnostics)
  const { failSeverity, format } = options
  const isFound = diagnostics.some(({ severity }) => isAtLeast(severity, failSeverity))
  const report = { command: 'validate', version: readPackage().version, files: results, unread, failSeverity }
  context.stdout.write((await renderReport(report, format)) ?? renderValidation(results, failSeverity, context.stdout))
  return worstOf(exitCode, isFound ? exitCodes.findings : exitCodes.done)
}

/** The manifest, and `aigw.yaml` where there is one. */
async function defaultFiles(context: Context): Promise<readonly string[]> {
  return (await readConfig(context)) === null ? [defaultManifest] : [defaultManifest, configFile]
}

async function validateFile(context: Context, file: string, environment: string | undefined): Promise<ValidatedFile> {
  if (basename(file) === configFile) {
    const text = await readText(context, file)
    const { diagnostics, config } = await parseConfig(text, file)
    const summary = config === null ? [] : [[Object.keys(config.environments).length, 'environment'] as const]
    return { file, text, diagnostics, summary }
  }
  const variables =
    environment === undefined
      ? await variablesOfLocal(context)
      : (await resolveEnvironment(context, environment)).variables
  const reading = await readManifestFile(context, file, variables)
  return {
    file: reading.file,
    text: reading.text,
    diagnostics: reading.diagnostics,
    summary: summarise(reading.manifest),
  }
}

function summarise(manifest: RoutesManifest | null): ValidatedFile['summary'] {
  if (manifest === null) return []
  const { ai_routes: routes, credentials = [], providers = {} } = manifest
  const fallbacks = routes.reduce(
    (sum, { fallback }) => sum + (fallback === undefined ? 0 : [fallback].flat().length),
    0,
  )
  return [
    [routes.length, 'route'],
    [routes.reduce((sum, { targets }) => sum + targets.length, 0), 'target'],
    [fallbacks, 'fallback'],
    [Object.keys(providers).length, 'connection'],
    [credentials.length, 'credential'],
  ]
}
