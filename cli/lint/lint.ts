/**
 * Runs the rules over a manifest: reads it, asks every rule that is on, leaves out what a comment with a reason excuses,
 * and judges those comments. A manifest with errors is no subject for rules; then its errors are all there is to say.
 */
import type { RoutesManifest } from '../../schemas/index.ts'
import { compileManifest } from '../../gateway/core/manifest/compile.ts'
import type { Diagnostic, Locate } from '../../gateway/core/manifest/diagnostics.ts'
import { sortDiagnostics, toDiagnostic } from '../../gateway/core/manifest/diagnostics.ts'
import { readManifest } from '../../gateway/core/manifest/read.ts'
import type { RoutingTable } from '../../gateway/core/routing/table.ts'
import type { CaptureSummary } from './capture.ts'
import type { Edit } from './edit.ts'
import { applyEdits } from './fix.ts'
import { rules } from './registry.ts'
import type { RuleId } from './rule-ids.ts'
import { ruleIds } from './rule-ids.ts'
import { type Finding, type Rule, type Subject, type SuppressionContext, makeSubject } from './rule.ts'
import { type Suppression, readSuppressions } from './suppressions.ts'

export type RuleSeverity = Diagnostic['severity'] | 'off'

export interface LintOptions {
  /** Shown in diagnostics. */
  readonly file: string
  /** What `${NAME}` stands for. */
  readonly variables: Readonly<Record<string, string>>
  /** Where they differ from the rules' own. */
  readonly severities: Readonly<Partial<Record<RuleId, RuleSeverity>>>
  /** Unix milliseconds. */
  readonly nowMs: number
  /** Counts recorded traffic for a table; null where there is none. */
  readonly capture: ((table: RoutingTable) => Promise<CaptureSummary>) | null
}

export interface LintedText {
  readonly text: string
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[]
  /** Safe changes, each of which removes one of the diagnostics. */
  readonly edits: readonly Edit[]
  /** Findings that a comment excuses. */
  readonly suppressed: number
  /** False: the diagnostics are errors, and no rule ran. */
  readonly isValid: boolean
  readonly routes: number
}

export async function lintText(text: string, options: LintOptions): Promise<LintedText> {
  const { file, variables, nowMs } = options
  const { manifest, diagnostics, locate } = readManifest(text, { file, variables })
  if (manifest === null) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    return { text, diagnostics: errors, edits: errors.flatMap(editForError), suppressed: 0, isValid: false, routes: 0 }
  }
  const table = compileManifest(manifest)
  const capture = options.capture === null ? null : await options.capture(table)
  const subject = makeSubject({ manifest, table, nowMs, capture })
  return { text, ...runRules(subject, { text, locate, options }), isValid: true, routes: table.routes.length }
}

/** Lints, makes the safe changes, and looks again, until there is none left to make. */
export async function fixText(text: string, options: LintOptions): Promise<LintedText & { readonly fixed: number }> {
  let fixed = 0
  let result = await lintText(text, options)
  for (let pass = 0; pass < mostPasses && result.edits.length > 0; pass += 1) {
    const next = applyEdits(result.text, result.edits)
    if (next.made === 0) break
    fixed += next.made
    result = await lintText(next.text, options)
  }
  return { ...result, fixed }
}

/** A pass makes at most one change a list; this many entries of one list have never been wrong. */
const mostPasses = 50

/** What `check` refuses and lint can repair: a fallback that would never be reached. */
function editForError({ code, path }: Diagnostic): Edit[] {
  const match = code === 'repeated-fallback' ? /^ai_routes\[(\d+)\]\.fallback(?:\[(\d+)\])?$/.exec(path) : null
  if (match === null) return []
  const [, route, position] = match
  const own = ['ai_routes', Number(route), 'fallback']
  return [{ kind: 'remove-entry', path: position === undefined ? own : [...own, Number(position)] }]
}

// ---- rules ----

interface Placed {
  readonly diagnostic: Diagnostic
  readonly edit: Edit | null
}

interface Run {
  readonly text: string
  readonly locate: Locate
  readonly options: LintOptions
}

function runRules(subject: Subject, run: Run): Pick<LintedText, 'diagnostics' | 'edits' | 'suppressed'> {
  const suppressions = readSuppressions(run.text)
  const excuses = new Excuses(suppressions, subject.manifest, run.locate)
  const kept: Placed[] = []
  let suppressed = 0
  for (const id of ruleIds) {
    const rule = rules[id]
    const severity = run.options.severities[id] ?? rule.severity
    if (severity === 'off' || !('find' in rule) || !canRun(rule, subject)) continue
    rule.find(subject, (finding) => {
      const diagnostic = toDiagnostic(
        { code: id, severity, ...finding },
        { file: run.options.file, locate: run.locate },
      )
      if (excuses.hold(id, finding, diagnostic)) suppressed += 1
      else kept.push({ diagnostic, edit: finding.edit ?? null })
    })
  }
  const judged = new Set<string>(ruleIds.filter((id) => 'find' in rules[id] && canRun(rules[id], subject)))
  kept.push(...judgeSuppressions({ suppressions, judged }, run))
  const edits = new Map(kept.map(({ diagnostic, edit }) => [diagnostic, edit]))
  const diagnostics = sortDiagnostics(kept.map(({ diagnostic }) => diagnostic))
  return { diagnostics, edits: diagnostics.flatMap((diagnostic) => edits.get(diagnostic) ?? []), suppressed }
}

function canRun(rule: Rule, { capture }: Subject): boolean {
  return rule.needsCapture !== true || capture !== null
}

function judgeSuppressions(context: SuppressionContext, { options }: Run): Placed[] {
  const placed: Placed[] = []
  for (const id of ruleIds) {
    const rule = rules[id]
    const severity = options.severities[id] ?? rule.severity
    if (severity === 'off' || !('judge' in rule)) continue
    rule.judge(context, ({ span, message, help, edit }) => {
      const diagnostic: Diagnostic = { code: id, severity, message, path: '', file: options.file, ...span, help }
      placed.push({ diagnostic, edit: edit ?? null })
    })
  }
  return placed
}

/** Findings that a comment speaks for. One without a reason speaks for nothing. */
class Excuses {
  private readonly byLine = new Map<number, Suppression[]>()
  private readonly byRoute = new Map<number, Suppression[]>()
  private readonly wholeFile: Suppression[] = []

  constructor(suppressions: readonly Suppression[], manifest: RoutesManifest, locate: Locate) {
    const routeAt = suppressions.some(({ scope }) => scope === 'route') ? findRoutes(manifest, locate) : () => null
    for (const suppression of suppressions) {
      const { scope, reason, line } = suppression
      if (scope === null || reason === '') continue
      if (scope === 'file') this.wholeFile.push(suppression)
      else if (scope === 'next-line') add(this.byLine, line, suppression)
      else add(this.byRoute, line === null ? null : routeAt(line), suppression)
    }
  }

  hold(id: RuleId, { path }: Finding, { line }: Diagnostic): boolean {
    const [section, route] = path
    const inRoute = section === 'ai_routes' && typeof route === 'number' ? this.byRoute.get(route) : undefined
    const near = [...(this.byLine.get(line) ?? []), ...(inRoute ?? []), ...this.wholeFile]
    const speaking = near.filter(({ rules: named }) => named.includes(id))
    for (const { used } of speaking) used.add(id)
    return speaking.length > 0
  }
}

function add(map: Map<number, Suppression[]>, key: number | null, suppression: Suppression): void {
  if (key !== null) map.set(key, [...(map.get(key) ?? []), suppression])
}

/** Which route a line belongs to; null for lines that are in none. */
function findRoutes(manifest: RoutesManifest, locate: Locate): (line: number) => number | null {
  const starts = manifest.ai_routes.map((_, index) => locate(['ai_routes', index]).line)
  const sections = Object.keys(manifest).map((key) => locate([key], { part: 'key' }).line)
  const own = locate(['ai_routes'], { part: 'key' }).line
  const end = Math.min(...sections.filter((line) => line > own))
  return (line) => {
    const index = starts.findLastIndex((start) => start <= line)
    return index < 0 || line >= end ? null : index
  }
}
