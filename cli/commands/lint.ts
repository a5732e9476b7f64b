/** `aigw lint`: what works but is unwise. Reads files and nothing else: no store, no network. */
import { readFile } from 'node:fs/promises'
import { basename, join, resolve, sep } from 'node:path'
import { didYouMean } from '../../gateway/core/manifest/diagnostics.ts'
import type { Severity } from '../../gateway/core/manifest/diagnostics.ts'
import type { RoutingTable } from '../../gateway/core/routing/table.ts'
import { CommandError, type Context, makeTalk } from '../context.ts'
import type { CommonOptions } from '../definitions/common.ts'
import { type ExitCode, exitCodes, worstOf } from '../exit-codes.ts'
import { configFile, readConfig, resolveEnvironment, variablesOfLocal } from '../io/config.ts'
import { InvalidDocumentsError } from '../io/documents.ts'
import { defaultManifest, readText, stdinName, tellFileError } from '../io/files.ts'
import { findDocuments } from '../io/manifest-files.ts'
import { readPackage } from '../io/package.ts'
import { replaceText } from '../io/replace-text.ts'
import { type CaptureSummary, summariseCapture } from '../lint/capture.ts'
import { unifiedDiff } from '../lint/line-diff.ts'
import { type LintOptions as TextOptions, type LintedText, fixText, lintText } from '../lint/lint.ts'
import { rules } from '../lint/registry.ts'
import { isRuleId, ruleIds } from '../lint/rule-ids.ts'
import { isAtLeast } from '../plan/gates.ts'
import { readRequests } from '../replay/input.ts'
import { CaptureError } from '../replay/lines.ts'
import { renderReport } from '../views/diagnostics-report.ts'
import { type LintedFile, type ListedRule, renderLint, renderPage, renderRules } from '../views/lint.ts'
import { count } from '../wording.ts'

export interface LintOptions extends CommonOptions {
  readonly env: string | undefined
  readonly failSeverity: Severity
  readonly fix: boolean
  readonly dryRun: boolean
  readonly capture: string | undefined
  /** True: without the name of a rule. */
  readonly explain: string | true | undefined
}

export async function lint(context: Context, files: readonly string[], options: LintOptions): Promise<ExitCode> {
  if (options.explain !== undefined) return await explain(context, options.explain, options)
  refuseContradictions(files, options)
  const severities = await readSeverities(context)
  const variables =
    options.env === undefined
      ? await variablesOfLocal(context)
      : (await resolveEnvironment(context, options.env)).variables
  const results: LintedFile[] = []
  const unread: { readonly file: string; readonly message: string }[] = []
  const diffs: string[] = []
  let exitCode: ExitCode = exitCodes.done
  const found = await findManifests(context, files)
  for (const { file, message } of found.missing) {
    context.stderr.write(`aigw: ${message}\n`)
    unread.push({ file, message })
    exitCode = exitCodes.failed
  }
  for (const file of found.files) {
    try {
      const text = await readText(context, file)
      const name = file === '-' ? stdinName : file
      const capture = options.capture === undefined ? null : makeSummarise(context, options.capture)
      const settings = { file: name, variables, severities, nowMs: context.now(), capture }
      const { linted, diff } = await lintFile(context, { file, text, settings, options })
      results.push(linted)
      diffs.push(diff)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      // The others are still worth a look.
      context.stderr.write([`aigw: ${error.message}`, ...error.details.map((line) => `  ${line}`), ''].join('\n'))
      unread.push({ file, message: error.message })
      exitCode = worstOf(exitCode, error.exitCode)
    }
  }
  const { failSeverity, format } = options
  const report = { command: 'lint', version: readPackage().version, files: results, unread, failSeverity }
  const text = (await renderReport(report, format)) ?? renderLint(results, failSeverity, context.stdout)
  context.stdout.write(diffs.join('') + text)
  const diagnostics = results.flatMap((result) => result.diagnostics)
  const hasFindings = diagnostics.some(({ severity }) => isAtLeast(severity, failSeverity))
  return worstOf(exitCode, hasFindings ? exitCodes.findings : exitCodes.done)
}

/** Without aigw.yaml, which a folder may hold beside its manifests: it has no routes. */
async function findManifests(context: Context, given: readonly string[]): ReturnType<typeof findDocuments> {
  const { files, missing } = await findDocuments(context, given.length > 0 ? given : [defaultManifest])
  const manifests = files.filter((file) => given.includes(file) || basename(file) !== configFile)
  if (manifests.length === 0 && missing.length === 0) {
    throw new CommandError(`there is no manifest in ${given.join(' ')}: nothing but ${configFile}, which has no routes`)
  }
  return { files: manifests, missing }
}

function refuseContradictions(files: readonly string[], { fix, dryRun, format }: LintOptions): void {
  if (dryRun && !fix) throw new CommandError('--dry-run shows what --fix would change: it needs --fix')
  if (dryRun && format !== 'human') {
    throw new CommandError(`--dry-run writes a diff, which has no form "${format}": leave --format out`)
  }
  if (fix && files.includes('-')) throw new CommandError('--fix cannot change standard input: name the file')
}

async function readSeverities(context: Context): Promise<TextOptions['severities']> {
  const reading = await readConfig(context)
  if (reading === null) return {}
  if (reading.config === null) {
    throw new InvalidDocumentsError(reading.diagnostics, new Map([[configFile, reading.text]]))
  }
  return reading.config.lint?.rules ?? {}
}

interface OneFile {
  /** As the user named it. */
  readonly file: string
  readonly text: string
  readonly settings: TextOptions
  readonly options: LintOptions
}

async function lintFile(
  context: Context,
  { file, text, settings, options }: OneFile,
): Promise<{ readonly linted: LintedFile; readonly diff: string }> {
  const talk = makeTalk(context, options.quiet)
  if (!options.fix) return { linted: toLinted(settings.file, await lintText(text, settings)), diff: '' }
  const { fixed, ...result } = await fixText(text, settings)
  const linted = toLinted(settings.file, result)
  if (fixed === 0) return { linted, diff: '' }
  if (options.dryRun) {
    talk(`${file}: ${count(fixed, 'repair')} to make`)
    return { linted, diff: unifiedDiff(text, result.text, file) }
  }
  await replaceText(context, file, { before: text, after: result.text })
  talk(`${file}: ${count(fixed, 'repair')} made`)
  return { linted, diff: '' }
}

function toLinted(file: string, result: LintedText): LintedFile {
  const { text, diagnostics, edits, suppressed, isValid, routes } = result
  return { file, text, diagnostics, fixable: edits.length, suppressed, isValid, routes }
}

/** Reads the capture once for every manifest: where requests come to is another question for each. */
function makeSummarise(context: Context, capture: string): (table: RoutingTable) => Promise<CaptureSummary> {
  return async (table) => {
    const input = {
      path: resolve(context.cwd, capture),
      model: null,
      seed: 1,
      stream: false,
      // Not silenced by --quiet: what is left out of a count is no progress report.
      tellCutOff: (where: string) =>
        context.stderr.write(`${shorten(context, where)}: the last line is cut off, and left out\n`),
      tellGap: (sentence: string) => context.stderr.write(`${shorten(context, sentence)}\n`),
    }
    try {
      return await summariseCapture(table, readRequests(input))
    } catch (error) {
      if (error instanceof CaptureError) throw new CommandError(tellCapture(context, error), { cause: error })
      if (error instanceof Error && 'code' in error && 'path' in error) {
        throw new CommandError(`cannot read ${capture}: ${tellFileError(error)}`, { cause: error })
      }
      throw error
    }
  }
}

/** Traces of arrivals and lengths are input for replay, and say nothing that a rule could use. */
function tellCapture(context: Context, { message }: CaptureError): string {
  return message.startsWith('a trace names no model')
    ? '--capture needs a spool or a capture: a trace of lengths does not say what callers ask for'
    : shorten(context, message)
}

function shorten({ cwd }: Context, text: string): string {
  return text.replaceAll(`${cwd}${sep}`, '')
}

// ---- the rules themselves ----

async function explain(context: Context, rule: string | true, { format }: LintOptions): Promise<ExitCode> {
  if (format !== 'human' && format !== 'json') {
    throw new CommandError(`--explain prints a page, which has no form "${format}": use human or json`)
  }
  if (rule === true) {
    const all = ruleIds.map(listRule)
    context.stdout.write(format === 'json' ? toJson(all) : renderRules(all, context.stdout))
    return exitCodes.done
  }
  if (!isRuleId(rule)) {
    const hint = didYouMean(rule, ruleIds)?.help
    throw new CommandError(`there is no lint rule "${rule}"`, {
      details: [...(hint === undefined ? [] : [hint]), '`aigw lint --explain` lists the rules.'],
    })
  }
  // The pages lie beside the rules, in a checkout and in the package.
  const page = await readFile(join(import.meta.dirname, '..', 'lint', 'rules', `${rule}.md`), 'utf8')
  context.stdout.write(format === 'json' ? toJson({ ...listRule(rule), page }) : renderPage(page, context.stdout))
  return exitCodes.done
}

function listRule(id: (typeof ruleIds)[number]): ListedRule {
  const { severity, summary, fixes = false, needsCapture = false } = rules[id]
  return { id, severity, summary, fixes, needs_capture: needsCapture }
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
