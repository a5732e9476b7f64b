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
import { isAtLeast } from '../plan/gates.ts'
import { renderDiagnosticsGithub } from '../views/diagnostics-github.ts'
import { renderDiagnosticsJson } from '../views/diagnostics-json.ts'
import { type ValidatedFile, renderValidation } from '../views/validate.ts'

export interface ValidateOptions extends CommonOptions {
  readonly env: string | undefined
  readonly failSeverity: Severity
}

export async function validate(
  context: Context,
  files: readonly string[],
  options: ValidateOptions,
): Promise<ExitCode> {
  const talk = makeTalk(context, options.quiet)
  const results: ValidatedFile[] = []
  let exitCode: ExitCode = exitCodes.done
  for (const file of files.length > 0 ? files : await defaultFiles(context)) {
    try {
      results.push(await validateFile(context, file, options.env))
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      // The others are still worth a look.
      context.stderr.write(`aigw: ${error.message}\n`)
      for (const detail of error.details) talk(`  ${detail}`)
      exitCode = worstOf(exitCode, error.exitCode)
    }
  }
  const diagnostics = results.flatMap((result) => result.diagnostics)
  const isFound = diagnostics.some(({ severity }) => isAtLeast(severity, options.failSeverity))
  if (options.format === 'json') context.stdout.write(renderDiagnosticsJson(diagnostics))
  else if (options.format === 'github') context.stdout.write(renderDiagnosticsGithub(diagnostics))
  else context.stdout.write(renderValidation(results, context.stdout))
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
