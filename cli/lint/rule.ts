/**
 * What a rule of lint is: a function from a manifest to what is unwise about it. A rule reads no file and prints nothing.
 * Its id is the name of its file, and its page lies beside it.
 */
import type { ManifestRoute, RoutesManifest } from '../../schemas/index.ts'
import type { DocumentPath, Severity, Span, Spot } from '../../gateway/core/manifest/diagnostics.ts'
import type { CompiledRoute, CompiledTarget, RoutingTable } from '../../gateway/core/routing/table.ts'
import type { CaptureSummary } from './capture.ts'
import type { Edit } from './edit.ts'
import { type RouteShadows, findShadows } from './shadowing.ts'
import type { Suppression } from './suppressions.ts'

/** What rules look at. */
export interface Subject {
  /** Without errors, its variables filled in. */
  readonly manifest: RoutesManifest
  readonly table: RoutingTable
  /** Unix milliseconds: for what expires. */
  readonly nowMs: number
  /** What recorded traffic says; null where none was given. */
  readonly capture: CaptureSummary | null
  /** Asked for by several rules, worked out once. */
  readonly shadows: readonly RouteShadows[]
}

export function makeSubject(subject: Omit<Subject, 'shadows'>): Subject {
  let shadows: readonly RouteShadows[] | null = null
  return {
    ...subject,
    get shadows() {
      return (shadows ??= findShadows(subject.manifest, subject.table))
    },
  }
}

/** Message and help together are enough to repair it. */
export interface Finding {
  readonly path: DocumentPath
  /** What is unwise, with the names it is about. */
  readonly message: string
  /** What to write instead. */
  readonly help: string
  /** Default: the value. */
  readonly spot?: Spot
  /** A change that is safe to make without asking: it changes nothing that the gateway does. */
  readonly edit?: Edit
}

/** About a comment, which has a place in the text and no path. */
export interface CommentFinding {
  readonly span: Span
  readonly message: string
  readonly help: string
  readonly edit?: Edit
}

interface RuleFacts {
  /** Unless aigw.yaml says otherwise. */
  readonly severity: Severity
  /** What it finds, in half a sentence, for lists. */
  readonly summary: string
  /** `--fix` can repair it. */
  readonly fixes?: true
  /** Without recorded traffic it finds nothing. */
  readonly needsCapture?: true
}

export interface ManifestRule extends RuleFacts {
  readonly find: (subject: Subject, report: (finding: Finding) => void) => void
}

/** What is known of the comments once all other rules ran. */
export interface SuppressionContext {
  readonly suppressions: readonly Suppression[]
  /** Rules that had a chance to find something in this run; those that are switched off had none to find, and count. */
  readonly judged: ReadonlySet<string>
}

/** Judges what the comments in the text say to lint. */
export interface SuppressionRule extends RuleFacts {
  readonly judge: (context: SuppressionContext, report: (finding: CommentFinding) => void) => void
}

export type Rule = ManifestRule | SuppressionRule

/** A place a request of the route can go, with where it stands in the text. */
export interface Candidate {
  readonly target: CompiledTarget
  /** Of the target's entry, or of the fallback's text. */
  readonly path: DocumentPath
}

/** Targets and fallbacks, in manifest order. */
export function candidatesOf(manifest: RoutesManifest, route: CompiledRoute): Candidate[] {
  const written = manifest.ai_routes[route.index]
  return route.candidates.map((target) => ({ target, path: candidatePath(route, target, written) }))
}

function candidatePath(route: CompiledRoute, target: CompiledTarget, written: ManifestRoute | undefined): DocumentPath {
  const path = ['ai_routes', route.index]
  if (!target.isFallback) return [...path, 'targets', target.index]
  const own = [...path, 'fallback']
  return typeof written?.fallback === 'string' ? own : [...own, target.index - route.targetCount]
}

/** Where the model of a candidate is written. */
export function modelPath({ target, path }: Candidate): DocumentPath {
  return target.isFallback ? path : [...path, 'model']
}
